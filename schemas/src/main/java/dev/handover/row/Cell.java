package dev.handover.row;

/** What one column of one row holds: a value, SQL's null, or "unchanged" where the log did not repeat it. */
public sealed interface Cell permits Value, Cell.Null, Cell.Unchanged {
    /** SQL's null. */
    Cell NULL = Null.INSTANCE;

    /** The log did not repeat the value; it is what it was. Never data: it must be completed before it is written. */
    Cell UNCHANGED = Unchanged.INSTANCE;

    /** The single null. */
    enum Null implements Cell {
        INSTANCE
    }

    /** The single "unchanged". */
    enum Unchanged implements Cell {
        INSTANCE
    }
}
