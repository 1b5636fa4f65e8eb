package dev.handover.wire;

import dev.handover.change.Origin;
import java.util.Arrays;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** What a record of a change log or a canonical topic is; the order is that of the symbols on the wire. */
enum ChangeKind {
    UPSERT(0),
    DELETE(1),
    MARK(2),
    MARK_LOADED(3),
    CHUNK(4);

    private final int symbol;

    ChangeKind(int symbol) {
        this.symbol = symbol;
    }

    /** Its number among the symbols. */
    int symbol() {
        return symbol;
    }

    /** The number of an origin among the symbols. */
    static int symbol(Origin origin) {
        return switch (origin) {
            case LOAD -> 0;
            case STREAM -> 1;
            case REPLAY -> 2;
        };
    }

    static Schema schema() {
        return enumeration("ChangeKind", values());
    }

    static Schema origin() {
        return enumeration("Origin", Origin.values());
    }

    static Schema micros() {
        return LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    }

    private static Schema enumeration(String name, Enum<?>[] symbols) {
        return SchemaBuilder.enumeration(name)
                .namespace(RowContract.NAMESPACE)
                .symbols(Arrays.stream(symbols).map(Enum::name).toArray(String[]::new));
    }

    static ChangeKind mark(boolean loaded) {
        return loaded ? MARK_LOADED : MARK;
    }

    boolean isMark() {
        return this == MARK || this == MARK_LOADED;
    }
}
