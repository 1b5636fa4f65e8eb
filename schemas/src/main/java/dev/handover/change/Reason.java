package dev.handover.change;

import java.util.Locale;

/** Why a change cannot go on: stable codes that operators count, filter and replay by. */
public enum Reason {
    /** The bytes are not a record of this topic's contract. */
    UNDECODABLE,
    /** The source's type of a column has no lossless form here. */
    UNSUPPORTED_TYPE,
    /** A value is outside of what its type may hold at the target. */
    UNREPRESENTABLE,
    /** A text could not be parsed as the mapping says. */
    UNPARSABLE,
    /** A code is not in the mapping's table. */
    UNMAPPED_CODE,
    /** A code has several equivalents, and the mapping does not say which. */
    AMBIGUOUS_CODE,
    /** A code has no equivalent, as its map declares. */
    NO_EQUIVALENT,
    /** The only equivalent of a code is wider, narrower or inexact, and the mapping does not accept that. */
    INEXACT_CODE,
    /** A unit is neither in the mapping's table nor a UCUM code of the expected dimension. */
    UNKNOWN_UNIT,
    /** No value of a unit is one of the target unit, or its digits never end and no rounding is declared. */
    INCONVERTIBLE_UNIT,
    /** An expression of the mapping gives no answer for a row. */
    NOT_COMPUTABLE,
    /** The log did not repeat a value, and no earlier row is known to take it from. */
    UNCHANGED_VALUE_UNKNOWN,
    /** A row of a table without a key was removed that was not known to be there. */
    COPY_UNKNOWN,
    /** The row's columns are not those that the mapping was written for. */
    SCHEMA_MISMATCH,
    /** The target refused the row because of a constraint. */
    CONSTRAINT,
    /** The target refused the value. */
    REFUSED_VALUE;

    /** Lower case with hyphens, as people and labels write it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
