package dev.handover.capture.catalog;

import dev.handover.capture.LoggedType;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import java.util.Locale;
import java.util.Optional;

/**
 * The rule from MariaDB's and MySQL's types to ours. Unsigned numbers go to the next wider type, an enum or set becomes
 * its text, a {@code TIME} a duration because it holds more than a day, and {@code bit(1)} a boolean.
 */
final class MariaDbTypes {
    /** A float of more digits is a double. */
    private static final int FLOAT_DIGITS_MAX = 24;

    private static final int DECIMAL_DIGITS = 10;

    private MariaDbTypes() {}

    /**
     * A column as {@code information_schema} describes it.
     *
     * @param dataType the bare word, {@code int}
     * @param columnType with lengths and attributes, {@code int(10) unsigned}
     * @param characters greatest number of characters or bytes; -1 where there is none
     * @param precision of numbers; the width of {@code bit}; -1 where there is none
     * @param fraction digits of temporal types
     */
    record Described(String dataType, String columnType, long characters, long precision, int scale, int fraction) {}

    /** Our type, or nothing when the column's values cannot travel. */
    static Optional<ColumnType> resolve(Described column) {
        String full = column.columnType().toLowerCase(Locale.ROOT);
        if (full.contains("compressed") || full.equals("year(2)")) {
            return Optional.empty();
        }
        boolean unsigned = full.contains("unsigned") || full.contains("zerofill");
        return switch (column.dataType().toLowerCase(Locale.ROOT)) {
            case "tinyint" -> plain(Kind.INT16, full);
            case "smallint" -> plain(unsigned ? Kind.INT32 : Kind.INT16, full);
            case "mediumint" -> plain(Kind.INT32, full);
            case "int", "integer" -> plain(unsigned ? Kind.INT64 : Kind.INT32, full);
            case "bigint" -> plain(unsigned ? Kind.UINT64 : Kind.INT64, full);
            case "decimal", "numeric" ->
                Optional.of(new ColumnType(Kind.DECIMAL, (int) column.precision(), column.scale(), full));
            case "float" -> plain(Kind.FLOAT32, full);
            case "double", "real" -> plain(Kind.FLOAT64, full);
            case "bit" ->
                column.precision() == 1 ? plain(Kind.BOOLEAN, full) : sized(Kind.BITS, column.precision(), full);
            case "char", "varchar" -> sized(Kind.TEXT, column.characters(), full);
            case "tinytext", "text", "mediumtext", "longtext" -> plain(Kind.TEXT, full);
            // the labels are not part of the name: a new one does not make another schema
            case "enum", "set" -> plain(Kind.TEXT, column.dataType());
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> plain(Kind.BYTES, full);
            case "date" -> plain(Kind.DATE, full);
            case "time" -> sized(Kind.DURATION, column.fraction(), full);
            case "datetime" -> sized(Kind.TIMESTAMP, column.fraction(), full);
            case "timestamp" -> sized(Kind.TIMESTAMPTZ, column.fraction(), full);
            case "year" -> plain(Kind.INT16, full);
            case "uuid" -> plain(Kind.UUID, full);
            case "json" -> plain(Kind.JSON, full);
            default -> Optional.empty();
        };
    }

    /**
     * Our type of a column of the log, whose words are those of the statement that made it: {@code DEC}, {@code INT8},
     * {@code CHARACTER VARYING} and the other synonyms.
     */
    static Optional<ColumnType> logged(LoggedType type) {
        String full = type.name().toLowerCase(Locale.ROOT).strip();
        String word = word(full);
        boolean real = word.equals("float") && type.length() > FLOAT_DIGITS_MAX && type.scale() < 0;
        int digits = type.length() < 0 ? word.equals("bit") ? 1 : DECIMAL_DIGITS : type.length();
        return resolve(new Described(
                        real ? "double" : word,
                        full.startsWith("serial") ? "bigint unsigned" : full,
                        type.length() < 0 && word.equals("char") ? 1 : type.length(),
                        digits,
                        Math.max(type.scale(), 0),
                        Math.max(type.length(), 0)))
                .map(ours -> new ColumnType(ours.kind(), ours.length(), ours.scale(), named(full, word, type)));
    }

    /** The type for people, with its length where that is one. */
    private static String named(String full, String word, LoggedType type) {
        if (type.length() < 0 || word.equals("enum") || word.equals("set")) {
            return full;
        }
        return full + "(" + type.length() + (type.scale() < 0 ? "" : "," + type.scale()) + ")";
    }

    private static String word(String full) {
        String[] words = full.split("\\s+");
        boolean varying = full.contains("varying") || full.contains("varchar");
        return switch (words[0]) {
            case "integer", "int4" -> "int";
            case "int1", "bool", "boolean" -> "tinyint";
            case "int2" -> "smallint";
            case "int3", "middleint" -> "mediumint";
            case "int8", "serial" -> "bigint";
            case "dec", "fixed", "numeric" -> "decimal";
            case "real", "float8" -> "double";
            case "float4" -> "float";
            case "character", "char", "nchar", "national" -> varying ? "varchar" : "char";
            case "nvarchar", "varcharacter" -> "varchar";
            case "long" -> full.contains("binary") ? "mediumblob" : "mediumtext";
            // MariaDB's own json is text with a check
            case "json" -> "longtext";
            default -> words[0];
        };
    }

    /** What to do about a column that cannot travel. */
    static String remedy(Described column) {
        return switch (column.dataType().toLowerCase(Locale.ROOT)) {
            case "year" ->
                "make it YEAR(4) at the source: a year of two digits means different ones in different places";
            case "inet4", "inet6" -> "make it VARCHAR(45) at the source, or exclude the table";
            case "vector" -> "make it BLOB at the source, or exclude the table";
            case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon" ->
                "add a column with ST_AsText of it and drop it at the source, or exclude the table";
            case "geometrycollection", "geomcollection" ->
                "add a column with ST_AsText of it and drop it at the source, or exclude the table";
            default ->
                column.columnType().toLowerCase(Locale.ROOT).contains("compressed")
                        ? "the log holds compressed bytes: make the column uncompressed at the source"
                        : "change the column to a text type at the source, or exclude the table";
        };
    }

    private static Optional<ColumnType> plain(Kind kind, String name) {
        return Optional.of(new ColumnType(kind, ColumnType.UNLIMITED, 0, name));
    }

    private static Optional<ColumnType> sized(Kind kind, long length, String name) {
        return Optional.of(new ColumnType(kind, (int) length, 0, name));
    }
}
