package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalChunk;
import dev.handover.change.CanonicalEvent;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceChunk;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Row;
import dev.handover.row.Value;
import dev.handover.wire.Encoded;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.charset.StandardCharsets;
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
    private static final int KEYS_LOADED = 40;
    private static final int CHANGES = 300;
    private static final int CRASHES = 6;
    private static final int REPEATED_MAX = 40;

    /** Where a load is read, before everything of the stream. */
    private static final SourcePosition LOADED = SourcePosition.postgres(Notes.PAS, 0xFFF, 0);

    private static final Encoded GARBAGE = new Encoded(
            Notes.TOPICS.source(Notes.SOURCE), 0, Optional.empty(), "not a record".getBytes(StandardCharsets.UTF_8));

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

    /** Which way a row of a load took is not to be seen afterwards: neither in the rows, nor in the sums. */
    @ParameterizedTest
    @ValueSource(longs = {6, 10, 12, 17, 18})
    void aLoadPastTheLogEndsAsTheSameLoadByRecords(long seed, @TempDir Path state) {
        Random random = new Random(seed);
        History history = new History(random, true, KEYS_LOADED);
        List<Encoded> stream = repeated(
                history.changes.stream()
                        .map(change -> random.nextInt(60) == 0 ? GARBAGE : events.encode(change))
                        .toList(),
                random);
        List<Encoded> byRecords = new ArrayList<>(
                repeated(history.load.stream().map(events::encode).toList(), random));
        byRecords.addAll(stream);
        Run expected = send(byRecords, Map.of(), state.resolve("records"), random);

        Map<Integer, Chunk> chunks = new HashMap<>();
        List<Encoded> pastTheLog = new ArrayList<>(repeated(past(history.load, chunks, random), random));
        assertThat(chunks.values()).anySatisfy(chunk -> assertThat(chunk.rows()).hasSizeGreaterThan(1));
        pastTheLog.addAll(stream);
        Run run = send(pastTheLog, chunks, state.resolve("chunks"), random);

        assertThat(run.last(stream.size())).as("seed %s", seed).isEqualTo(expected.last(stream.size()));
        assertThat(marks(run.target())).as("seed %s", seed).isEqualTo(marks(expected.target()));
        assertThat(run.target().digests(Notes.TARGET))
                .as("seed %s", seed)
                .isEqualTo(expected.target().digests(Notes.TARGET));
    }

    /** A part of the rows in chunks, the others by records, as where a target refused a chunk. */
    private List<Encoded> past(List<SourceChange.Upsert> load, Map<Integer, Chunk> chunks, Random random) {
        List<Encoded> log = new ArrayList<>();
        for (int at = 0, number = 0; at < load.size(); number++) {
            int end = Math.min(load.size(), at + 1 + random.nextInt(load.size() / 2));
            List<SourceChange.Upsert> rows = load.subList(at, end);
            at = end;
            if (random.nextInt(4) == 0) {
                rows.forEach(row -> log.add(events.encode(row)));
                continue;
            }
            Chunk chunk = Chunk.of(number, Notes.mapping(1), LOADED, rows);
            chunks.put(number, chunk);
            chunk.told().forEach((partition, told) -> log.add(events.encode(told, partition)));
            chunk.aside().forEach(row -> log.add(events.encode(row)));
        }
        return log;
    }

    /** @param outcomes of every record that had one, in order */
    private record Run(Target target, List<String> outcomes) {
        List<String> last(int count) {
            return outcomes.subList(outcomes.size() - count, outcomes.size());
        }
    }

    private Target run(List<Encoded> log, Path state, Random random) {
        Run run = send(log, Map.of(), state, random);
        assertThat(run.outcomes()).as("one outcome a record").hasSize(log.size());
        return run.target();
    }

    private static String outcome(Lab.Produced produced) {
        return produced.event()
                .map(event -> event.<String>foldEvent(
                        change -> change.key().values().hashCode()
                                + change.fold(upsert -> " " + Notes.mark(upsert.row()), delete -> " gone"),
                        mark -> "mark",
                        chunk -> "chunk"))
                .orElseGet(() ->
                        produced.deadLetter().orElseThrow().rejection().reason().code());
    }

    private boolean isChunk(Encoded record) {
        return events.decode(record.key(), Optional.of(record.value()))
                .fold(event -> event instanceof SourceChunk, rejection -> false);
    }

    /** Sends the log through a transform that loses, now and then, everything since its last commit. */
    private Run send(List<Encoded> log, Map<Integer, Chunk> chunks, Path state, Random random) {
        List<CanonicalEvent> canonical = new ArrayList<>();
        List<String> outcomes = new ArrayList<>();
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
                    assertThat(produced).hasSizeBetween(isChunk(log.get(i)) ? 0 : 1, 1);
                    if (i < commit) {
                        produced.forEach(one -> outcomes.add(outcome(one)));
                        produced.forEach(one -> one.event().ifPresent(canonical::add));
                    }
                    if (i + 1 == commit) {
                        committed = lab.remembered();
                    }
                }
                at = commit;
            }
        }
        Target target = new Target();
        for (CanonicalEvent event : canonical) {
            if (event instanceof CanonicalChunk chunk) {
                target.apply(
                        chunk,
                        Optional.ofNullable(chunks.get(chunk.number()))
                                .orElseThrow()
                                .rows());
            } else {
                target.apply((CanonicalChange) event);
            }
        }
        return new Run(target, outcomes);
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
        for (long key = 0; key < KEYS_LOADED; key++) {
            Optional<Row> row = target.row(Notes.TARGET, Notes.key(key));
            if (row.isPresent()) {
                marks.put(key, Notes.mark(row.get()));
            }
        }
        return marks;
    }

    /** What a PostgreSQL table went through, and how its log told it. */
    private static final class History {
        private final List<SourceChange.Upsert> load = new ArrayList<>();
        private final List<SourceChange> changes = new ArrayList<>();
        private final List<String> everAfterEachChange = new ArrayList<>();
        private final Map<Long, String[]> rows = new HashMap<>();

        History(Random random, boolean rejected) {
            stream(random, rejected, KEYS);
        }

        /** Of a table that has rows when its load begins; some of them the mapping refuses. */
        History(Random random, boolean rejected, int keys) {
            for (long key = 0; key < keys; key++) {
                if (random.nextInt(6) > 0) {
                    String note = random.nextInt(4) == 0 ? "-" : "L" + key;
                    rows.put(key, new String[] {"loaded", note});
                    load.add(Notes.upsert(key, LOADED, "loaded", cell(note), written(random, rejected)));
                }
            }
            stream(random, rejected, keys);
        }

        private void stream(Random random, boolean rejected, int keys) {
            for (int i = 1; i <= CHANGES; i++) {
                long key = random.nextInt(keys);
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
                Cell told = partial ? Cell.UNCHANGED : cell(note);
                changes.add(Notes.upsert(key, position, "s" + i, told, written(random, rejected)));
            }
        }

        private static Cell cell(String note) {
            return note.equals("-") ? Cell.NULL : new Value.Text(note + " ".repeat(40) + ".");
        }

        private static String written(Random random, boolean rejected) {
            return rejected && random.nextInt(4) == 0 ? "20260230" : "20260228";
        }

        Map<Long, String> rows() {
            Map<Long, String> marks = new HashMap<>();
            rows.forEach((key, row) -> marks.put(key, row[0] + "/" + row[1]));
            return marks;
        }
    }
}
