package dev.handover.capture.decode;

import dev.handover.capture.Boundary;
import dev.handover.capture.RowReader;
import dev.handover.capture.TableSelection;
import dev.handover.change.Lineage;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.digest.ContentRows;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * From the engine's records, in their order, to changes and boundaries. It checks what it can: transactions begin and
 * end, an end's count of events is what was seen, the heartbeat's counter steps by one. Used by one thread.
 */
public final class StreamDecoder {
    private static final String TRANSACTION = "transaction";

    private final LogFormat format;
    private final Schemas schemas;
    private final String heartbeatId;
    private final Boundary start;
    private final LoadCuts cuts;
    private final RowReader rows;
    private final Map<TableSchema, ContentRows> contentRows = new HashMap<>();
    private Boundary boundary;
    private String transaction = "";
    private boolean inTransaction;
    private long seen;
    private long order;
    private long heartbeat;
    private Set<TableId> reread = Set.of();

    /** Knows the schema of the rows of a table, given the fields that the log shows. */
    public interface Schemas {
        /**
         * How rows with these fields are read.
         *
         * @param key the fields that identify a row, as far as the log tells them
         */
        Reading of(TableId table, Schema fields, List<String> key);

        /** Parks a table whose rows were all deleted, without the log naming them. */
        Reading.Parked truncated(TableId table);
    }

    /**
     * @param start where streaming starts
     * @param heartbeatId names our row among the heartbeats
     * @param cuts what later loads of tables have seen already
     * @param rows for a row that comes under a new key, without the values that are stored out of line
     */
    public StreamDecoder(
            LogFormat format, Schemas schemas, Boundary start, String heartbeatId, LoadCuts cuts, RowReader rows) {
        this.cuts = cuts;
        this.rows = rows;
        this.format = format;
        this.schemas = schemas;
        this.start = start;
        this.boundary = start;
        this.heartbeat = start.heartbeat();
        this.heartbeatId = heartbeatId;
    }

    /** The end of the last complete transaction. */
    public Boundary boundary() {
        return boundary;
    }

    /**
     * Changes of these tables, and of no other, are told whole from now on: what the log does not repeat is read again.
     * While a table is loaded again, what downstream knows of such a value may be what the load is to correct.
     */
    public void reread(Set<TableId> tables) {
        reread = Set.copyOf(tables);
    }

    /**
     * What a record means.
     *
     * @param capturedAt when the engine handed it over
     * @throws Fault when it cannot be understood, or something before it is missing
     */
    public Step accept(SourceRecord event, Instant capturedAt) {
        if (!(event.value() instanceof Struct value) || format.before(start, event.sourceOffset())) {
            return Step.NOTHING;
        }
        if (value.schema().field("status") != null && value.schema().field("event_count") != null) {
            return value.getString("status").equals("BEGIN") ? begin(value) : end(event, value);
        }
        return value.schema().field("op") == null ? Step.NOTHING : change(event, value, capturedAt);
    }

    private Step begin(Struct value) {
        if (inTransaction) {
            throw gap("transaction " + value.getString("id") + " began before the one before it ended");
        }
        inTransaction = true;
        transaction = value.getString("id");
        seen = 0;
        order = 0;
        return Step.NOTHING;
    }

    private Step end(SourceRecord event, Struct value) {
        long announced = value.getInt64("event_count");
        if (!inTransaction || announced != seen) {
            throw gap("transaction " + value.getString("id") + " ended with " + announced + " events, of which "
                    + (inTransaction ? seen : 0) + " were seen");
        }
        inTransaction = false;
        boundary = format.boundary(event, heartbeat, Instant.ofEpochMilli(value.getInt64("ts_ms")));
        return new Step.End(boundary);
    }

