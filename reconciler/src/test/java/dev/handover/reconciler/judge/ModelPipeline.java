package dev.handover.reconciler.judge;

import dev.handover.digest.Fingerprint;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A source whose commits become visible some time after they are logged, and out of order; its log; a pipeline with two
 * partitions that lag on their own; and a target with positions and tombstones. A version of a row is a number.
 */
final class ModelPipeline {
    static final int KEYS = 6;
    static final int PARTITIONS = 2;
    static final SourceId SOURCE = new SourceId("model");

    private final RandomGenerator random;
    private final Map<Integer, Long> visible = new HashMap<>();
    private final Map<Integer, Long> logged = new HashMap<>();
    private final List<Transaction> invisible = new ArrayList<>();
    private final Set<Long> locked = new HashSet<>();
    private final Deque<Event>[] queues;
    private final Map<Integer, TargetState> target = new HashMap<>();
    private final List<Optional<SourcePosition>> applied = new ArrayList<>();
    private long end = 100;
    private long boundary = 100;
    private long nextId = 1;
    private long versions;
    private int unloaded;

    private record Transaction(long id, Map<Integer, Optional<Long>> changes) {}

    private record Event(int key, SourcePosition position, Optional<Long> version) {}

    /** A source that is empty when its log begins. */
    ModelPipeline(RandomGenerator random) {
        this(random, 0);
    }

    /** A source that has rows under these first keys already, which are to be loaded. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    ModelPipeline(RandomGenerator random, int rows) {
        this.unloaded = rows;
        for (int key = 0; key < rows; key++) {
            visible.put(key, ++versions);
            logged.put(key, versions);
        }
        this.random = random;
        this.queues = new Deque[] {new ArrayDeque<>(), new ArrayDeque<>()};
        for (int i = 0; i < PARTITIONS; i++) {
            applied.add(Optional.empty());
        }
    }

    /** Logs a transaction of a few changes; it is visible later, but before others touch the same keys. */
    void commit() {
        Map<Integer, Optional<Long>> changes = new HashMap<>();
        long id = nextId++;
        for (int left = random.nextInt(1, 4); left > 0; left--) {
            int key = random.nextInt(KEYS);
            boolean free = invisible.stream().noneMatch(other -> other.changes().containsKey(key));
            if (free) {
                boolean delete = logged.containsKey(key) && random.nextInt(4) == 0;
                changes.put(key, delete ? Optional.empty() : Optional.of(++versions));
            }
        }
        locked.add(id);
        long order = 0;
        for (Map.Entry<Integer, Optional<Long>> change : changes.entrySet()) {
            set(logged, change.getKey(), change.getValue());
            queues[change.getKey() % PARTITIONS].add(
                    new Event(change.getKey(), SourcePosition.postgres(SOURCE, boundary, ++order), change.getValue()));
        }
        end += random.nextInt(1, 50);
        boundary = end;
        end += random.nextInt(0, 10);
        invisible.add(new Transaction(id, changes));
    }

    /** Logs a transaction that changes no row, and marks it, as capture's heartbeat does. */
    void beat() {
        end += random.nextInt(1, 50);
        boundary = end;
        mark();
    }

    /** Makes one of the logged transactions visible, not always the oldest. */
    void show() {
        if (!invisible.isEmpty()) {
            Transaction next = invisible.remove(random.nextInt(invisible.size()));
            next.changes().forEach((key, version) -> set(visible, key, version));
            locked.remove(next.id());
        }
    }

    void mark() {
        for (Deque<Event> queue : queues) {
            queue.add(new Event(-1, SourcePosition.postgres(SOURCE, boundary, 0), Optional.empty()));
        }
    }

    /** The next row of the load, as a snapshot taken now shows it, at a position that is low. */
    void load() {
        if (unloaded > 0) {
            int key = --unloaded;
            SourcePosition low = SourcePosition.postgres(SOURCE, 1, 0);
            Long version = visible.get(key);
            if (version != null) {
                queues[key % PARTITIONS].add(new Event(key, low, Optional.of(version)));
            }
        }
    }

    void apply() {
        int partition = random.nextInt(PARTITIONS);
        for (int left = random.nextInt(4); left > 0 && !queues[partition].isEmpty(); left--) {
            apply(partition, queues[partition].remove());
        }
    }

    void drain() {
        while (!invisible.isEmpty()) {
            show();
        }
        mark();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            while (!queues[partition].isEmpty()) {
                apply(partition, queues[partition].remove());
            }
        }
    }

    private void apply(int partition, Event event) {
        if (event.key() < 0) {
            applied.set(partition, Optional.of(event.position()));
            return;
        }
        Optional<SourcePosition> known = target(event.key()).position();
        if (known.isEmpty() || event.position().isAfter(known.get())) {
            target.put(event.key(), state(Optional.of(event.position()), event.version()));
        }
    }

    /** Loses the changes of one key that are on their way; whether there were any. */
    boolean lose(int key) {
        return queues[key % PARTITIONS].removeIf(event -> event.key() == key);
    }

    /** Writes the target without the pipeline. */
    void corrupt(int key, Optional<Long> version, boolean keepPosition) {
        Optional<SourcePosition> position = keepPosition ? target(key).position() : Optional.empty();
        target.put(key, state(version.isPresent() ? position : Optional.empty(), version));
    }

    TargetState target(int key) {
        return target.getOrDefault(key, new TargetState.Absent(Optional.empty()));
    }

    Optional<SourcePosition> applied(int key) {
        return unloaded > 0 || queues[key % PARTITIONS].stream().anyMatch(ModelPipeline::loads)
                ? Optional.empty()
                : applied.get(key % PARTITIONS);
    }

    private static boolean loads(Event event) {
        return event.position().equals(SourcePosition.postgres(SOURCE, 1, 0));
    }

    /** What the source shows, with its stamp, found the way that the reader of PostgreSQL finds it. */
    record Snapshot(Map<Integer, Long> rows, Stamp stamp) {
        SourceState source(int key) {
            Long version = rows.get(key);
            return version == null ? new SourceState.Absent() : new SourceState.Present(fingerprint(version));
        }
    }

    /** @param between what happens between the sample of the log's end and the snapshot */
    Snapshot snapshot(Runnable between) {
        TreeSet<SourcePosition> boundaries = new TreeSet<>();
        applied.forEach(position -> position.ifPresent(boundaries::add));
        Set<Long> committing = Set.copyOf(locked);
        between.run();
        boolean showsAll = locked.stream().noneMatch(committing::contains);
        SourcePosition high = SourcePosition.postgres(SOURCE, end, 0);
        return new Snapshot(
                Map.copyOf(visible),
                new Stamp(showsAll && !boundaries.isEmpty() ? Optional.of(boundaries.last()) : Optional.empty(), high));
    }

    /** What the source will show when all is visible. */
    Map<Integer, Long> truth() {
        return Map.copyOf(logged);
    }

    private static TargetState state(Optional<SourcePosition> position, Optional<Long> version) {
        return version.<TargetState>map(number -> new TargetState.Present(
                        position, Optional.of(fingerprint(number)), Optional.of(fingerprint(number)), false))
                .orElse(new TargetState.Absent(position));
    }

    static Fingerprint fingerprint(long version) {
        return new Fingerprint(version, version, version, version);
    }

    private static void set(Map<Integer, Long> rows, int key, Optional<Long> version) {
        version.ifPresentOrElse(number -> rows.put(key, number), () -> rows.remove(key));
    }
}
