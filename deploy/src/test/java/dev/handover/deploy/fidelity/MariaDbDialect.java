package dev.handover.deploy.fidelity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.handover.deploy.stack.Service;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** MariaDB is asked for hexadecimal digits wherever a driver or a session could change a text. */
final class MariaDbDialect implements Dialect {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** What a type is to SQL. */
    private enum Form {
        WHOLE,
        DECIMAL,
        REAL,
        BIT,
        BITS,
        TEXT,
        LABEL,
        BYTES,
        CLOCK,
        INSTANT,
        PLAIN
    }

    private static Form form(String type) {
        String word = type.replaceAll("[ (].*", "").toLowerCase(Locale.ROOT);
        return switch (word) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "year" -> Form.WHOLE;
            case "decimal" -> Form.DECIMAL;
            case "float", "double" -> Form.REAL;
            case "bit" -> type.startsWith("bit(1)") ? Form.BIT : Form.BITS;
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "json" -> Form.TEXT;
            case "enum", "set" -> Form.LABEL;
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> Form.BYTES;
            case "time", "datetime" -> Form.CLOCK;
            case "timestamp" -> Form.INSTANT;
            case "date", "uuid" -> Form.PLAIN;
            default -> throw new IllegalArgumentException("type " + type);
        };
    }

    @Override
    public String engine() {
        return "MariaDB";
    }

    @Override
    public Service service() {
        return Service.MARIADB;
    }

    @Override
    public String home() {
        return "zoo";
    }

    @Override
    public String back() {
        return "back";
    }

    @Override
    public List<String> session() {
        return List.of("SET SESSION time_zone = '+00:00', sql_mode = ''");
    }

    @Override
    public String atSource(String type, String cell) {
        return switch (form(type)) {
            case WHOLE -> "CAST(" + cell + " + 0 AS CHAR)";
            case DECIMAL -> "CAST(" + cell + (type.contains("zerofill") ? " + 0" : "") + " AS CHAR)";
            case PLAIN -> "CAST(" + cell + " AS CHAR)";
            case REAL -> "CAST(CAST(" + cell + " AS DOUBLE) AS CHAR)";
            case BIT -> "BIN(" + cell + " + 0)";
            case BITS -> "LPAD(BIN(" + cell + " + 0), " + type.replaceAll("[^0-9]", "") + ", '0')";
            case TEXT, LABEL -> "HEX(CONVERT(" + cell + " USING utf8mb4))";
            case BYTES -> "HEX(" + cell + ")";
            case CLOCK, INSTANT ->
                type.contains("(")
                        ? "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST(" + cell + " AS CHAR)))"
                        : "CAST(" + cell + " AS CHAR)";
        };
    }

    @Override
    public String atTarget(String type, String cell) {
        return switch (form(type)) {
            case BIT -> "(" + cell + "::int)::text";
            case REAL -> cell + "::float8::text";
            case TEXT, LABEL -> "upper(encode(convert_to(" + cell + ", 'UTF8'), 'hex'))";
            case BYTES -> "upper(encode(" + cell + ", 'hex'))";
            case INSTANT -> "(" + cell + " AT TIME ZONE 'UTC')::text";
            default -> cell + "::text";
        };
    }

    /** The two servers write a double with other exponents. */
    @Override
    public String comparable(String type, String text) {
        return form(type) == Form.REAL ? Double.toString(Double.parseDouble(text)) : text;
    }

    @Override
    public String literal(String type, String text) {
        return switch (form(type)) {
            // the text '0' is the year 2000
            case WHOLE -> text;
            case BIT, BITS -> "b'" + text + "'";
            case TEXT, LABEL -> "CONVERT(x'" + text + "' USING utf8mb4)";
            case BYTES -> "x'" + text + "'";
            default -> "'" + text + "'";
        };
    }

    @Override
    public String ofRaw(String type, String raw) {
        return switch (form(type)) {
            case TEXT, LABEL -> HEX.formatHex(raw.getBytes(UTF_8));
            case INSTANT -> raw.replace("+00", "");
            default -> raw;
        };
    }

    @Override
    public String sameBytes(String type, String one, String other) {
        return switch (form(type)) {
            case TEXT, BYTES -> "HEX(" + one + ") <=> HEX(" + other + ")";
            case LABEL -> "CONCAT(" + one + " + 0) <=> CONCAT(" + other + " + 0)";
            case CLOCK, INSTANT -> "CAST(" + one + " AS CHAR) <=> CAST(" + other + " AS CHAR)";
            default -> atSource(type, one) + " <=> " + atSource(type, other);
        };
    }
}
