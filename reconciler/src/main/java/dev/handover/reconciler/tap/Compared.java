package dev.handover.reconciler.tap;

import dev.handover.row.TableId;
import java.time.Instant;
import java.util.List;

/**
 * How far one table came in one look.
 *
 * @param key the columns that identify its rows
 * @param verified the place in the log up to which both views are compared from now on
 * @param at the source's time of that place
 * @param skipped whether what lies between the place before and this one was not compared
 * @param transactions compared now
 * @param events of the log in them
 * @param byKey transactions of which only numbers and keys could be compared
 * @param disagreements the first of them, in the order of the log
 * @param disagreed how many there were in all
 */
record Compared(
        TableId table,
        List<String> key,
        long verified,
        Instant at,
        boolean skipped,
        long transactions,
        long events,
        long byKey,
        List<Disagreement> disagreements,
        long disagreed) {
    /** Most disagreements that one look names. */
    static final int NAMED_MAX = 20;

    Compared {
        key = List.copyOf(key);
        disagreements = List.copyOf(disagreements);
    }
}
