package dev.handover.reconciler.tap;

import dev.handover.change.Mark;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One table in two views: what the log says of each transaction, and what the change log does. Pure; used by one
 * thread.
 *
 * <p><b>When a transaction can be compared.</b> A change has the place where the transaction <i>before</i> its own
 * ended. A mark of a round at {@code M}, the end of a transaction, says of its partition that everything up to
 * {@code M} is before it. So once every partition has shown a mark at or after {@code M}, and the log was read to
 * {@code M}, the transactions that ended at or before {@code M} are, in the log's view, just those whose changes have a
 * place before {@code M} in the other. Both sets are then complete, and neither waiting nor a clock decides anything.
 * They are joined by the source's number of the transaction, so that one that is lost as a whole does not spoil its
 * neighbours; and they must be at one place, for by it the target tells old from new.
 *
 * <p><b>Where it begins.</b> At the first such {@code M} that is after the end of the source's log at the moment when
 * the tap learned of the table: from there on no change can have passed the tap by, and no cut of a load (which leaves
 * changes out of the change log that its snapshot saw) can reach beyond it.
 *
 * <p>A change that is in the change log twice, because capture was killed, has the same position twice, and counts
 * once, as it does at the target.
 */
final class TableViews {
    /** Up to here every order of a transaction is remembered, a bit each; after it, those of a partition grow. */
    private static final long ORDERS_MAX = 1L << 26;

    private final SourceId source;
    private final TableId table;
    private final List<String> key;
    private final List<Partition> partitions;
    private final NavigableMap<Long, Logged> logged = new TreeMap<>(); // by the place where it ends
    private final NavigableMap<Long, Map<Long, Captured>> captured = new TreeMap<>(); // by the place before it
    private long verified;
    private boolean begun;
    private boolean skipped;

    /** What the log says. */
    private record Logged(long previousEnd, long transaction, Instant at, Sums sums) {}

    /** What the change log says; by partition which orders, and where the first record is. */
    private static final class Captured {
        private Sums sums = Sums.NONE;
        private final Map<Integer, Part> parts = new HashMap<>();
    }

    /** The part of a transaction that is in one partition. */
    private static final class Part {
        private final long offset;
        private final BitSet orders = new BitSet();
        private long beyond;

        Part(long offset) {
            this.offset = offset;
        }

        /** Whether a change of that order was not there before. */
        boolean add(long order) {
            if (order < ORDERS_MAX) {
                boolean known = orders.get((int) order);
                orders.set((int) order);
                return !known;
            }
            boolean more = order > beyond;
            beyond = Math.max(beyond, order);
            return more;
        }
    }

    private static final class Partition {
        private final Deque<Marked> marks = new ArrayDeque<>();
        private long latest;
        private long next;
    }

    private record Marked(long place, Instant at, long offset) {}

