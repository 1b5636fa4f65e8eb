package dev.handover.mapping;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Value;

/**
 * What a PostgreSQL target cannot hold, told before it is tried: a value is refused by name of its column, never bent.
 */
final class TargetLimits {
    private TargetLimits() {}

    static Outcome<Cell> check(Column column, Cell cell) {
        if (cell instanceof Value.Text text && !holds(column, text.value())) {
            return Outcome.rejected(Reason.UNREPRESENTABLE, column.name());
        }
        return Outcome.accepted(cell);
    }

    private static boolean holds(Column column, String text) {
        return switch (column.type().kind()) {
            case DATE, TIMESTAMP, TIMESTAMPTZ -> !isZeroDate(text);
            case TEXT, CHAR, JSON, JSONB, NATIVE -> text.indexOf('\0') < 0 && isWellFormed(text);
            default -> true;
        };
    }

    /** MariaDB's {@code 0000-00-00}, year 0, and dates without a month or day. */
    private static boolean isZeroDate(String text) {
        return text.startsWith("0000-")
                || text.length() >= 10
                        && text.charAt(4) == '-'
                        && (text.startsWith("00", 5) || text.startsWith("00", 8));
    }

    /** Whether every surrogate has its partner: a lone one has no UTF-8 form. */
    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
