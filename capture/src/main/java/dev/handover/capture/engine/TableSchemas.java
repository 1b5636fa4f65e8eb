package dev.handover.capture.engine;

import dev.handover.capture.SourceCatalog;
import dev.handover.capture.SourceTable;
import dev.handover.capture.decode.StreamDecoder;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Column;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The schema of every captured table, kept in step with the log: when the fields of a table's events change, the
 * catalog is read again, and the new schema is registered before anything is sent under it. Used by the engine's
 * thread.
 */
final class TableSchemas implements StreamDecoder.Schemas {
    private final SourceCatalog catalog;
    private final Consumer<TableSchema> register;
    private final Map<TableId, TableSchema> declared = new HashMap<>();
    private final Map<TableId, Seen> seen = new HashMap<>();

    /** What the log showed last of a table, and the schema that fits it. */
    private record Seen(Schema fields, List<String> signature, TableSchema schema) {}

    TableSchemas(SourceCatalog catalog, Map<TableId, TableSchema> declared, Consumer<TableSchema> register) {
        this.catalog = catalog;
        this.declared.putAll(declared);
        this.register = register;
    }

    /** The newest schema of every table, as marks declare it. */
    List<TableSchema> current() {
        List<TableSchema> schemas = new ArrayList<>();
        declared.forEach((table, schema) -> {
            Seen last = seen.get(table);
            schemas.add(last == null ? schema : last.schema());
        });
        return schemas;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The engine keeps one object per table until the table changes.
    public TableSchema of(TableId table, Schema fields) {
        Seen last = seen.get(table);
        if (last != null && last.fields() == fields) {
            return last.schema();
        }
        List<String> signature =
                fields.fields().stream().map(TableSchemas::signature).toList();
        TableSchema schema;
        if (last != null && last.signature().equals(signature)) {
            schema = last.schema();
        } else {
            schema = fitting(table, fields, last);
        }
        seen.put(table, new Seen(fields, signature, schema));
        return schema;
    }

    private TableSchema fitting(TableId table, Schema fields, @Nullable Seen last) {
        TableSchema known = declared.get(table);
        if (known == null) {
            throw Fault.of(
                    ExitCode.FAILED,
                    "table-unselected",
                    "the log brought a change to table " + table + ", which is not selected",
                    "report it");
        }
        if (last == null && sameNames(known, fields)) {
            return known;
        }
        if (known.keyless()) {
            throw keylessChanged(table);
        }
        TableSchema fresh = catalog(table);
        TableSchema fitted = restricted(fresh, last == null ? known : last.schema(), fields);
        if (!fitted.equals(known)) {
            register.accept(fitted);
        }
        declared.put(table, fitted);
        return fitted;
    }

    /** Its rows are known by all of their columns: with other columns, none of those that were loaded is known. */
    static Fault keylessChanged(TableId table) {
        return Fault.of(
                ExitCode.CONFLICT,
                "table-changed",
                "table " + table + " has no key, and its columns changed since it was loaded",
                "load the table again under a new pipeline name, or add a primary key at the source first");
    }

    private static boolean sameNames(TableSchema schema, Schema fields) {
        return schema.content().stream()
                .map(Column::name)
                .sorted()
                .toList()
                .equals(fields.fields().stream().map(Field::name).sorted().toList());
    }

    private TableSchema catalog(TableId table) {
        SourceTable found = catalog.tables().stream()
                .filter(candidate -> candidate.table().equals(table))
                .findFirst()
                .orElseThrow(() -> Fault.of(
                        ExitCode.CONFLICT,
                        "table-missing",
                        "table " + table + " is in the log but no longer at the source",
                        "exclude it from the pipeline, if it was dropped on purpose"));
        return found.schema()
                .orElseThrow(() -> Fault.of(
                        ExitCode.CONFLICT,
                        found.problem().map(SourceTable.Problem::code).orElse("table-changed"),
                        found.problem().map(SourceTable.Problem::message).orElse("table " + table + " changed"),
                        found.problem().map(SourceTable.Problem::hint).orElse("exclude the table")));
    }

    /** The catalog may be ahead of the log: of the columns it knows, those that the event shows. */
    private static TableSchema restricted(TableSchema fresh, TableSchema before, Schema fields) {
        List<Column> columns = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Field field : fields.fields()) {
            Optional<Column> column = fresh.column(field.name()).or(() -> before.column(field.name()));
            column.ifPresentOrElse(columns::add, () -> unknown.add(field.name()));
        }
        boolean keyed = columns.stream().map(Column::name).toList().containsAll(fresh.key());
        if (!unknown.isEmpty() || !keyed) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "table-changed",
                    "table " + fresh.table() + " changed more than once since capture last read it"
                            + (unknown.isEmpty() ? "" : "; columns " + unknown + " are not known"),
                    "load the table again under a new pipeline name, or exclude it");
        }
        if (columns.size() == fresh.columns().size()) {
            return fresh;
        }
        return new TableSchema(fresh.table(), columns, fresh.key());
    }

    private static String signature(Field field) {
        Map<String, String> parameters =
                field.schema().parameters() == null ? Map.of() : field.schema().parameters();
        return field.name() + " " + field.schema().type() + " " + field.schema().name() + " "
                + new java.util.TreeMap<>(parameters);
    }
}