    private TableViews(SourceId source, TableId table, List<String> key, int partitions, long verified, boolean begun) {
        this.source = source;
        this.table = table;
        this.key = List.copyOf(key);
        this.partitions = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            this.partitions.add(new Partition());
        }
        this.verified = verified;
        this.begun = begun;
    }

    /**
     * A table that is new to the tap.
     *
     * @param end of the source's log, now or later
     */
    static TableViews fresh(SourceId source, TableId table, List<String> key, int partitions, long end) {
        return new TableViews(source, table, key, partitions, end, false);
    }

    /**
     * A table that was compared up to {@code verified}.
     *
     * @param offsets by partition, where it is read on
     */
    static TableViews resumed(SourceId source, TableId table, List<String> key, List<Long> offsets, long verified) {
        TableViews views = new TableViews(source, table, key, offsets.size(), verified, true);
        for (int i = 0; i < offsets.size(); i++) {
            views.partitions.get(i).next = offsets.get(i);
        }
        return views;
    }

    /** The same table, which is to begin anew; what it did not compare will be said. */
    TableViews renewed(List<String> renewedKey, long end) {
        TableViews views = new TableViews(source, table, renewedKey, partitions.size(), end, false);
        views.skipped = begun || skipped;
        for (int i = 0; i < partitions.size(); i++) {
            views.partitions.get(i).next = partitions.get(i).next;
        }
        return views;
    }

    TableId table() {
        return table;
    }

    List<String> key() {
        return key;
    }

    /** Whether it is compared; else it waits for the place where it begins. */
    boolean begun() {
        return begun;
    }

    /** Up to where it is compared, or after which it begins. */
    long verified() {
        return verified;
    }

    /** The place that every partition was seen to have reached. */
    long reached() {
        return partitions.stream()
                .mapToLong(partition -> partition.latest)
                .min()
                .orElse(0);
    }

    /** Transactions that the log told and that are not compared yet. */
    int pending() {
        return logged.size();
    }

    /** Whether a partition is so far ahead of what can be compared that it need not be read on. */
    boolean ahead(int partition, int marksMax) {
        return partitions.get(partition).marks.size() >= marksMax;
    }

    /** A transaction that the log told as a whole. */
    void logged(long previousEnd, long end, long transaction, Instant at, Sums sums) {
        if (end > verified) {
            logged.put(end, new Logged(previousEnd, transaction, at, sums));
        }
    }

    /** A change in the change log. */
    void captured(int partition, long offset, long previousEnd, long order, long transaction, Sums one) {
        partitions.get(partition).next = offset + 1;
        if (previousEnd < verified) {
            return;
        }
        Captured of = captured.computeIfAbsent(previousEnd, place -> new HashMap<>())
                .computeIfAbsent(transaction, number -> new Captured());
        Part part = of.parts.computeIfAbsent(partition, number -> new Part(offset));
        if (part.add(order)) {
            of.sums = of.sums.plus(one);
        }
    }

    /** A record that is no change of the stream. */
    void passed(int partition, long offset) {
        partitions.get(partition).next = offset + 1;
    }

    /** A mark of a round. */
    void marked(int partition, long offset, long place, Mark mark) {
        Partition at = partitions.get(partition);
        at.next = offset + 1;
        if (place > at.latest) {
            at.latest = place;
        }
        if (place > verified) {
            at.marks.addLast(new Marked(place, mark.committedAt(), offset));
        }
    }

    /**
     * Compares what both views have passed.
     *
     * @param logPassed the end of the last transaction that the log told
     */
    Optional<Compared> compare(long logPassed) {
        Marked until = common(logPassed);
        if (until == null || until.place() <= verified) {
            return Optional.empty();
        }
        Tally tally = new Tally();
        if (begun) {
            join(until.place(), tally);
        }
        boolean gap = skipped;
        verified = until.place();
        begun = true;
        skipped = false;
        logged.headMap(verified, true).clear();
        captured.headMap(verified, false).clear();
        for (Partition partition : partitions) {
            while (!partition.marks.isEmpty() && partition.marks.getFirst().place() <= verified) {
                partition.marks.removeFirst();
            }
        }
        return Optional.of(new Compared(
                table,
                key,
                verified,
                until.at(),
                gap,
                tally.transactions,
                tally.events,
                tally.byKey,
                tally.named,
                tally.disagreed));
    }

    /** Of every partition its last mark that the log has passed; of these the first. */
    private @Nullable Marked common(long logPassed) {
        Marked first = null;
        for (Partition partition : partitions) {
            Marked last = null;
            for (Marked mark : partition.marks) {
                if (mark.place() <= logPassed) {
                    last = mark;
                }
            }
            if (last == null) {
                return null;
            }
            if (first == null || last.place() < first.place()) {
                first = last;
            }
        }
        return first;
    }

    private static final class Tally {
        private long transactions;
        private long events;
        private long byKey;
        private long disagreed;
        private final List<Disagreement> named = new ArrayList<>();

        void disagree(Disagreement one) {
            disagreed++;
            if (named.size() < Compared.NAMED_MAX) {
                named.add(one);
            }
        }
    }

    private void join(long until, Tally tally) {
        Map<Long, Map.Entry<Long, Captured>> others = new HashMap<>();
        captured.headMap(until, false)
                .forEach((place, each) -> each.forEach(
                        (transaction, of) -> others.merge(transaction, Map.entry(place, of), TableViews::together)));
        logged.headMap(until, true).forEach((end, log) -> {
            Map.Entry<Long, Captured> other = others.remove(log.transaction());
            judge(
                    log,
                    other == null ? Sums.NONE : other.getValue().sums,
                    other == null || other.getKey() == log.previousEnd(),
                    tally);
        });
        others.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Map.Entry.comparingByKey()))
                .forEach(extra -> {
                    tally.transactions++;
                    tally.disagree(disagreement(
                            Disagreement.Kind.CAPTURE_EXTRA,
                            extra.getValue().getKey(),
                            extra.getKey(),
                            Optional.empty(),
                            0,
                            extra.getValue().getValue().sums.events()));
                });
    }

    /** One transaction at two places: at most one of them is its own. */
    private static Map.Entry<Long, Captured> together(Map.Entry<Long, Captured> one, Map.Entry<Long, Captured> more) {
        Captured both = new Captured();
        both.sums = one.getValue().sums.plus(more.getValue().sums);
        return Map.entry(Math.min(one.getKey(), more.getKey()), both);
    }

    private void judge(Logged log, Sums other, boolean samePlace, Tally tally) {
        Sums sums = log.sums();
        tally.transactions++;
        tally.events += sums.events();
        // capture reads values again that the log left out: then the rows are told with more than the log says
        boolean completed = other.unchanged() < sums.unchanged();
        if (completed) {
            tally.byKey++;
        }
        boolean agree = samePlace
                && sums.keys().equals(other.keys())
                && (completed || sums.whole().equals(other.whole()) && sums.unchanged() == other.unchanged());
        if (!agree) {
            int more = Long.compare(sums.events(), other.events());
            tally.disagree(disagreement(
                    more > 0
                            ? Disagreement.Kind.CAPTURE_MISSING
                            : more < 0 ? Disagreement.Kind.CAPTURE_EXTRA : Disagreement.Kind.DIFFERENT,
                    log.previousEnd(),
                    log.transaction(),
                    Optional.of(log.at()),
                    sums.events(),
                    other.events()));
        }
    }

    private Disagreement disagreement(
            Disagreement.Kind kind,
            long previousEnd,
            long transaction,
            Optional<Instant> at,
            long logEvents,
            long capturedEvents) {
        return new Disagreement(
                table,
                kind,
                SourcePosition.postgres(source, previousEnd, 0),
                transaction,
                at,
                logEvents,
                capturedEvents);
    }

    /** By partition where to read on after a crash, given that everything up to {@link #verified()} is kept. */
    List<Long> resumeAt() {
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < partitions.size(); i++) {
            Partition partition = partitions.get(i);
            long from = partition.next;
            if (!partition.marks.isEmpty()) {
                from = Math.min(from, partition.marks.getFirst().offset());
            }
            offsets.add(from);
        }
        for (Map<Long, Captured> each : captured.values()) {
            for (Captured of : each.values()) {
                of.parts.forEach(
                        (partition, part) -> offsets.set(partition, Math.min(offsets.get(partition), part.offset)));
            }
        }
        return offsets;
    }

    /** Forgets what cannot be compared any more before a table has begun, and begins after it. */
    void raise(long place) {
        if (!begun && place > verified) {
            verified = place;
            logged.headMap(place, true).clear();
            captured.headMap(place, false).clear();
            partitions.forEach(partition -> partition.marks.removeIf(mark -> mark.place() <= place));
        }
    }
}
