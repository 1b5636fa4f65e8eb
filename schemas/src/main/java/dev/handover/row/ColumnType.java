package dev.handover.row;

import java.util.Objects;

/**
 * The type of a column.
 *
 * @param kind how its values travel
 * @param length precision, width or greatest number of characters; -1 where there is none. For temporal kinds the
 *     number of fraction digits.
 * @param scale digits after the point; 0 where it has no meaning
 * @param name the source's own name of the type, for people; for {@link Kind#NATIVE} the PostgreSQL type itself
 */
public record ColumnType(Kind kind, int length, int scale, String name) {
    /** Where a length has no meaning or no limit. */
    public static final int UNLIMITED = -1;

    public ColumnType {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        if (kind == Kind.NATIVE && name.isBlank()) {
            throw new IllegalArgumentException("a native column names its PostgreSQL type");
        }
    }

    /** A type without length or scale. */
    public static ColumnType of(Kind kind) {
        return new ColumnType(kind, UNLIMITED, 0, kind.name().toLowerCase(java.util.Locale.ROOT));
    }

    /** Text of at most {@code length} characters. */
    public static ColumnType text(int length) {
        return new ColumnType(Kind.TEXT, length, 0, "varchar");
    }

    /** Numbers of the given precision and scale. */
    public static ColumnType decimal(int precision, int scale) {
        return new ColumnType(Kind.DECIMAL, precision, scale, "numeric");
    }

    /** A PostgreSQL type that travels as its own text. */
    public static ColumnType postgres(String name) {
        return new ColumnType(Kind.NATIVE, UNLIMITED, 0, name);
    }

    /** The column's type in a PostgreSQL target: the declared rule from every kind to one type. */
    public String postgres() {
        return switch (kind) {
            case BOOLEAN -> "boolean";
            case INT16 -> "smallint";
            case INT32 -> "integer";
            case INT64 -> "bigint";
            case UINT64 -> "numeric(20,0)";
            case DECIMAL -> length == UNLIMITED ? "numeric" : "numeric(" + length + "," + scale + ")";
            case FLOAT32 -> "real";
            case FLOAT64 -> "double precision";
            case TEXT -> length == UNLIMITED ? "text" : sized("character varying");
            case CHAR -> sized("character");
            case BYTES -> "bytea";
            case BITS -> sized("bit");
            case VARBITS -> length == UNLIMITED ? "bit varying" : sized("bit varying");
            case DATE -> "date";
            case TIME -> fractioned("time", "without time zone");
            case TIMETZ -> fractioned("time", "with time zone");
            case TIMESTAMP -> fractioned("timestamp", "without time zone");
            case TIMESTAMPTZ -> fractioned("timestamp", "with time zone");
            case DURATION, INTERVAL -> "interval";
            case UUID -> "uuid";
            case JSON -> "json";
            case JSONB -> "jsonb";
            case NATIVE -> name;
        };
    }

    private String sized(String type) {
        return length == UNLIMITED ? type : type + "(" + length + ")";
    }

    private String fractioned(String type, String zone) {
        return (length == UNLIMITED ? type : type + "(" + length + ")") + " " + zone;
    }
}
