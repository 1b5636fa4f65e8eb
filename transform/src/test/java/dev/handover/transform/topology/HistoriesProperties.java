package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.CanonicalChange;
import dev.handover.change.SourceChange;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Row;
import dev.handover.row.Value;
import dev.handover.wire.Encoded;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of a few keys, sent as a crashing capture sends them (from any earlier point again) through a
 * transform that is itself killed at any record. {@link Target} checks sequences and digests at every step.
 */
class HistoriesProperties {
    private static final int KEYS = 5;
    private static final int CHANGES = 300;
    private static final int CRASHES = 6;
    private static final int REPEATED_MAX = 40;

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final SourceEvents events = new SourceEvents(Notes.TOPICS, 1, registry);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void theTargetIsWhatTheSourceIsHoweverOftenAChangeIsSent(long seed, @TempDir Path state) {
        Random random = new Random(seed);
        History history = new History(random, false);
        List<Encoded> once = history.changes.stream().map(events::encode).toList();
        List<Encoded> log = repeated(once, random);
        Target target = run(log, state, random);
        assertThat(marks(target)).as("seed %s", seed).isEqualTo(history.rows());
        assertThat(marks(run(once, state.resolve("once"), new Random(seed))))
                .as("seed %s, without duplicates", seed)
                .isEqualTo(history.rows());
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 7, 9, 11, 15, 16})
    void rejectionsNeverLendAnOldValue(long seed, @TempDir Path state) {
        Random random = new Random(seed);
        History history = new History(random, true);
        List<Encoded> log =
                repeated(history.changes.stream().map(events::encode).toList(), random);
        Target target = run(log, state, random);
        marks(target).forEach((key, mark) -> assertThat(history.everAfterEachChange)
                .as("seed %s: key %s held what its row never was", seed, key)
                .contains(key + " " + mark));
    }

    /** Sends the log through a transform that loses, now and then, everything since its last commit. */
    private Target run(List<Encoded> log, Path state, Random random) {
        List<CanonicalChange> canonical = new ArrayList<>();
        int outcomes = 0;
        Lab.Remembered committed = Lab.Remembered.NOTHING;
        int at = 0;
        for (int life = 0; at < log.size(); life++) {
            boolean last = life == CRASHES;
            int end = last ? log.size() : Math.min(log.size(), at + random.nextInt(2 * log.size() / CRASHES));
            int commit = last ? end : at + random.nextInt(end - at + 1);
            try (Lab lab = new Lab(Notes.config(state.resolve("life-" + life), Notes.mapping(1)), registry)) {
                lab.restore(committed);
                for (int i = at; i < end; i++) {
                    List<Lab.Produced> produced = lab.send(log.get(i));
                    assertThat(produced).hasSize(1);
                    if (i < commit) {
                        outcomes++;
                        produced.get(0).event().ifPresent(event -> canonical.add((CanonicalChange) event));
                    }
                    if (i + 1 == commit) {
                        committed = lab.remembered();
                    }
                }
                at = commit;
            }
        }
        assertThat(outcomes).as("one outcome a record").isEqualTo(log.size());
        Target target = new Target();
        canonical.forEach(target::apply);
        return target;
    }

    private static List<Encoded> repeated(List<Encoded> changes, Random random) {
        List<Encoded> log = new ArrayList<>();
        int at = 0;
        while (at < changes.size()) {
            int end = Math.min(changes.size(), at + 1 + random.nextInt(2 * REPEATED_MAX));
            log.addAll(changes.subList(at, end));
            at = end == changes.size() ? end : Math.max(0, end - random.nextInt(REPEATED_MAX));
            at = Math.max(at, end - REPEATED_MAX + 1);
            if (random.nextInt(3) == 0) {
                at = end;
            }
        }
        return log;
    }

    private static Map<Long, String> marks(Target target) {
        Map<Long, String> marks = new HashMap<>();
        for (long key = 0; key < KEYS; key++) {
            Optional<Row> row = target.row(Notes.TARGET, Notes.key(key));
            if (row.isPresent()) {
                marks.put(key, Notes.mark(row.get()));
            }
        }
        return marks;
    }

    /** What a PostgreSQL table went through, and how its log told it. */
    private static final class History {
        private final List<SourceChange> changes = new ArrayList<>();
        private final List<String> everAfterEachChange = new ArrayList<>();
        private final Map<Long, String[]> rows = new HashMap<>();

        History(Random random, boolean rejected) {
            for (int i = 1; i <= CHANGES; i++) {
                long key = random.nextInt(KEYS);
                SourcePosition position = SourcePosition.postgres(Notes.PAS, 0x1000 + i / 7, 1 + i % 7);
                String[] row = rows.get(key);
                if (row != null && random.nextInt(8) == 0) {
                    rows.remove(key);
                    changes.add(new SourceChange.Delete(Notes.SCHEMA, Notes.key(key), position, Notes.lineage()));
                    continue;
                }
                boolean partial = row != null && !row[1].equals("-") && random.nextBoolean();
                String note = row != null && partial ? row[1] : random.nextInt(6) == 0 ? "-" : "N" + i;
                rows.put(key, new String[] {"s" + i, note});
                everAfterEachChange.add(key + " s" + i + "/" + note);
                Cell told = partial
                        ? Cell.UNCHANGED
                        : note.equals("-") ? Cell.NULL : new Value.Text(note + " ".repeat(40) + ".");
                String written = rejected && random.nextInt(4) == 0 ? "20260230" : "20260228";
                changes.add(Notes.upsert(key, position, "s" + i, told, written));
            }
        }

        Map<Long, String> rows() {
            Map<Long, String> marks = new HashMap<>();
            rows.forEach((key, row) -> marks.put(key, row[0] + "/" + row[1]));
            return marks;
        }
    }
}
