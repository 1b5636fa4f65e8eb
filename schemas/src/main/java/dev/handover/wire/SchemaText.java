package dev.handover.wire;

import dev.handover.row.TableSchema;
import dev.handover.wire.RowContract.Cells;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** The schema of a table as a text that gives it back: an Avro schema of its rows. */
public final class SchemaText {
    private SchemaText() {}

    /** The text of a schema. */
    public static String of(TableSchema schema) {
        return RowContract.row(schema, Cells.COMPLETE).toString();
    }

    /** The schema of a text. @throws IllegalArgumentException when it is none */
    public static TableSchema parse(String text) {
        try {
            return RowContract.table(new Schema.Parser().parse(text));
        } catch (AvroRuntimeException e) {
            throw new IllegalArgumentException("not a schema of a table");
        }
    }
}