    private Step change(SourceRecord event, Struct value, Instant capturedAt) {
        Struct part = value.getStruct(TRANSACTION);
        if (part == null && !inTransaction && value.getString("op").equals("t")) {
            // MariaDB: a statement of its own
            order = 0;
            return truncated(event, format.table(value.getStruct("source")), value, "");
        }
        if (part == null || !inTransaction || part.getInt64("total_order") != seen + 1) {
            throw gap("after event " + seen + " of transaction " + transaction + " came another than the next");
        }
        seen++;
        String op = value.getString("op");
        if (op.equals("m")) {
            return Step.NOTHING;
        }
        Struct source = value.getStruct("source");
        TableId table = format.table(source);
        if (table.name().equals(TableSelection.HEARTBEAT_TABLE)) {
            return heartbeat(value);
        }
        if (op.equals("t")) {
            return truncated(event, table, value, transaction);
        }
        Struct image = value.getStruct(op.equals("d") ? "before" : "after");
        if (image == null) {
            throw undecodable(table, op.equals("d") ? "before" : "after", "no image of the row");
        }
        Reading reading = schemas.of(table, image.schema(), keyFields(event));
        if (reading instanceof Reading.Parked parked) {
            return held(event, table, value, op, transaction, parked);
        }
        Reading.Followed followed = (Reading.Followed) reading;
        Instant committedAt = Instant.ofEpochMilli(source.getInt64("ts_ms"));
        Lineage lineage = new Lineage(Origin.STREAM, transaction, committedAt, capturedAt);
        List<SourceChange> changes =
                switch (op) {
                    case "c", "u", "r" -> upsert(event, followed, value, lineage);
                    case "d" -> delete(event, followed, value, lineage);
                    default ->
                        throw Fault.of(
                                ExitCode.FAILED,
                                "operation-unknown",
                                "table " + table + ": the log holds an operation that is not understood",
                                "report it, with the engine's version");
                };
        // decoded all the same: the positions of what follows do not depend on when a table was loaded
        return cuts.loaded(table, event, boundary) ? Step.NOTHING : new Step.Changes(changes);
    }

    private static List<String> keyFields(SourceRecord event) {
        return event.keySchema() == null || event.keySchema().type() != Schema.Type.STRUCT
                ? List.of()
                : event.keySchema().fields().stream().map(Field::name).toList();
    }

    private Step truncated(SourceRecord event, TableId table, Struct value, String within) {
        return held(event, table, value, "t", within, schemas.truncated(table));
    }

    private Step held(
            SourceRecord event, TableId table, Struct value, String op, String within, Reading.Parked parked) {
        SourcePosition position = next(event);
        return new Step.Held(
                table,
                position,
                parked.why(),
                ParkedEvent.key(event.key()),
                ParkedEvent.of(format, table, value, op, position, within));
    }

    private List<SourceChange> upsert(SourceRecord event, Reading.Followed reading, Struct value, Lineage lineage) {
        Struct after = value.getStruct("after");
        Struct before = value.getStruct("before");
        TableSchema schema = reading.schema();
        if (schema.keyless()) {
            return replaced(event, reading, value, lineage);
        }
        List<Cell> cells = new ArrayList<>(schema.columns().size());
        for (Column column : schema.columns()) {
            Cell cell = cell(reading, column, after);
            cells.add(cell == Cell.UNCHANGED && before != null ? known(reading, column, before) : cell);
        }
        Row row = new Row(schema, cells);
        RowKey key = key(row);
        List<SourceChange> changes = new ArrayList<>();
        // the engine tells a changed key as a row that is gone and one that is new; a row that is new is told whole
        boolean isNew = value.getString("op").equals("c");
        if (before != null) {
            RowKey old = oldKey(reading, before);
            if (old != null && !old.equals(key)) {
                changes.add(new SourceChange.Delete(schema, old, next(event), lineage));
                isNew = true;
            }
        }
        if ((isNew || reread.contains(schema.table())) && !row.complete()) {
            changes.add(completed(event, reading, row, key, lineage));
            return changes;
        }
        changes.add(new SourceChange.Upsert(key, next(event), lineage, row));
        return changes;
    }

    /**
     * What a change of a table without a key means: one row less that was as before, and one more that is as after. An
     * update that leaves every value as it was means nothing.
     */
    private List<SourceChange> replaced(SourceRecord event, Reading.Followed reading, Struct value, Lineage lineage) {
        TableSchema schema = reading.schema();
        Struct before = value.getStruct("before");
        Struct after = value.getStruct("after");
        if (before == null && value.getString("op").equals("u")) {
            throw undecodable(schema.table(), "before", "the log does not repeat the row before the change");
        }
        List<SourceChange> changes = new ArrayList<>();
        Row old = before == null ? null : content(reading, before, null);
        Row row = after == null ? null : content(reading, after, before);
        if (old != null && old.equals(row)) {
            return changes;
        }
        if (old != null) {
            changes.add(new SourceChange.Delete(schema, old.key(), next(event), lineage));
        }
        if (row != null) {
            changes.add(new SourceChange.Upsert(row.key(), next(event), lineage, row));
        }
        return changes;
    }

    private Row content(Reading.Followed reading, Struct image, @Nullable Struct before) {
        TableSchema schema = reading.schema();
        List<Cell> cells = new ArrayList<>(schema.columns().size());
        for (Column column : schema.content()) {
            Cell cell = cell(reading, column, image);
            if (cell == Cell.UNCHANGED && before != null) {
                cell = cell(reading, column, before);
            }
            if (cell == Cell.UNCHANGED) {
                throw undecodable(schema.table(), column.name(), "the log does not repeat a value");
            }
            cells.add(cell);
        }
        return contentRows.computeIfAbsent(schema, ContentRows::new).row(cells);
    }

