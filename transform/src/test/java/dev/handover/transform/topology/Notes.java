package dev.handover.transform.topology;

import dev.handover.change.Lineage;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.OnFailure;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.transform.TransformConfig;
import dev.handover.wire.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table of clinical notes, and changes of it as marks: {@code u5=open/N1} is an upsert at position 5 with status
 * "open" and note N1 (long enough to be stored out of line); {@code ~} is an unchanged note, {@code -} none, a small
 * letter a short one, a trailing {@code !} a date that the mapping refuses; {@code d7} is a delete at position 7, and
 * {@code c0=new/N1} a {@link Chunk} of a load at position 0 with such a row.
 */
final class Notes {
    static final Topics TOPICS = new Topics("demo");
    static final TableId SOURCE = TableId.parse("pas.public.note");
    static final TableId TARGET = TableId.target("ehr", "clinical_note");
    static final TableSchema SCHEMA = new TableSchema(
            SOURCE,
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("status", ColumnType.text(20), true),
                    new Column("note", ColumnType.of(Kind.TEXT), true),
                    new Column("written", ColumnType.text(8), true)),
            List.of("id"));
    static final SourceId PAS = new SourceId("pas");

    private Notes() {}

    static TableMapping mapping(int version) {
        return new TableMapping(
                SOURCE,
                TARGET,
                version,
                List.of(
                        ColumnMapping.From.copy("note_id", "id"),
                        new ColumnMapping.From(
                                "written_on",
                                "written",
                                List.of(new ParseTime("yyyyMMdd")),
                                OnFailure.DEAD_LETTER,
                                OnFailure.DEAD_LETTER)),
                Rest.COPY,
                Set.of());
    }

    static TransformConfig config(Path state, TableMapping... mappings) {
        return config(state, 1, mappings);
    }

    static TransformConfig config(Path state, int partitions, TableMapping... mappings) {
        return TransformConfig.of(
                TOPICS,
                partitions,
                java.util.Optional.of("ehr"),
                List.of(mappings),
                state,
                Map.of("bootstrap.servers", "127.0.0.1:1"));
    }

    static SourcePosition position(long number) {
        return SourcePosition.postgres(PAS, 0x1000, number);
    }

    static Lineage lineage() {
        return new Lineage(Origin.STREAM, "7", Lab.NOW, Lab.NOW);
    }

    static RowKey key(long id) {
        return RowKey.of(new Value.Int(id));
    }

    static SourceChange change(long id, String mark) {
        int equals = mark.indexOf('=');
        if (mark.startsWith("d")) {
            return new SourceChange.Delete(SCHEMA, key(id), position(Long.parseLong(mark.substring(1))), lineage());
        }
        SourcePosition position = position(Long.parseLong(mark.substring(1, equals)));
        boolean bad = mark.endsWith("!");
        String[] cells =
                mark.substring(equals + 1, mark.length() - (bad ? 1 : 0)).split("/", 2);
        return upsert(id, position, cells[0], note(cells[1]), bad ? "20260230" : "20260228");
    }

    /** Chunk 0, of this row alone. */
    static Chunk chunk(long id, String mark) {
        return chunk(0, id, mark);
    }

    static Chunk chunk(int number, long id, String mark) {
        SourceChange.Upsert row = (SourceChange.Upsert) change(id, mark);
        return Chunk.of(number, mapping(1), row.position(), List.of(row));
    }

    static SourceChange.Upsert upsert(long id, SourcePosition position, String status, Cell note, String written) {
        Row row = new Row(SCHEMA, List.of(new Value.Int(id), new Value.Text(status), note, new Value.Text(written)));
        return new SourceChange.Upsert(key(id), position, lineage(), row);
    }

    private static Cell note(String mark) {
        return switch (mark) {
            case "~" -> Cell.UNCHANGED;
            case "-" -> Cell.NULL;
            default -> new Value.Text(Character.isUpperCase(mark.charAt(0)) ? mark + " ".repeat(40) + "." : mark);
        };
    }

    /** The mark of a canonical row: {@code open/N1}. */
    static String mark(Row target) {
        Cell note = target.cell("note");
        String text = note instanceof Value.Text value ? value.value().split(" ")[0] : "-";
        return ((Value.Text) target.cell("status")).value() + "/" + text;
    }
}
