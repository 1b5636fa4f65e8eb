package dev.handover.capture.catalog;

import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import java.util.Map;
import java.util.Optional;

/**
 * The rule from PostgreSQL's types to ours. What exists in every PostgreSQL keeps its own type; an enum becomes text
 * and a domain what it restricts, because the target does not have them; a type of an extension keeps its name, without
 * the source's schema.
 */
final class PostgresTypes {
    /** Printed names of the source's own objects or users, which mean something else at the target. */
    private static final String NAMES_OF_OBJECTS = "reg.*|aclitem|_?pg_node_tree|pg_ddl_command|refcursor";

    private static final int HEADER = 4;
    private static final int SCALE_BITS = 0x7ff;
    private static final int SCALE_SIGN = 0x400;

    private final Map<Long, PostgresType> types;

    PostgresTypes(Map<Long, PostgresType> types) {
        this.types = Map.copyOf(types);
    }

    /**
     * Our type of a column, or nothing when it cannot travel.
     *
     * @param modifier PostgreSQL's {@code atttypmod}; -1 where there is none
     * @param text the type as {@code format_type} writes it
     */
    Optional<ColumnType> resolve(long oid, int modifier, String text) {
        PostgresType type = types.get(oid);
        if (type == null) {
            return Optional.empty();
        }
        if (type.array()) {
            return array(type, text);
        }
        return switch (type.form()) {
            case 'd' -> resolve(type.base(), type.baseModifier(), type.baseText());
            case 'e' -> Optional.of(new ColumnType(Kind.TEXT, ColumnType.UNLIMITED, 0, text));
            case 'b' -> base(type, modifier, text);
            case 'r', 'm' -> type.builtIn() ? Optional.of(ColumnType.postgres(text)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<ColumnType> array(PostgresType type, String text) {
        PostgresType element = types.get(type.element());
        if (element == null) {
            return Optional.empty();
        }
        if (element.form() == 'e') {
            return Optional.of(ColumnType.postgres("text[]"));
        }
        if (element.form() == 'd') {
            return resolve(element.base(), element.baseModifier(), element.baseText())
                    .filter(base -> !base.postgres().endsWith("[]"))
                    .map(base -> ColumnType.postgres(base.postgres() + "[]"));
        }
        return resolve(element.oid(), -1, element.name()).map(known -> ColumnType.postgres(local(element, text)));
    }

    private static Optional<ColumnType> base(PostgresType type, int modifier, String text) {
        if (type.extension()) {
            return Optional.of(ColumnType.postgres(local(type, text)));
        }
        if (!type.builtIn() || type.name().matches(NAMES_OF_OBJECTS)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (type.name()) {
                    case "bool" -> plain(Kind.BOOLEAN, text);
                    case "int2" -> plain(Kind.INT16, text);
                    case "int4" -> plain(Kind.INT32, text);
                    case "int8" -> plain(Kind.INT64, text);
                    case "float4" -> plain(Kind.FLOAT32, text);
                    case "float8" -> plain(Kind.FLOAT64, text);
                    case "numeric" -> numeric(modifier, text);
                    case "text", "name" -> plain(Kind.TEXT, text);
                    case "varchar" -> sized(Kind.TEXT, modifier - HEADER, text);
                    // without a length, blanks at the end count, and "character" would be a single one
                    case "bpchar" ->
                        modifier < HEADER ? ColumnType.postgres("bpchar") : sized(Kind.CHAR, modifier - HEADER, text);
                    case "bytea" -> plain(Kind.BYTES, text);
                    case "bit" -> modifier < 1 ? ColumnType.postgres("bit varying") : sized(Kind.BITS, modifier, text);
                    case "varbit" -> sized(Kind.VARBITS, modifier, text);
                    case "date" -> plain(Kind.DATE, text);
                    case "time" -> sized(Kind.TIME, modifier, text);
                    case "timetz" -> sized(Kind.TIMETZ, modifier, text);
                    case "timestamp" -> sized(Kind.TIMESTAMP, modifier, text);
                    case "timestamptz" -> sized(Kind.TIMESTAMPTZ, modifier, text);
                    case "interval" -> plain(Kind.INTERVAL, text);
                    case "uuid" -> plain(Kind.UUID, text);
                    case "json" -> plain(Kind.JSON, text);
                    case "jsonb" -> plain(Kind.JSONB, text);
                    default -> ColumnType.postgres(text);
                });
    }

    private static ColumnType plain(Kind kind, String text) {
        return new ColumnType(kind, ColumnType.UNLIMITED, 0, text);
    }

    private static ColumnType sized(Kind kind, int length, String text) {
        return new ColumnType(kind, length < 0 ? ColumnType.UNLIMITED : length, 0, text);
    }

    /** Eleven bits of scale, signed since PostgreSQL 15, below sixteen of precision. */
    private static ColumnType numeric(int modifier, String text) {
        if (modifier < HEADER) {
            return plain(Kind.DECIMAL, text);
        }
        int packed = modifier - HEADER;
        int scale = ((packed & SCALE_BITS) ^ SCALE_SIGN) - SCALE_SIGN;
        return new ColumnType(Kind.DECIMAL, packed >> 16 & 0xffff, scale, text);
    }

    private static String local(PostgresType type, String text) {
        String bare = type.schema() + ".";
        String quoted = "\"" + type.schema().replace("\"", "\"\"") + "\".";
        if (text.startsWith(bare)) {
            return text.substring(bare.length());
        }
        return text.startsWith(quoted) ? text.substring(quoted.length()) : text;
    }
}
