package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalChunk;
import dev.handover.wire.Encoded;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Changes of one key in every order that crashes, loads and rejections bring about; see {@link Notes} for the marks.
 */
class InterleavingsTest {
    private static final Encoded GARBAGE = new Encoded(
            Notes.TOPICS.source(Notes.SOURCE), 0, Optional.empty(), "not a record".getBytes(StandardCharsets.UTF_8));

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            load then stream                  | u0=new/N1 u5=open/N2                | new/N1 open/N2           | open/N2
            load after stream                 | u5=open/N2 u0=new/N1                | open/N2 new/N1           | open/N2
            table loaded twice                | u0=new/N1 u0=newer/N2 u5=open/N2    | new/N1 newer/N2 open/N2  | open/N2
            duplicate                         | u3=a/N1 u3=a/N1                     | a/N1 a/N1                | a/N1
            transaction sent twice            | u3=a/N1 u4=b/N2 u3=a/N1 u4=b/N2     | a/N1 b/N2 a/N1 b/N2      | b/N2
            delete                            | u3=a/N1 d4                          | a/N1 gone                | -
            delete twice                      | u3=a/N1 d4 d4                       | a/N1 gone gone           | -
            delete of a key never seen        | d4                                  | gone                     | -
            delete then late upsert           | u3=a/N1 d5 u4=b/N2                  | a/N1 gone b/N2           | -
            delete then late load             | d5 u0=a/N1                          | gone a/N1                | -
            late delete                       | u3=a/N1 u5=b/N2 d4                  | a/N1 b/N2 gone           | b/N2
            key inserted again                | u3=a/N1 d4 u5=b/N2                  | a/N1 gone b/N2           | b/N2
            partial row completed             | u3=a/N1 u4=b/~                      | a/N1 b/N1                | b/N1
            partial rows completed in a chain | u3=a/N1 u4=b/~ u5=c/~ u6=d/~        | a/N1 b/N1 c/N1 d/N1      | d/N1
            partial row sent twice            | u3=a/N1 u4=b/~ u4=b/~               | a/N1 b/N1 b/N1           | b/N1
            partial row after load            | u0=a/N1 u4=b/~                      | a/N1 b/N1                | b/N1
            partial row after a new value     | u3=a/N1 u4=b/N2 u5=c/~              | a/N1 b/N2 c/N2           | c/N2
            partial row without a base        | u4=b/~                              | dead:unchanged-value-unknown | -
            unknown stays unknown             | u4=b/~ u5=c/~                       | dead:unchanged-value-unknown dead:unchanged-value-unknown | -
            full image ends not knowing       | u4=b/~ u5=c/N3 u6=d/~               | dead:unchanged-value-unknown c/N3 d/N3 | d/N3
            partial row over a delete         | u3=a/N1 d4 u5=b/~                   | a/N1 gone dead:unchanged-value-unknown | -
            partial row over null             | u3=a/- u4=b/~                       | a/- dead:unchanged-value-unknown | a/-
            value that is never out of line   | u3=a/s u4=b/~                       | a/s dead:unchanged-value-unknown | a/s
            stale partial row                 | u3=a/N1 u4=b/~ u5=c/N2 u4=b/~       | a/N1 b/N1 c/N2 nothing   | c/N2
            stale partial row over a delete   | u3=a/N1 u4=b/~ d5 u4=b/~            | a/N1 b/N1 gone nothing   | -
            rejected first                    | u3=a/N1!                            | dead:unparsable          | -
            rejected then good                | u3=a/N1! u4=b/N2                    | dead:unparsable b/N2     | b/N2
            good then rejected                | u3=a/N1 u4=b/N2!                    | a/N1 dead:unparsable     | a/N1
            good, rejected, good              | u3=a/N1 u4=b/N2! u5=c/N3            | a/N1 dead:unparsable c/N3 | c/N3
            delete of a rejected row          | u3=a/N1! d4                         | dead:unparsable gone     | -
            partial row over a rejected value | u3=a/N1 u4=b/N2! u5=c/~             | a/N1 dead:unparsable c/N2 | c/N2
            partial row over a rejected first | u3=a/N1! u4=b/~                     | dead:unparsable b/N1     | b/N1
            partial row rejected, then good   | u3=a/N1 u4=b/~! u5=c/~              | a/N1 dead:unparsable c/N1 | c/N1
            rejections sent twice             | u3=a/N1 u4=b/N2! u5=c/~! u4=b/N2! u5=c/~! u6=d/~ | a/N1 dead:unparsable dead:unparsable dead:unparsable dead:unparsable d/N2 | d/N2
            older value after rejection       | u3=a/N1 u5=b/N2! u4=c/N3 u6=d/~     | a/N1 dead:unparsable c/N3 d/N2 | d/N2
            late partial row after rejection  | u3=a/N1 u5=b/N2! u4=c/~             | a/N1 dead:unparsable dead:unchanged-value-unknown | a/N1
            partial row over garbage          | u3=a/N1 ?? u4=b/~                   | a/N1 dead:undecodable dead:unchanged-value-unknown | a/N1
            sent twice does not undo garbage  | u3=a/N1 ?? u3=a/N1 u4=b/~           | a/N1 dead:undecodable a/N1 dead:unchanged-value-unknown | a/N1
            partial row sent again, garbage between | u3=a/N1 u4=b/~ ?? u4=b/~      | a/N1 b/N1 dead:undecodable b/N1 | b/N1
            full image ends garbage           | u3=a/N1 ?? u4=b/N2 u5=c/~           | a/N1 dead:undecodable b/N2 c/N2 | c/N2
            chunk then stream                 | c0=new/N1 u5=open/N2 u6=shut/N3     | chunk open/N2 shut/N3    | shut/N3
            chunk sent twice                  | c0=new/N1 c0=new/N1 u5=open/N2 c0=new/N1 | chunk known open/N2 known | open/N2
            row of a chunk loaded by itself   | c0=new/N1 u0=newer/N2 u5=open/N3    | chunk newer/N2 open/N3   | open/N3
            change from before the chunk      | c3=a/N1 u2=b/N2                     | chunk b/N2               | a/N1
            delete of a row of a chunk        | c0=a/N1 d4 d4 u5=b/N2               | chunk gone gone b/N2     | b/N2
            late load of a chunk's lost row   | c0=a/N1 d4 u0=a/N1                  | chunk gone a/N1          | -
            partial row over a chunk          | c0=a/N1 u4=b/~ u5=c/~               | chunk b/N1 c/N1          | c/N1
            partial row over a chunk's row in line | c0=a/s u4=b/~                  | chunk dead:unchanged-value-unknown | a/s
            partial row over a chunk's null   | c0=a/- u4=b/~                       | chunk dead:unchanged-value-unknown | a/-
            partial row after chunk and delete | c0=a/N1 d4 u5=b/~                  | chunk gone dead:unchanged-value-unknown | -
            stale partial row over a chunk    | c0=a/N1 u4=b/~ u5=c/N2 u4=b/~       | chunk b/N1 c/N2 nothing  | c/N2
            rejected over a chunk             | c0=a/N1 u4=b/N2! u5=c/~ u6=d/N3     | chunk dead:unparsable c/N2 d/N3 | d/N3
            partial row rejected over a chunk | c0=a/N1 u4=b/~! u5=c/~              | chunk dead:unparsable c/N1 | c/N1
            garbage after a chunk             | c0=a/N1 ?? u4=b/~ u5=c/N2 u6=d/~    | chunk dead:undecodable dead:unchanged-value-unknown c/N2 d/N2 | d/N2
            garbage before a chunk            | ?? c0=a/N1 u4=b/~                   | dead:undecodable chunk b/N1 | b/N1
            chunk sent again, garbage between | c0=a/N1 ?? c0=a/N1 u4=b/~           | chunk dead:undecodable known dead:unchanged-value-unknown | a/N1
            """)
    void goesAsSaid(String name, String changes, String produced, String atTheEnd, @TempDir Path state) {
        SourceEvents events = new SourceEvents(Notes.TOPICS, 1, registry);
        Target target = new Target();
        List<String> marks = new ArrayList<>();
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            for (String change : changes.split(" ")) {
                if (change.startsWith("c")) {
                    marks.add(chunk(lab, events, Notes.chunk(1, change), target));
                    continue;
                }
                List<Lab.Produced> out =
                        lab.send(change.equals("??") ? GARBAGE : events.encode(Notes.change(1, change)));
                assertThat(out).as("every record has one outcome").hasSize(1);
                marks.add(mark(out.get(0)));
                out.get(0).event().ifPresent(event -> target.apply((CanonicalChange) event));
            }
        }
        assertThat(String.join(" ", marks)).isEqualTo(produced);
        assertThat(target.row(Notes.TARGET, Notes.key(1)).map(Notes::mark).orElse("-"))
                .isEqualTo(atTheEnd);
    }

    private static String chunk(Lab lab, SourceEvents events, Chunk chunk, Target target) {
        List<Lab.Produced> out = lab.send(events.encode(chunk.told(0), 0));
        if (out.isEmpty()) {
            return "known";
        }
        assertThat(out).hasSize(1);
        target.apply((CanonicalChunk) out.get(0).event().orElseThrow(), chunk.rows());
        return "chunk";
    }

    private static String mark(Lab.Produced produced) {
        if (produced.deadLetter().isPresent()) {
            return "dead:" + produced.deadLetter().get().rejection().reason().code();
        }
        CanonicalChange change = (CanonicalChange) produced.event().orElseThrow();
        return change.fold(
                upsert -> Notes.mark(upsert.row()),
                delete -> delete.position().equals(delete.position().floor()) ? "nothing" : "gone");
    }
}
