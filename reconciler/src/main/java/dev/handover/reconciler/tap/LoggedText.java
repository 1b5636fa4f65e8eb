package dev.handover.reconciler.tap;

import dev.handover.reconciler.tap.LogMessage.LoggedColumn;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The canonical text of a value of the log, by the number of its type. Most types are written as PostgreSQL prints
 * them; of the others the canonical text is that of {@link PostgresText}. Used by one thread.
 */
final class LoggedText {
    private static final int CHAR = 1042;

    private static final Map<Integer, Kind> REWRITTEN = Map.of(
            700, Kind.FLOAT32,
            701, Kind.FLOAT64,
            1700, Kind.DECIMAL,
            1083, Kind.TIME,
            1266, Kind.TIMETZ,
            1114, Kind.TIMESTAMP,
            1184, Kind.TIMESTAMPTZ,
            1186, Kind.INTERVAL);

    /** Numbers from here on are those of types that somebody made. */
    private static final int MADE = 16_384;

    private final Domains domains;
    private final Map<Integer, Optional<Base>> known = new HashMap<>();

    LoggedText(Domains domains) {
        this.domains = domains;
    }

    /** What a domain restricts. */
    record Base(int type, int modifier) {}

    /** Knows the domains of the source. */
    @FunctionalInterface
    interface Domains {
        /** Of a type by its number; empty where it is no domain. */
        Optional<Base> base(int type);
    }

    /** What both views call this value. A text that is not of its type is taken as it is, and found to differ. */
    String of(LoggedColumn column, String printed) {
        int type = column.type();
        int modifier = column.modifier();
        if (type >= MADE || type < 0) {
            Optional<Base> base = known.computeIfAbsent(type, domains::base);
            if (base.isPresent()) {
                type = base.get().type();
                modifier = base.get().modifier();
            }
        }
        if (type == CHAR) {
            return modifier < 0 ? printed : PostgresText.withoutPadding(printed);
        }
        Kind kind = REWRITTEN.get(type);
        if (kind == null) {
            return printed;
        }
        try {
            Value value = PostgresText.parse(ColumnType.of(kind), printed);
            return value instanceof Value.Text text ? text.value() : PostgresText.format(value);
        } catch (IllegalArgumentException e) {
            return printed;
        }
    }
}
