package dev.handover.sink.batch;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalMark;
import dev.handover.change.Origin;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What was read of one partition and not applied yet, in its order. Used by one thread. */
final class HeldPartition {
    /** The first round that passes by a partition may be one from before it was assigned. */
    private static final int PASSES_STILL = 2;

    private final Deque<Held> held = new ArrayDeque<>();
    private final Map<TableId, SourcePosition> seen = new HashMap<>();
    private Part part = Part.UNHEARD;
    private final Map<SourceId, SourcePosition> promised = new HashMap<>();
    private @Nullable SourceId source;
    private Instant loadingSince = Instant.MIN;
    private long bytes;
    private int marks;
    private final Map<SourceId, Integer> passes = new HashMap<>();

    /** What others have to wait for. */
    enum Part {
        /** Nothing is known yet: nobody goes on without it. */
        UNHEARD,
        /** The load of its table goes on: it has no changes of what was captured before that began. */
        LOADING,
        /** Others wait until it is as far as they are. */
        BOUND
    }

    /**
     * A record that waits.
     *
     * @param position that has to be whole before it may go; empty where it belongs to no transaction of the source
     */
    private record Held(Arrival arrival, Optional<SourcePosition> position, boolean mark) {
        boolean goesAt(@Nullable SourcePosition whole) {
            return position.isEmpty()
                    || whole != null
                            && whole.source().equals(position.get().source())
                            && !position.get().isAfter(whole);
        }
    }

    /**
     * The records up to a position.
     *
     * @param clean whether every change up to there is among them
     */
    record Prefix(int records, long bytes, boolean clean) {}

    void add(Arrival arrival) {
        bytes += arrival.bytes();
        Optional<Delivery> delivery = arrival.delivery();
        if (delivery.isEmpty()) {
            held.add(new Held(arrival, Optional.empty(), false));
            return;
        }
        source = delivery.get().event().position().source();
        held.add(delivery.get()
                .event()
                .foldEvent(
                        change -> new Held(arrival, first(change), false),
                        mark -> marked(arrival, mark),
                        chunk -> new Held(arrival, Optional.empty(), false)));
    }

    /**
     * The position of a change that its transaction needs. Rows of a load and replayed ones belong to none; what the
     * table had before comes again (capture sends a transaction twice when it dies within it, a raised mapping sends
     * all), and its first arrival was bound already.
     */
    private Optional<SourcePosition> first(CanonicalChange change) {
        if (change.provenance().lineage().origin() != Origin.STREAM) {
            return Optional.empty();
        }
        SourcePosition position = change.position();
        SourcePosition before = seen.get(change.provenance().source());
        if (before != null && !position.isAfter(before)) {
            return Optional.empty();
        }
        seen.put(change.provenance().source(), position);
        return Optional.of(position);
    }

    private Held marked(Arrival arrival, CanonicalMark mark) {
        promise(mark.position());
        passes.clear();
        if (mark.loaded()) {
            part = Part.BOUND;
        } else if (part != Part.BOUND) {
            part = Part.LOADING;
            loadingSince = mark.provenance().lineage().capturedAt();
            return new Held(arrival, Optional.empty(), false); // or the rows of the load would wait behind it
        }
        marks++;
        return new Held(arrival, Optional.of(mark.position()), true);
    }

    Part part() {
        return part;
    }

    private void promise(SourcePosition position) {
        promised.merge(position.source(), position, (known, other) -> other.isAfter(known) ? other : known);
    }

    /** A round of marks has passed it by: there is no change up to there that was not read. */
    void pass(SourcePosition round) {
        promise(round);
        passes.merge(round.source(), 1, Integer::sum);
    }

    /** Whether rounds pass it by again and again. */
    boolean isStill() {
        return passes.values().stream().anyMatch(number -> number >= PASSES_STILL);
    }

    /** Whether it is of that source, or of one that is not known yet. */
    boolean mayBeOf(SourceId of) {
        return source == null || of.equals(source);
    }

    /** Whether it may have changes up to there that were not read. */
    boolean lacks(SourcePosition position) {
        SourcePosition known = promised.get(position.source());
        return mayBeOf(position.source()) && (known == null || position.isAfter(known));
    }

    /** Known from its first record on. */
    Optional<SourceId> source() {
        return Optional.ofNullable(source);
    }

    /** When capture began the load of the table, while {@link Part#LOADING}. */
    Instant loadingSince() {
        return loadingSince;
    }

    /** Everything up to here was read. */
    Optional<SourcePosition> promised(SourceId of) {
        return Optional.ofNullable(promised.get(of));
    }

    long bytes() {
        return bytes;
    }

    /** Marks that wait. */
    int marks() {
        return marks;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** What would go if everything up to {@code whole} went that was not gone at {@code before}. */
    Prefix prefix(@Nullable SourcePosition before, SourcePosition whole) {
        int records = 0;
        long size = 0;
        boolean ended = false;
        for (Held each : held) {
            ended = ended || !each.goesAt(whole);
            if (!ended) {
                records++;
                size += each.arrival().bytes();
            } else if (!each.mark() && each.goesAt(whole) && !each.goesAt(before)) {
                return new Prefix(records, size, false);
            }
        }
        return new Prefix(records, size, true);
    }

    /** Hands over the records up to a position, as long as they are taken. */
    void take(@Nullable SourcePosition whole, Gathering limits, Consumer<Arrival> taker) {
        while (!held.isEmpty()
                && held.getFirst().goesAt(whole)
                && limits.fits(held.getFirst().arrival().bytes())) {
            taker.accept(remove());
        }
    }

    /** Hands over every record up to a position. */
    void takeAll(SourcePosition whole, Consumer<Arrival> taker) {
        while (!held.isEmpty() && held.getFirst().goesAt(whole)) {
            taker.accept(remove());
        }
    }

    /** The next record, wherever it belongs. */
    Arrival remove() {
        Held next = held.removeFirst();
        bytes -= next.arrival().bytes();
        if (next.mark()) {
            marks--;
        }
        return next.arrival();
    }

    /** The bytes of the next record. */
    long nextBytes() {
        return held.getFirst().arrival().bytes();
    }
}
