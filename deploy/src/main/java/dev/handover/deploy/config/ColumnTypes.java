package dev.handover.deploy.config;

import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Types of derived columns as the file writes them, in PostgreSQL's words. */
final class ColumnTypes {
    private static final Pattern SIZED =
            Pattern.compile("(varchar|char|numeric)\\(([0-9]{1,5})(?:, ?([0-9]{1,4}))?\\)");
    private static final int NUMERIC_DIGITS_MAX = 1_000;
    private static final Map<String, Kind> PLAIN = new LinkedHashMap<>();

    static {
        PLAIN.put("boolean", Kind.BOOLEAN);
        PLAIN.put("smallint", Kind.INT16);
        PLAIN.put("integer", Kind.INT32);
        PLAIN.put("bigint", Kind.INT64);
        PLAIN.put("numeric", Kind.DECIMAL);
        PLAIN.put("real", Kind.FLOAT32);
        PLAIN.put("double precision", Kind.FLOAT64);
        PLAIN.put("text", Kind.TEXT);
        PLAIN.put("bytea", Kind.BYTES);
        PLAIN.put("date", Kind.DATE);
        PLAIN.put("time", Kind.TIME);
        PLAIN.put("timestamp", Kind.TIMESTAMP);
        PLAIN.put("timestamptz", Kind.TIMESTAMPTZ);
        PLAIN.put("uuid", Kind.UUID);
    }

    private ColumnTypes() {}

    /** @throws Invalid at that key, when the text is none of them */
    static ColumnType parse(String key, String text) {
        Kind kind = PLAIN.get(text);
        if (kind != null) {
            return ColumnType.of(kind);
        }
        Matcher sized = SIZED.matcher(text);
        if (sized.matches()) {
            int length = Integer.parseInt(sized.group(2));
            int scale = sized.group(3) == null ? 0 : Integer.parseInt(sized.group(3));
            boolean numeric = sized.group(1).equals("numeric");
            if (length >= 1 && (numeric ? length <= NUMERIC_DIGITS_MAX && scale <= length : sized.group(3) == null)) {
                return switch (sized.group(1)) {
                    case "numeric" -> ColumnType.decimal(length, scale);
                    case "varchar" -> ColumnType.text(length);
                    default -> new ColumnType(Kind.CHAR, length, 0, "char");
                };
            }
        }
        throw new Invalid(
                key,
                "no type of a derived column",
                "write one of " + String.join(", ", PLAIN.keySet()) + ", varchar(20), char(2), numeric(10,2)");
    }
}
