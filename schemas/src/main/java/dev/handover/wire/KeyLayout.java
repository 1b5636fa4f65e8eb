package dev.handover.wire;

import dev.handover.change.SourceChange;
import dev.handover.row.Kind;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.wire.AvroBinary.UndecodableBytes;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** Keys in the bytes of {@link RowContract#key} and {@link RowContract#changeKey}. */
final class KeyLayout {
    private final List<Kind> kinds;
    private final boolean ofChange;

    private KeyLayout(List<Kind> kinds, boolean ofChange) {
        this.kinds = kinds;
        this.ofChange = ofChange;
    }

    /** Of a key's schema. @throws IllegalArgumentException when it is not one of these contracts */
    static KeyLayout of(Schema key) {
        List<Kind> kinds = new ArrayList<>();
        boolean ofChange = false;
        for (Schema.Field field : key.getFields()) {
            if (field.name().equals(RowContract.CHANGE) && field.schema().getType() == Schema.Type.BYTES) {
                ofChange = true;
                continue;
            }
            Kind kind = RowContract.column(field).type().kind();
            if (ofChange || field.schema().getType() != RowContract.avro(kind)) {
                throw new IllegalArgumentException("field \"" + field.name() + "\" is no part of a key");
            }
            kinds.add(kind);
        }
        return new KeyLayout(List.copyOf(kinds), ofChange);
    }

    /** A key of that table. @throws IllegalArgumentException when this is the layout of another table's keys */
    RowKey read(TableSchema table, AvroIn in) throws UndecodableBytes {
        if (kinds.size() != table.key().size()) {
            throw new IllegalArgumentException("a key of " + table.table() + " has other parts");
        }
        Value[] values = new Value[kinds.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = RowLayout.value(kinds.get(i), in);
        }
        if (ofChange) {
            in.bytes();
        }
        in.end();
        return new RowKey(List.of(values));
    }

    static AvroOut write(AvroOut out, RowKey key) {
        for (Value value : key.values()) {
            RowLayout.write(out, value);
        }
        return out;
    }

    /**
     * Of a table without a key, every change counts, and not only the newest of a row: each has a key of its own, made
     * of the row and the position, so that a log that is compacted keeps them all.
     */
    static AvroOut write(AvroOut out, SourceChange change) {
        write(out, change.key());
        if (change.schema().keyless()) {
            out.bytes(change.position().bytes());
        }
        return out;
    }
}
