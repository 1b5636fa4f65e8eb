package dev.handover.capture.engine;

import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import java.lang.reflect.Proxy;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.TypeInfo;

/**
 * Says of every type that it derives from text, and so every column of the log arrives as the text that PostgreSQL
 * printed, untouched: Debezium's own decoding loses what Java's types cannot hold (the offset of {@code timetz},
 * {@code BC}, fractions of intervals, types it does not know). The number and the modifier of the real type stay, as
 * the type's name and length, so that a row is read by the type it was written under.
 */
final class TextTypes extends TypeRegistry {
    private static final int TEXT = 25;
    private static final String PREFIX = "handover:";

    /** Tells a column's modifier as its length, as it is. */
    private static final TypeInfo MODIFIERS = (TypeInfo) Proxy.newProxyInstance(
            TextTypes.class.getClassLoader(),
            new Class<?>[] {TypeInfo.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "getPrecision" -> arguments[1];
                case "getScale" -> 0;
                default -> throw new UnsupportedOperationException(method.getName());
            });

    /** Absent while the real types are being read, which the constructor of the superclass does. */
    private final @Nullable Map<Integer, PostgresType> derived;

    TextTypes(PostgresConnection connection) {
        super(connection);
        Map<Integer, PostgresType> types = new ConcurrentHashMap<>();
        types.put(
                TEXT,
                new PostgresType.Builder(this, PREFIX + TEXT, TEXT, Types.VARCHAR, NO_TYPE_MODIFIER, null)
                        .enumValues(List.of())
                        .build());
        this.derived = types;
    }

    @Override
    public PostgresType get(int oid) {
        if (derived == null) {
            return super.get(oid);
        }
        // Not computeIfAbsent: deriving asks for the type of text in turn.
        PostgresType known = derived.get(oid);
        if (known == null) {
            known = derive(oid);
            derived.put(oid, known);
        }
        return known;
    }

    /** By name it is only asked how to read a value, which is always as text. */
    @Override
    public PostgresType get(String name) {
        return derived == null ? super.get(name) : get(TEXT);
    }

    private PostgresType derive(int oid) {
        return new PostgresType.Builder(this, PREFIX + oid, oid, Types.VARCHAR, NO_TYPE_MODIFIER, MODIFIERS)
                .parentType(TEXT)
                .build();
    }
}
