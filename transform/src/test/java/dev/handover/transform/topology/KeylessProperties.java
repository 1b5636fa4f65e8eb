package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.CanonicalChange;
import dev.handover.change.Lineage;
import dev.handover.change.Origin;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.digest.ContentRows;
import dev.handover.mapping.TableMapping;
import dev.handover.position.SourcePosition;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Keyless;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.wire.Encoded;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of a table without a key and with many equal rows: a load, then inserts, deletes and updates; sent
 * again from any earlier point, through a transform that is killed at any record. After every record the target holds
 * each row as often as the source did after the newest change that was sent. {@link Target} checks sequences and
 * digests.
 */
class KeylessProperties {
    private static final int CONTENTS = 4;
    private static final int LOADED = 40;
    private static final int CHANGES = 260;
    private static final int CRASHES = 6;
    private static final int REPEATED_MAX = 50;

    private static final TableId TARGET = TableId.target("ehr", "clicks");
    private static final TableSchema SCHEMA = Keyless.schema(
            TableId.parse("pas.public.click"),
            List.of(
                    new Column("who", ColumnType.of(Kind.TEXT), true),
                    new Column("what", ColumnType.of(Kind.INT32), false)));

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final SourceEvents events = new SourceEvents(Notes.TOPICS, 1, registry);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void everyRowIsThereAsOftenAsAtTheSourceAfterEveryRecord(long seed, @TempDir Path state) {
        Random random = new Random(seed);
        History history = new History(random);
        assertThat(history.most()).as("duplicates").isGreaterThan(5);
        List<Integer> order = repeated(history.changes.size(), random);
        assertThat(order.size()).isGreaterThan(history.changes.size());
        assertThat(history.changes)
                .as("a log that is compacted keeps them all")
                .extracting(change ->
                        HexFormat.of().formatHex(events.encode(change).key().orElseThrow()))
                .doesNotHaveDuplicates();
        run(history, order, state, random);
    }

    /** The whole log is sent again under another mapping: nothing is counted twice, and no row stays behind. */
    @ParameterizedTest
    @ValueSource(longs = {4, 9, 16})
    void aNewMappingRewritesEveryCopy(long seed, @TempDir Path state) {
        History history = new History(new Random(seed));
        Target target = new Target();
        Lab.Remembered remembered;
        try (Lab lab = new Lab(Notes.config(state.resolve("v1"), mapping(1)), registry)) {
            history.changes.forEach(change -> target.apply(send(lab, events.encode(change))));
            remembered = lab.remembered();
        }
        assertThat(target.versions(TARGET)).containsExactly(1);
        try (Lab lab = new Lab(Notes.config(state.resolve("v2"), mapping(2)), registry)) {
            lab.restore(remembered);
            history.changes.forEach(change -> target.apply(send(lab, events.encode(change))));
        }
        assertThat(target.versions(TARGET)).containsExactly(2);
        assertThat(multiset(target)).isEqualTo(history.after.get(history.after.size() - 1));
    }

    @Test
    void aRowThatIsRemovedAndWasNeverThereIsADeadLetter(@TempDir Path state) {
        Row row = row(1);
        try (Lab lab = new Lab(Notes.config(state, mapping(1)), registry)) {
            CanonicalChange one = send(lab, events.encode(more(row, Notes.position(1))));
            CanonicalChange gone = send(lab, events.encode(less(row, Notes.position(2))));
            assertThat(one.key()).isEqualTo(gone.key()).isEqualTo(Keyless.key(row.key(), 1));
            assertThat(lab.send(events.encode(less(row, Notes.position(3)))))
                    .singleElement()
                    .satisfies(produced -> assertThat(produced.deadLetter()
                                    .orElseThrow()
                                    .rejection()
                                    .reason())
                            .isEqualTo(Reason.COPY_UNKNOWN));
            CanonicalChange again = send(lab, events.encode(more(row, Notes.position(4))));
            assertThat(again.key()).isEqualTo(one.key());
        }
    }

    private static TableMapping mapping(int version) {
        return TableMapping.copy(SCHEMA.table(), TARGET, version);
    }

    private static CanonicalChange send(Lab lab, Encoded encoded) {
        List<Lab.Produced> produced = lab.send(encoded);
        assertThat(produced).hasSize(1);
        return (CanonicalChange) produced.get(0).event().orElseThrow();
    }

