package dev.handover.sink.postgres;

import dev.handover.drift.TypeFit;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A column's type as PostgreSQL writes it, understood as far as it takes to compare two of them. Pure. */
final class ServerType {
    private static final Pattern FORM =
            Pattern.compile("([a-z ]+?)(?:\\((\\d+)(?:,(-?\\d+))?\\))?( without time zone| with time zone)?");

    private ServerType() {}

    /** Whether a column of the first type holds every value of the second as it is. */
    static boolean holds(String wide, String narrow) {
        TypeFit fit = TypeFit.of(parse(narrow), parse(wide));
        return fit == TypeFit.SAME || fit == TypeFit.WIDER;
    }

    private static ColumnType parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return ColumnType.postgres(text);
        }
        int length = form.group(2) == null ? ColumnType.UNLIMITED : Integer.parseInt(form.group(2));
        int scale = form.group(3) == null ? 0 : Integer.parseInt(form.group(3));
        boolean zoned = " with time zone".equals(form.group(4));
        return switch (form.group(1)) {
            case "smallint" -> ColumnType.of(Kind.INT16);
            case "integer" -> ColumnType.of(Kind.INT32);
            case "bigint" -> ColumnType.of(Kind.INT64);
            case "real" -> ColumnType.of(Kind.FLOAT32);
            case "double precision" -> ColumnType.of(Kind.FLOAT64);
            case "numeric" -> ColumnType.decimal(length, scale);
            case "text", "character varying" -> ColumnType.text(length);
            case "character" -> new ColumnType(Kind.CHAR, length, 0, text);
            case "bit" -> new ColumnType(Kind.BITS, length, 0, text);
            case "bit varying" -> new ColumnType(Kind.VARBITS, length, 0, text);
            case "time" -> new ColumnType(zoned ? Kind.TIMETZ : Kind.TIME, length, 0, text);
            case "timestamp" -> new ColumnType(zoned ? Kind.TIMESTAMPTZ : Kind.TIMESTAMP, length, 0, text);
            default -> ColumnType.postgres(text);
        };
    }
}
