package dev.handover.reconciler.judge;

import dev.handover.position.SourcePosition;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells a proved difference from one in flight, by positions alone: no clock, no time-out, no freeze.
 *
 * <p><b>What is looked at.</b> Three reads, in this order: {@code before}, the target's state under the key; {@code S},
 * a snapshot of the source with its {@link Stamp}; {@code now}, the target's state again, in one repeatable read with
 * {@code applied}, the position that the key's partition has been applied up to. Write {@code V} for the transactions
 * visible in {@code S}, {@code T(q)} for the transaction of a change at position {@code q}.
 *
 * <p><b>Positions of PostgreSQL.</b> Let {@code c(T)} be the commit position of {@code T}. The changes of {@code T} are
 * at {@code (p, 1), (p, 2), ...} where {@code p} is {@code c} of the transaction before it, and the mark after it is at
 * {@code (c(T), 0)}. Hence, for every {@code T} and every {@code b} that is some transaction's {@code c} (a
 * <i>boundary</i>): {@code c(T) <= b} if and only if the changes of {@code T} are below {@code (b, 0)}. For if
 * {@code c(T) <= b} then {@code p < c(T) <= b}; and if {@code c(T) > b} then the transaction before {@code T} has a
 * {@code c} of at least {@code b}, so {@code p >= b} and {@code (p, n) > (b, 0)} because {@code n >= 1}. For a
 * {@code b} that is no boundary the second half fails: {@code p < b} does not put {@code c(T)} below {@code b}. That is
 * why {@code settled} must be made from boundaries. Every position that capture ever wrote carries one: its first part.
 *
 * <p><b>Complete.</b> {@code high} is read from the source after {@code S} was taken, so {@code c(T) <= high} for every
 * {@code T} in {@code V}; then the changes of {@code T} are below {@code (high, 0)}, by the first half alone. A
 * partition is applied in the order of positions, so {@code applied >= (high, 0)} says that every change in {@code V}
 * under this key is in {@code now}.
 *
 * <p><b>Not newer.</b> {@code settled} is {@code (b, 0)} for a boundary {@code b} such that every transaction with
 * {@code c(T) <= b} is in {@code V}. So {@code q < settled} says {@code c(T(q)) <= b}, and {@code T(q)} is in
 * {@code V}.
 *
 * <p><b>Together.</b> If both hold for the position {@code q} of {@code now}'s row or tombstone, the changes under this
 * key that the target has seen and those in {@code V} are the same, for the guard lets a row move forward only, and a
 * change in {@code V} above {@code q} would have been applied over it. A pipeline that works would hold what {@code S}
 * maps to; if it does not, that is a divergence. A row without a position, or no row and no tombstone, is no newer than
 * anything: the pipeline writes neither a row without a position nor removes one without a tombstone.
 *
 * <p><b>Loaded rows.</b> A row that was read by a scan carries a position that is safe to be low, so it may be newer
 * than its position says: {@code q < settled} does not put its content into {@code V}. This is what {@code before} is
 * for: if {@code before} equals {@code now}, the row was read from the source before {@code S} was taken, and what a
 * transaction could see then is visible in {@code S}. A scan can also leave a row out that was deleted since {@code S},
 * whose deletion is still on its way; therefore nothing is judged unless the load was complete before {@code S}.
 *
 * <p>For MariaDB a consistent snapshot knows its place exactly, and {@code settled} equals {@code high}.
 *
 * <p><b>Other versions of the mapping.</b> A row that an older version made is on its way to be made anew, without any
 * change at the source; it is not judged until it is.
 *
 * <p>Equality needs no proof: if the target held, at any time, what the snapshot says, it passed through the source's
 * state.
 */
public final class Judge {
    private Judge() {}

    /**
     * Judges one key.
     *
     * @param applied the position that the key's partition is applied up to, in the transaction that read {@code now};
     *     empty where it is unknown, or where the load was not complete before the source's snapshot was taken
     */
    public static Judgement judge(
            SourceState source, Stamp stamp, TargetState before, TargetState now, Optional<SourcePosition> applied) {
        Objects.requireNonNull(before, "before");
        if (equal(source, now)) {
            return Judgement.MATCH;
        }
        if (applied.isEmpty() || applied.get().compareTo(stamp.high()) < 0) {
            return Judgement.BEHIND;
        }
        if (now.position().isPresent() && !stamp.contains(now.position().get())) {
            return Judgement.AHEAD;
        }
        if (!before.equals(now) || now.fold(absent -> false, TargetState.Present::outdated)) {
            return Judgement.UNCONFIRMED;
        }
        return source.fold(
                () -> Judgement.EXTRANEOUS,
                present -> now.fold(absent -> Judgement.MISSING, row -> Judgement.DIFFERENT),
                () -> Judgement.PARKED);
    }

    /** Whether the target holds what the source says: the same columns, and stored lanes that agree with them. */
    private static boolean equal(SourceState source, TargetState target) {
        return source.fold(
                () -> target.fold(absent -> true, row -> false),
                present -> target.fold(
                        absent -> false, row -> row.columns().equals(Optional.of(present.row())) && !row.tampered()),
                () -> false);
    }
}
