package dev.handover.capture.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What capture remembers of a table's schema, in the state topic.
 *
 * @param held the schema that its changes are written under
 * @param known the source's own schema as it was last followed
 * @param standstill why the table does not go on, where it does not
 */
public record RecordedTable(TableSchema held, TableSchema known, Optional<Standstill> standstill) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public RecordedTable {
        Objects.requireNonNull(held, "held");
        Objects.requireNonNull(known, "known");
        Objects.requireNonNull(standstill, "standstill");
    }

    /** A table as it was loaded. */
    static RecordedTable loaded(TableSchema schema) {
        return new RecordedTable(schema, schema, Optional.empty());
    }

    /** The table as it stands still. */
    RecordedTable standing(Standstill why) {
        return new RecordedTable(held, known, Optional.of(why));
    }

    /** Why a table does not go on. */
    public enum Cause {
        /** Its schema cannot be followed under its policy; decided anew after each start. */
        SCHEMA,
        /** It was truncated; rows that are gone were not named. */
        TRUNCATED,
        /** It is no longer at the source: dropped or renamed. What the log still brings goes on. */
        GONE
    }

    /**
     * Why a table does not go on.
     *
     * @param why for people, without a value
     */
    public record Standstill(Cause cause, String why) {
        public Standstill {
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(why, "why");
        }

        /** What to do about it, for people. */
        public String remedy() {
            return switch (cause) {
                case SCHEMA ->
                    "give the table another policy (tables[].drift) or change it back at the source, then start again;"
                            + " what was parked stays in the dead letters";
                case TRUNCATED -> "load the table again under a new pipeline name: a truncate names no rows";
                case GONE ->
                    "exclude the table if it was dropped on purpose; under another name it is captured from the next"
                            + " start";
            };
        }
    }

    private record Written(String name, String kind, int length, int scale, String type, boolean nullable) {
        static Written of(Column column) {
            ColumnType type = column.type();
            return new Written(
                    column.name(), type.kind().name(), type.length(), type.scale(), type.name(), column.nullable());
        }

        Column column() {
            return new Column(name, new ColumnType(Kind.valueOf(kind), length, scale, type), nullable);
        }
    }

    private record Entry(
            List<String> key,
            List<Written> held,
            List<String> knownKey,
            List<Written> known,
            String cause,
            String why) {}

    String json() {
        try {
            return JSON.writeValueAsString(new Entry(
                    held.key(),
                    held.columns().stream().map(Written::of).toList(),
                    known.key(),
                    known.columns().stream().map(Written::of).toList(),
                    standstill.map(still -> still.cause().name()).orElse(""),
                    standstill.map(Standstill::why).orElse("")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a schema is not JSON", e);
        }
    }

    /** What {@link #json()} wrote. @throws IllegalArgumentException when it is none */
    static RecordedTable parse(TableId table, String json) {
        try {
            Entry entry = JSON.readValue(json, Entry.class);
            return new RecordedTable(
                    schema(table, entry.held(), entry.key()),
                    schema(table, entry.known(), entry.knownKey()),
                    entry.cause().isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Standstill(Cause.valueOf(entry.cause()), entry.why())));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a recorded table", e);
        }
    }

    private static TableSchema schema(TableId table, List<Written> columns, List<String> key) {
        return new TableSchema(table, columns.stream().map(Written::column).toList(), key);
    }
}
