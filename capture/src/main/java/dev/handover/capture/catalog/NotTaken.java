package dev.handover.capture.catalog;

import dev.handover.row.TableId;

/**
 * Something in a selected schema that is not copied, so that nobody takes its absence for a loss.
 *
 * @param kind what it is, for people: {@code view}, {@code foreign table}, {@code generated column "x"}, ...
 */
public record NotTaken(TableId table, String kind) {
    /** A column that is computed from others. */
    static NotTaken generated(TableId table, String column) {
        return new NotTaken(table, "generated column \"" + column + "\"");
    }
}
