package dev.handover.deploy.config;

import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.List;

/** Whether the mappings of a file fit the tables of its sources. Whatever does not is a problem at its place. */
final class TypeChecks {
    private static final String MAPPING = "mapping";

    private final Binder binder;
    private final PipelineConfig pipeline;
    private final List<Integer> places;
    private final SourceSchemas schemas;

    /** @param binder which read the file, and knows its places */
    TypeChecks(Binder binder, Salvage.Sound sound, SourceSchemas schemas) {
        this.binder = binder;
        this.pipeline = sound.pipeline();
        this.places = sound.places();
        this.schemas = schemas;
    }

    void run() {
        for (int i = 0; i < pipeline.tables().size(); i++) {
            TableConfig table = pipeline.tables().get(i);
            boolean known = pipeline.source(table.source()).isPresent();
            if (known && schemas.sources().contains(table.source())) {
                check(table, "tables[" + places.get(i) + "]");
            }
        }
    }

    private void check(TableConfig table, String path) {
        TableId source = TableId.parse(table.from());
        String refused = schemas.refused().get(source);
        if (refused != null) {
            binder.refuse("table-refused", path + ".from", refused, "see: handover tables");
            return;
        }
        TableSchema schema = schemas.tables().get(source);
        if (schema == null) {
            List<String> known =
                    schemas.tables().keySet().stream().map(TableId::text).toList();
            binder.refuse(
                    "table-not-captured",
                    path + ".from",
                    "no such table is captured",
                    Suggestion.of(table.from(), known)
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("check its spelling, the privileges of the user, and include and exclude of the"
                                    + " source"));
            return;
        }
        try {
            Mapper.bind(new Mappings(pipeline).declared(source, table), schema);
        } catch (MappingMismatch mismatch) {
            for (MappingMismatch.Problem problem : mismatch.problems()) {
                binder.refuse(
                        MAPPING,
                        place(table, path, problem),
                        "column \"" + problem.column() + "\": " + problem.fact(),
                        "columns of the table and their types: handover tables show " + source);
            }
        }
    }

    /** The key at fault; the nearest one above it where it is not written in the file. */
    private static String place(TableConfig table, String path, MappingMismatch.Problem problem) {
        String column = problem.column();
        if (table.columns().containsKey(column)) {
            String operation = problem.operation();
            return path + ".columns." + column + (operation.isEmpty() ? "" : "." + operation);
        }
        int dropped = table.drop().indexOf(column);
        if (dropped >= 0) {
            return path + ".drop[" + dropped + "]";
        }
        // a key, or a rule: of the table as a whole
        return problem.operation().isEmpty() ? path + ".columns" : path + "." + problem.operation();
    }
}
