package dev.handover.transform.decide;

import dev.handover.change.SourceChange;
import dev.handover.position.SourcePosition;
import dev.handover.row.Keyless;
import dev.handover.row.RowKey;
import dev.handover.transform.state.CopyCount;
import java.util.Objects;
import java.util.Optional;

/**
 * Which copy of a row a change of a table without a key is about: from "one more" and "one less" to a change of one of
 * the keys {@code (row, 1)} to {@code (row, n)}, after which it is a change like any other.
 *
 * <p>One more is the copy after the last, one less is the last copy: a stack. So the copies that there are after any
 * prefix of the log follow from the prefix alone, each key has a history of its own, and the guard and the judge hold
 * for it as for every key. And the copies that there are have positions that grow with their numbers; that is how the
 * copy is found that a repeated change once made, without a list of them.
 *
 * <p>Every change of a row has a position of its own (a load numbers its rows, see {@link SourcePosition#scanned}), and
 * they arrive in order. So a change at or below the newest that was counted was counted already, and is not again.
 */
public final class Copies {
    private final Optional<CopyCount> before;
    private final Positions positions;

    /**
     * @param before of the row that the change is about
     * @param positions of the copies that there are
     */
    public Copies(Optional<CopyCount> before, Positions positions) {
        this.before = Objects.requireNonNull(before, "before");
        this.positions = Objects.requireNonNull(positions, "positions");
    }

    /** Knows the position of the change that made a copy that is there. */
    @FunctionalInterface
    public interface Positions {
        /** Empty where no such copy is known. */
        Optional<SourcePosition> of(RowKey copy);
    }

    /**
     * A change with its number.
     *
     * @param count what to remember of the row from now on; empty where that does not change
     * @param standing whether it is about a copy at all
     */
    public record Numbered(SourceChange change, Optional<CopyCount> count, Standing standing) {
        public Numbered {
            Objects.requireNonNull(change, "change");
            Objects.requireNonNull(count, "count");
            Objects.requireNonNull(standing, "standing");
        }
    }

    /** What is known of a change before its copy is looked at. */
    public enum Standing {
        /** It is about this copy. */
        OPEN,
        /** It was counted before, and the copy that it was about is no more. */
        GONE,
        /** It removes a row that was not known to be there. */
        UNKNOWN
    }

    /** What a change of a row without a number is about. */
    public Numbered number(SourceChange change) {
        boolean counted = before.map(count -> !change.position().isAfter(count.position()))
                .orElse(false);
        return change.fold(more -> counted ? made(more) : another(more), less -> counted ? gone(less) : last(less));
    }

    private int copies() {
        return before.map(CopyCount::copies).orElse(0);
    }

    private Numbered another(SourceChange.Upsert more) {
        int copy = Math.addExact(copies(), 1);
        return new Numbered(of(more, copy), Optional.of(new CopyCount(copy, more.position())), Standing.OPEN);
    }

    private Numbered last(SourceChange.Delete less) {
        int copy = copies();
        if (copy == 0) {
            return new Numbered(less, Optional.of(new CopyCount(0, less.position())), Standing.UNKNOWN);
        }
        return new Numbered(of(less, copy), Optional.of(new CopyCount(copy - 1, less.position())), Standing.OPEN);
    }

    /** The copy that this very change made, if it is still there: by bisection of the positions. */
    private Numbered made(SourceChange.Upsert more) {
        int low = 1;
        int high = copies();
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Optional<SourcePosition> found = positions.of(Keyless.key(more.key(), middle));
            int order = found.map(more.position()::compareTo).orElse(-1);
            if (order == 0) {
                return new Numbered(of(more, middle), Optional.empty(), Standing.OPEN);
            }
            if (order > 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return gone(more);
    }

    /** A change that was counted, and of which nothing is left. */
    private static Numbered gone(SourceChange change) {
        return new Numbered(change.fold(more -> of(more, 1), less -> of(less, 1)), Optional.empty(), Standing.GONE);
    }

    private static SourceChange of(SourceChange.Upsert more, int copy) {
        return new SourceChange.Upsert(
                Keyless.key(more.key(), copy), more.position(), more.lineage(), Keyless.row(more.after(), copy));
    }

    private static SourceChange of(SourceChange.Delete less, int copy) {
        return new SourceChange.Delete(less.schema(), Keyless.key(less.key(), copy), less.position(), less.lineage());
    }
}
