package dev.handover.reconciler.watch;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How far the columns of a table's rows are held against the fingerprints that were written beside them: page after
 * page, some at a look, and from the beginning again. A row that is altered moves to another page, perhaps to one that
 * was passed; the next round finds it there.
 *
 * @param page where it goes on
 * @param begun when the round began
 * @param altered rows with other columns than were written, in this round so far
 * @param whole when the last whole round began: all that was altered before is counted; empty before the first
 * @param wholeAltered what it found
 */
public record Round(long page, Instant begun, long altered, Optional<Instant> whole, long wholeAltered) {
    public Round {
        Objects.requireNonNull(begun, "begun");
        Objects.requireNonNull(whole, "whole");
    }

    /** Of a table that was never looked at. */
    public static Round empty(Instant now) {
        return new Round(0, now, 0, Optional.empty(), 0);
    }

    /** After more pages. */
    Round read(long to, long more) {
        return new Round(to, begun, altered + more, whole, wholeAltered);
    }

    /** After the last page. */
    Round ended(Instant now) {
        return new Round(0, now, 0, Optional.of(begun), altered);
    }

    /** Rows with other columns than were written, by this round or the last whole one. */
    public long found() {
        return Math.max(altered, wholeAltered);
    }
}