    /** Sends the log through a transform that loses, now and then, everything since its last commit. */
    private void run(History history, List<Integer> order, Path state, Random random) {
        List<Encoded> encoded = history.changes.stream().map(events::encode).toList();
        Target target = new Target();
        Lab.Remembered committed = Lab.Remembered.NOTHING;
        int newest = -1;
        int at = 0;
        for (int life = 0; at < order.size(); life++) {
            boolean last = life == CRASHES;
            int end = last ? order.size() : Math.min(order.size(), at + random.nextInt(2 * order.size() / CRASHES));
            int commit = last ? end : at + random.nextInt(end - at + 1);
            try (Lab lab = new Lab(Notes.config(state.resolve("life-" + life), mapping(1)), registry)) {
                lab.restore(committed);
                for (int i = at; i < end; i++) {
                    CanonicalChange change = send(lab, encoded.get(order.get(i)));
                    if (i < commit) {
                        target.apply(change);
                        newest = Math.max(newest, order.get(i));
                        assertThat(multiset(target))
                                .as("after change %s", newest)
                                .isEqualTo(history.after.get(newest));
                    }
                    if (i + 1 == commit) {
                        committed = lab.remembered();
                    }
                }
                at = commit;
            }
        }
        assertThat(newest).isEqualTo(history.changes.size() - 1);
    }

    private static List<Integer> repeated(int changes, Random random) {
        List<Integer> order = new ArrayList<>();
        int at = 0;
        while (at < changes) {
            int end = Math.min(changes, at + 1 + random.nextInt(2 * REPEATED_MAX));
            for (int i = at; i < end; i++) {
                order.add(i);
            }
            at = end == changes ? end : Math.max(0, end - random.nextInt(REPEATED_MAX));
        }
        return order;
    }

    private static Map<Integer, Integer> multiset(Target target) {
        Map<Integer, Integer> multiset = new TreeMap<>();
        Set<Object> numbers = new HashSet<>();
        target.existing().values().forEach(row -> {
            multiset.merge((int) ((Value.Int) row.cell("what")).value(), 1, Integer::sum);
            assertThat(numbers.add(List.of(row.cell(Keyless.ROW), row.cell(Keyless.COPY))))
                    .isTrue();
        });
        return multiset;
    }

    private static Row row(int what) {
        return new ContentRows(SCHEMA).row(List.of(new Value.Text("nurse"), new Value.Int(what)));
    }

    private static SourceChange more(Row row, SourcePosition position) {
        return new SourceChange.Upsert(row.key(), position, Notes.lineage(), row);
    }

    private static SourceChange less(Row row, SourcePosition position) {
        return new SourceChange.Delete(SCHEMA, row.key(), position, Notes.lineage());
    }

    /** What the table went through, as single changes, and what it held after each. */
    private static final class History {
        private final List<SourceChange> changes = new ArrayList<>();
        private final List<Map<Integer, Integer>> after = new ArrayList<>();
        private final Map<Integer, Integer> now = new TreeMap<>();

        History(Random random) {
            SourcePosition stamp = SourcePosition.postgres(Notes.PAS, 0x1000, 0);
            Lineage load = new Lineage(Origin.LOAD, "", Lab.NOW, Lab.NOW);
            for (int i = 1; i <= LOADED; i++) {
                Row row = row(count(random.nextInt(CONTENTS), 1));
                add(new SourceChange.Upsert(row.key(), stamp.scanned(i), load, row));
            }
            int place = 0;
            while (changes.size() < LOADED + CHANGES) {
                int what = random.nextInt(CONTENTS);
                boolean there = now.containsKey(what);
                boolean removed = there && random.nextInt(5) < 3;
                if (removed) {
                    add(less(row(count(what, -1)), at(++place)));
                }
                // both: an update of one row of several, to another content or to the same
                if (!removed || random.nextBoolean()) {
                    add(more(row(count(random.nextInt(CONTENTS), 1)), at(++place)));
                }
            }
        }

        private static SourcePosition at(int place) {
            return SourcePosition.postgres(Notes.PAS, 0x1000 + place / 7, 1 + place % 7);
        }

        private int count(int what, int change) {
            now.merge(what, change, Integer::sum);
            now.remove(what, 0);
            return what;
        }

        private void add(SourceChange change) {
            changes.add(change);
            after.add(Map.copyOf(now));
        }

        int most() {
            return after.stream()
                    .flatMap(counts -> counts.values().stream())
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElse(0);
        }
    }
}
