package dev.handover.deploy.config;

import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.function.UnaryOperator;

/** Whether the mappings of a file fit the tables of its sources. Whatever does not is a problem at its place. */
final class TypeChecks {
    private static final String MAPPING = "mapping";

    private final Binder binder;
    private final PipelineConfig pipeline;
    private final Mappings mappings;
    private final List<Integer> places;
    private final SourceSchemas schemas;

    /**
     * @param binder which read the file, and knows its places
     * @param located with the files of its maps where they are
     */
    TypeChecks(Binder binder, Salvage.Sound sound, UnaryOperator<PipelineConfig> located, SourceSchemas schemas) {
        this.binder = binder;
        this.pipeline = located.apply(sound.pipeline());
        this.mappings = new Mappings(pipeline);
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
        if (!MapChecks.sound(table, pipeline)) {
            return;
        }
        try {
            Mapper.bind(mappings.declared(source, table), schema);
        } catch (MappingMismatch mismatch) {
            for (MappingMismatch.Problem problem : mismatch.problems()) {
                binder.refuse(
                        MAPPING,
                        place(table, path, problem),
                        "column \"" + problem.column() + "\": " + problem.fact(),
                        "columns of the table and their types: handover tables show " + source,
                        problem.at());
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
        if (problem.operation().equals("where")) {
            return path + ".where.keep";
        }
        int dropped = table.drop().indexOf(column);
        if (dropped >= 0) {
            return path + ".drop[" + dropped + "]";
        }
        // a key: of the table as a whole
        return problem.operation().isEmpty() ? path + ".columns" : path + "." + problem.operation();
    }
}