    private List<SourceChange> delete(SourceRecord event, Reading.Followed reading, Struct value, Lineage lineage) {
        if (reading.schema().keyless()) {
            return replaced(event, reading, value, lineage);
        }
        Struct before = value.getStruct("before");
        RowKey key = oldKey(reading, before);
        if (key == null) {
            throw undecodable(reading.schema().table(), "before", "a delete does not tell the key");
        }
        return List.of(new SourceChange.Delete(reading.schema(), key, next(event), lineage));
    }

    /**
     * A row under a new key, of which nobody downstream knows what was under it, or of a table that is loaded again:
     * its unrepeated values are read at the source. A row that is not there any more has gone on in a later change, and
     * until then is told as gone.
     */
    private SourceChange completed(
            SourceRecord event, Reading.Followed reading, Row told, RowKey key, Lineage lineage) {
        SourcePosition position = next(event);
        TableSchema schema = told.schema();
        List<Column> columns = schema.columns().stream()
                .flatMap(column -> Optional.ofNullable(reading.fields().get(column.name())).stream())
                .toList();
        TableSchema source = new TableSchema(schema.table(), columns, schema.key());
        Optional<Row> now = rows.read(source, key, format.transaction(event));
        if (now.isEmpty()) {
            return new SourceChange.Delete(schema, key, position, lineage);
        }
        List<Cell> cells = new ArrayList<>(told.cells());
        for (int i = 0; i < cells.size(); i++) {
            Column shown = reading.fields().get(schema.columns().get(i).name());
            if (cells.get(i) == Cell.UNCHANGED && shown != null) {
                cells.set(i, now.get().cell(shown.name()));
            }
        }
        return new SourceChange.Upsert(key, position, lineage, new Row(schema, cells));
    }

    private SourcePosition next(SourceRecord event) {
        order++;
        return format.position(boundary, event, order);
    }

    private Cell known(Reading.Followed reading, Column column, Struct before) {
        // The log repeats the row before the change only for REPLICA IDENTITY FULL; else the field is null.
        Cell cell = cell(reading, column, before);
        return cell == Cell.NULL ? Cell.UNCHANGED : cell;
    }

    private static RowKey key(Row row) {
        try {
            return row.key();
        } catch (IllegalArgumentException e) {
            throw undecodable(row.schema().table(), "key", "a key column has no value");
        }
    }

    /** The key of the row before the change; null where the log does not tell it. */
    private @Nullable RowKey oldKey(Reading.Followed reading, Struct before) {
        List<dev.handover.row.Value> values = new ArrayList<>();
        for (Column column : reading.schema().keyColumns()) {
            if (!(cell(reading, column, before) instanceof dev.handover.row.Value value)) {
                return null;
            }
            values.add(value);
        }
        return new RowKey(values);
    }

    private Cell cell(Reading.Followed reading, Column column, Struct image) {
        Column shown = reading.fields().get(column.name());
        if (shown == null) {
            return Cell.NULL;
        }
        TableId table = reading.schema().table();
        Field field = image.schema().field(shown.name());
        if (field == null) {
            throw undecodable(table, shown.name(), "the log does not hold it");
        }
        try {
            // Without defaults: a field of null must stay null.
            return format.cell(shown, image.getWithoutDefault(shown.name()));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw undecodable(
                    table,
                    shown.name(),
                    "a value is not of type " + shown.type().name());
        }
    }

    private Step heartbeat(Struct value) {
        Struct after = value.getStruct("after");
        if (after == null || !heartbeatId.equals(String.valueOf(after.getWithoutDefault("id")))) {
            return Step.NOTHING;
        }
        long counter = Long.parseLong(String.valueOf(after.getWithoutDefault("counter")));
        if (heartbeat != 0 && counter != heartbeat + 1) {
            throw gap("heartbeat " + counter + " followed heartbeat " + heartbeat);
        }
        heartbeat = counter;
        return Step.NOTHING;
    }

    private static Fault gap(String fact) {
        return Fault.of(
                ExitCode.CONFLICT,
                "stream-gap",
                fact,
                "start again: whole transactions are read again from the last boundary; if it comes back, the source's"
                        + " log misses something and the pipeline has to be loaded anew");
    }

    private static Fault undecodable(TableId table, String column, String why) {
        return Fault.of(
                ExitCode.CONFLICT,
                "value-undecodable",
                "table " + table + ", column \"" + column + "\": " + why,
                "exclude the table, or change the column's type at the source");
    }
}
