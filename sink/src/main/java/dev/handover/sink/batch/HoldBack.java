package dev.handover.sink.batch;

import dev.handover.change.CanonicalMark;
import dev.handover.change.Origin;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.sink.batch.HeldPartition.Part;
import dev.handover.sink.batch.HeldPartition.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds back what was read until transactions of the source are whole, and lets them go as batches that end where a
 * transaction ends. Pure but for what it holds; used by one thread, which owns every partition of the pipeline.
 *
 * <p>Only marks tell where a transaction ends: capture takes their position from the end of one, and sends one to every
 * partition of every table that goes on, after every change up to there. Tasks of the transform keep the order of each
 * partition, and none between two. So a batch may end at the position of a mark, whichever partition brought it, once
 * every partition has brought one that is as far. A batch then takes of each partition what is before its first record
 * beyond the position: capture may have sent the beginning of a later transaction before the mark. Offsets, and the
 * sequences of buckets, demand that nothing is left out in between; where a change up to the position comes behind one
 * that is beyond (two source tables that become one target table have no common order), that position is passed over
 * for a later one.
 *
 * <p>What is held back is nowhere but here. After a restart it is read again, for offsets are those of the batches.
 *
 * <p>Records of no transaction wait only for those before them in their partition: rows and chunks of loads, dead
 * letters, replayed changes, and changes that come a second time.
 *
 * <p>Before a table is loaded, capture does not stream. So a table that is being loaded has no changes of any
 * transaction whose mark was captured before its load began: those need not wait for it, and all later ones do. A table
 * that is loaded again goes on with its marks, and rows of that load, which are of a later moment, go in between.
 *
 * <p>A table that is parked, or taken out of the pipeline, gets no marks. That a round of marks has passed a partition
 * by is no guess: the transform has processed every change log up to there, and all was read that it wrote until then.
 * See {@link #passed}. Rejected: to count the marks of other tables, since a transform that catches up may bring many
 * of one table before the first of another.
 */
public final class HoldBack {
    /** Marks that a partition may be ahead; the next ones can wait in Kafka. */
    static final int MARKS_AHEAD_MAX = 16;

    /** Marks of a source that are remembered: more than any partition is ahead of another. */
    private static final int MARKS_KEPT_MAX = 8 * MARKS_AHEAD_MAX;

    /** Positions that are tried for one batch: with more, catching up would go over what is held too often. */
    private static final int POSITIONS_TRIED_MAX = 16;

    private final Gathering.Limits limits;
    private final long bytesMax;
    private final NavigableMap<Partition, HeldPartition> partitions = new TreeMap<>();
    private final Map<SourceId, SourcePosition> whole = new HashMap<>();
    private final Map<SourceId, SortedSet<SourcePosition>> ends = new HashMap<>();
    private final Map<SourceId, SourcePosition> rounds = new HashMap<>();
    private final Set<String> logs = new TreeSet<>();
    private final Map<SourceId, NavigableMap<Instant, SourcePosition>> captured = new HashMap<>();
    private final Map<SourceId, SourcePosition> torn = new HashMap<>();

    /**
     * @param limits of a batch of several source transactions; one that is larger is a batch all the same
     * @param bytesMax most bytes of records held back
     */
    public HoldBack(Gathering.Limits limits, long bytesMax) {
        this.limits = limits;
        this.bytesMax = bytesMax;
    }

    /** Partitions of canonical topics that are read from now on; every one must say how far it is. */
    public void assign(Collection<Partition> assigned) {
        assigned.forEach(partition -> partitions.put(partition, new HeldPartition()));
    }

    /** Forgets partitions, and what is held of them. */
    public void revoke(Collection<Partition> revoked) {
        revoked.forEach(partitions::remove);
    }

    /** Holds a record that was read. */
    public void add(Arrival arrival) {
        HeldPartition partition = partitions.get(arrival.partition());
        if (partition == null) {
            throw new IllegalArgumentException(arrival.partition() + " is not assigned");
        }
        partition.add(arrival);
        arrival.delivery().ifPresent(delivery -> delivery.event()
                .foldEvent(
                        change -> true,
                        mark -> {
                            round(mark);
                            captured(mark);
                            return end(mark.position());
                        },
                        chunk -> true));
    }

    private void round(CanonicalMark mark) {
        logs.add(mark.provenance().log().topic());
        if (mark.provenance().lineage().origin() == Origin.STREAM) {
            rounds.merge(
                    mark.position().source(), mark.position(), (known, other) -> other.isAfter(known) ? other : known);
        }
    }

    private void captured(CanonicalMark mark) {
        NavigableMap<Instant, SourcePosition> times =
                captured.computeIfAbsent(mark.position().source(), source -> new TreeMap<>());
        times.merge(
                mark.provenance().lineage().capturedAt(),
                mark.position(),
                (known, other) -> other.isAfter(known) ? other : known);
        while (times.size() > MARKS_KEPT_MAX) {
            times.pollFirstEntry();
        }
    }

    private boolean end(SourcePosition position) {
        SourcePosition done = whole.get(position.source());
        return (done == null || position.isAfter(done))
                && ends.computeIfAbsent(position.source(), source -> new TreeSet<>())
                        .add(position);
    }

    /**
     * The newest round of marks of each source that any partition brought: capture sends it to every table that goes
     * on.
     */
    public Map<SourceId, SourcePosition> rounds() {
        return Map.copyOf(rounds);
    }

    /** The change logs that any mark came from. */
    public Set<String> logs() {
        return Set.copyOf(logs);
    }

    /** Partitions that are not as far as these rounds of their sources. */
    public SortedSet<Partition> lacking(Map<SourceId, SourcePosition> reached) {
        SortedSet<Partition> lacking = new TreeSet<>();
        partitions.forEach((partition, held) -> {
            if (reached.values().stream().anyMatch(held::lacks)) {
                lacking.add(partition);
            }
        });
        return lacking;
    }

    /**
     * Notes that rounds of marks have passed by: partitions that lack theirs have no change up to there that was not
     * read.
     *
     * @param processed rounds; capture sends each in one transaction, so that of one that was read, every mark was in
     *     the change logs, and the transform has processed these up to their ends of a later moment
     * @param read whether all was read that the transform had written when it was that far
     */
    public void passed(Map<SourceId, SourcePosition> processed, Predicate<Partition> read) {
        partitions.forEach((partition, held) -> {
            for (SourcePosition round : processed.values()) {
                if (held.lacks(round) && read.test(partition)) {
                    held.pass(round);
                }
            }
        });
    }

    /** The topics that were passed by again and again, and had no mark in between. */
    public SortedSet<String> still() {
        return partitions.entrySet().stream()
                .filter(entry -> entry.getValue().isStill())
                .map(entry -> entry.getKey().topic())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The next batch that may go; empty until more is read. */
    public Optional<Batch> next() {
        Batch free = free();
        if (!free.nextOffsets().isEmpty()) {
            return Optional.of(free);
        }
        for (SourceId source : new ArrayList<>(ends.keySet())) {
            Optional<Batch> batch = whole(source);
            if (batch.isPresent()) {
                return batch;
            }
        }
        return isTooLarge() ? Optional.of(part()) : Optional.empty();
    }

    /** What is first in its partition and waits for nothing. */
    private Batch free() {
        Gathering gathering = new Gathering(limits);
        partitions
                .values()
                .forEach(held -> held.take(held.source().map(whole::get).orElse(null), gathering, gathering::take));
        return gathering.batch();
    }

    private Optional<Batch> whole(SourceId source) {
        Optional<SourcePosition> reached = reached(source);
        SortedSet<SourcePosition> marked = ends.get(source);
        if (reached.isEmpty() || marked == null) {
            return Optional.empty();
        }
        SourcePosition best = null;
        int tried = 0;
        for (SourcePosition position : marked) {
            if (position.isAfter(reached.get()) || best != null && tried >= POSITIONS_TRIED_MAX) {
                break;
            }
            tried++;
            Optional<Prefix> size = size(source, position);
            if (size.isPresent()) {
                if (best != null
                        && !limits.hold(size.get().records(), size.get().bytes())) {
                    break;
                }
                best = position;
            }
        }
        return best == null ? Optional.empty() : batch(source, best);
    }

    /** The least that any partition has reached; empty until each has said so, or was passed by. */
    private Optional<SourcePosition> reached(SourceId source) {
        SourcePosition least = null;
        for (HeldPartition held : partitions.values()) {
            if (held.mayBeOf(source)) {
                Optional<SourcePosition> own = reached(source, held);
                if (own.isEmpty()) {
                    return Optional.empty();
                }
                least = least == null || least.isAfter(own.get()) ? own.get() : least;
            }
        }
        return Optional.ofNullable(least);
    }

    private Optional<SourcePosition> reached(SourceId source, HeldPartition held) {
        Optional<SourcePosition> promised = held.promised(source);
        return held.part() == Part.LOADING
                ? Stream.of(promised, before(source, held))
                        .flatMap(Optional::stream)
                        .max(Comparator.naturalOrder())
                : promised;
    }

    /** The end of the last transaction before a table's load began. */
    private Optional<SourcePosition> before(SourceId source, HeldPartition loading) {
        return captured.getOrDefault(source, new TreeMap<>()).headMap(loading.loadingSince(), true).values().stream()
                .max(Comparator.naturalOrder());
    }

    private static boolean isOf(HeldPartition held, SourceId source) {
        return held.source().map(source::equals).orElse(false);
    }

    /** How much goes with a position; empty where a partition would have to leave something out. */
    private Optional<Prefix> size(SourceId source, SourcePosition position) {
        int records = 0;
        long bytes = 0;
        for (HeldPartition held : partitions.values()) {
            if (isOf(held, source)) {
                Prefix prefix = held.prefix(whole.get(source), position);
                if (held.part() != Part.LOADING && !prefix.clean()) {
                    return Optional.empty();
                }
                records += prefix.records();
                bytes += prefix.bytes();
            }
        }
        return Optional.of(new Prefix(records, bytes, true));
    }

    private Optional<Batch> batch(SourceId source, SourcePosition position) {
        Gathering gathering = new Gathering(limits);
        partitions.values().stream()
                .filter(held -> isOf(held, source))
                .forEach(held -> held.takeAll(position, gathering::take));
        whole.put(source, position);
        SourcePosition reachedInPart = torn.get(source);
        if (reachedInPart != null && !reachedInPart.isAfter(position)) {
            torn.remove(source);
        }
        SortedSet<SourcePosition> marked = ends.get(source);
        if (marked != null) {
            marked.removeIf(end -> !end.isAfter(position));
        }
        return gathering.isEmpty() ? whole(source) : Optional.of(gathering.batch());
    }

    /** Whether more is held than may be, and waiting cannot end it: those that are behind hold too much themselves. */
    private boolean isTooLarge() {
        return bytes() > bytesMax && bytes() - bytes(ahead()) > bytesMax / 2;
    }

    /** As much as fits into a batch, in the order of the partitions. */
    private Batch part() {
        Gathering gathering = new Gathering(limits);
        for (HeldPartition held : partitions.values()) {
            while (!held.isEmpty() && gathering.fits(held.nextBytes())) {
                Arrival arrival = held.remove();
                gathering.take(arrival);
                arrival.delivery().map(delivery -> delivery.event().position()).ifPresent(this::tear);
            }
        }
        return gathering.batch().inPart();
    }

    private void tear(SourcePosition position) {
        torn.merge(position.source(), position, (known, more) -> more.isAfter(known) ? more : known);
    }

    /** Whether every source's last transactions are whole at the target. */
    public boolean isWhole() {
        return torn.isEmpty();
    }

    /** Bytes of the records that are held. */
    public long bytes() {
        return bytes(partitions.keySet());
    }

    private long bytes(Set<Partition> some) {
        return some.stream()
                .map(partitions::get)
                .filter(held -> held != null)
                .mapToLong(HeldPartition::bytes)
                .sum();
    }

    /**
     * Partitions of which nothing more should be read for now: those that are far ahead of others, and where memory is
     * short, all that are ahead while others have something to be read. So whoever is behind is always read on.
     */
    public Set<Partition> paused(Predicate<Partition> drained) {
        Set<Partition> ahead = ahead();
        boolean full = bytes() > bytesMax;
        boolean behind = partitions.keySet().stream()
                .anyMatch(partition -> !ahead.contains(partition) && !drained.test(partition));
        if (full || behind && bytes() > bytesMax / 2) {
            return ahead;
        }
        return partitions.entrySet().stream()
                .filter(entry -> entry.getValue().marks() >= MARKS_AHEAD_MAX)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those that brought a mark beyond the slowest of their source. */
    private Set<Partition> ahead() {
        Map<SourceId, Optional<SourcePosition>> reached = new HashMap<>();
        Set<Partition> ahead = new TreeSet<>();
        partitions.forEach((partition, held) -> held.source().ifPresent(source -> {
            Optional<SourcePosition> least = reached.computeIfAbsent(source, this::reached);
            if (held.part() == Part.BOUND
                    && held.marks() > 0
                    && held.promised(source)
                            .filter(own -> least.map(own::isAfter).orElse(true))
                            .isPresent()) {
                ahead.add(partition);
            }
        }));
        return ahead;
    }
}
