package dev.handover.capture.engine;

import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says of every type that it derives from text, and so every column of the log arrives as the text that PostgreSQL
 * printed, untouched: Debezium's own decoding loses what Java's types cannot hold (the offset of {@code timetz},
 * {@code BC}, fractions of intervals, types it does not know). The name and the modifiers of the real type stay, so a
 * change of a column's type is seen.
 */
final class TextTypes extends TypeRegistry {
    private static final int TEXT = 25;
    private static final String PREFIX = "handover:";

    private final Map<Integer, PostgresType> byOid = new ConcurrentHashMap<>();
    private final PostgresType text;

    TextTypes(PostgresConnection connection) {
        super(connection);
        this.text = new PostgresType.Builder(this, PREFIX + "text", TEXT, Types.VARCHAR, NO_TYPE_MODIFIER, null)
                .enumValues(List.of())
                .build();
    }

    @Override
    public PostgresType get(int oid) {
        return byOid.computeIfAbsent(oid, this::derived);
    }

    /** By name it is only asked how to read a value, which is always as text. */
    @Override
    public PostgresType get(String name) {
        return text;
    }

    private PostgresType derived(int oid) {
        if (oid == TEXT) {
            return text;
        }
        PostgresType real = super.get(oid);
        return new PostgresType.Builder(
                        this, PREFIX + real.getName(), oid, Types.VARCHAR, NO_TYPE_MODIFIER, real.getTypeInfo())
                .parentType(TEXT)
                .build();
    }
}
