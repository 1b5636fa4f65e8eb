package dev.handover.capture.decode;

import dev.handover.capture.Boundary;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.TableId;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** How one engine's records say where they are and what they hold. */
public interface LogFormat {
    /** The parameter of a field that names the column's type at the source. */
    String TYPE = "__debezium.source.column.type";

    /** The parameter of a field that holds the type's length, where it has one. */
    String LENGTH = "__debezium.source.column.length";

    /** The parameter of a field that holds the type's scale, where it has one. */
    String SCALE = "__debezium.source.column.scale";

    /** The table that the {@code source} part of an envelope names. */
    TableId table(Struct source);

    /**
     * The position of a change.
     *
     * @param previous the boundary before its transaction
     * @param order of the change among the captured changes of its transaction, from 1
     */
    SourcePosition position(Boundary previous, SourceRecord event, long order);

    /**
     * The cell of a column.
     *
     * @throws IllegalArgumentException when the value is not of the column's type; the message holds no value
     */
    Cell cell(Column column, @Nullable Object value);

    /** Whether a field says that the log does not repeat the value. */
    default boolean unchanged(Object value) {
        return false;
    }

    /** The boundary after the transaction that this record ends. */
    Boundary boundary(SourceRecord end, long heartbeat, java.time.Instant committedAt);

    /**
     * What a snapshot saw, from what the source's log said of it.
     *
     * @throws IllegalArgumentException when it did not say that
     */
    LoadCut cut(String text);

    /** The source's number of the transaction of a change; 0 where the log has none. */
    default long transaction(SourceRecord change) {
        return 0;
    }

    /** Whether a re-read record is before the boundary that streaming started from, and so was sent already. */
    default boolean before(Boundary start, Map<String, ?> offset) {
        return false;
    }
}
