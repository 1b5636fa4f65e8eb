package dev.handover.deploy.pipeline;

import dev.handover.capture.SourceTable;
import dev.handover.deploy.config.Mappings;
import dev.handover.deploy.config.Misfit;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.TableConfig;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import java.util.ArrayList;
import java.util.List;

/** Whether the file's mappings fit the tables that are there, told by the keys of the file. */
final class MappingChecks {
    private MappingChecks() {}

    /** What does not fit of a table that has a schema, in all its mappings. */
    static List<Misfit> of(PipelineConfig pipeline, Mappings mappings, SourceTable table) {
        List<Misfit> misfits = new ArrayList<>();
        for (TableMapping mapping : mappings.of(table.table())) {
            try {
                Mapper.bind(mapping, table.schema().orElseThrow());
            } catch (MappingMismatch mismatch) {
                for (MappingMismatch.Problem problem : mismatch.problems()) {
                    String path = path(pipeline, mapping, problem);
                    misfits.add(new Misfit(
                            path,
                            "column \"" + problem.column() + "\": " + problem.fact(),
                            "correct " + (path.isEmpty() ? "tables[].columns of this table" : path)
                                    + "; its columns are listed by: handover tables show " + table.table(),
                            problem.at()));
                }
            }
        }
        return misfits;
    }

    private static String path(PipelineConfig pipeline, TableMapping mapping, MappingMismatch.Problem problem) {
        for (int i = 0; i < pipeline.tables().size(); i++) {
            TableConfig table = pipeline.tables().get(i);
            if (table.from().equals(mapping.source().text())
                    && table.to().equals(mapping.target().shortText())) {
                return "tables[" + i + "]" + below(table, problem);
            }
        }
        return "";
    }

    private static String below(TableConfig table, MappingMismatch.Problem problem) {
        if (problem.operation().equals("key")) {
            return ".targetKey";
        }
        if (problem.operation().equals("where")) {
            return ".where.keep";
        }
        if (table.columns().containsKey(problem.column())) {
            String operation = problem.operation();
            return ".columns." + problem.column() + (operation.isEmpty() ? "" : "." + operation);
        }
        return table.drop().contains(problem.column()) ? ".drop" : "";
    }
}
