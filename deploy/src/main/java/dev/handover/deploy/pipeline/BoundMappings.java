package dev.handover.deploy.pipeline;

import dev.handover.deploy.config.SourceSchemas;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Every mapping of a pipeline, bound to the schema of its source table, by target table. */
public record BoundMappings(List<Mapper> mappers) {
    public BoundMappings {
        mappers = mappers.stream()
                .sorted(Comparator.comparing(
                                (Mapper mapper) -> mapper.mapping().target().shortText())
                        .thenComparing(mapper -> mapper.mapping().source()))
                .toList();
    }

    /**
     * Of every table that can be taken.
     *
     * @throws Fault {@code mapping-mismatch} when one does not fit; a file that was read with these schemas has none
     */
    public static BoundMappings of(Assembly assembly, SourceSchemas schemas) {
        List<Mapper> mappers = new ArrayList<>();
        for (TableSchema schema : schemas.tables().values()) {
            for (TableMapping mapping : assembly.mappings(schema.table())) {
                mappers.add(bind(mapping, schema));
            }
        }
        return new BoundMappings(mappers);
    }

    private static Mapper bind(TableMapping mapping, TableSchema schema) {
        try {
            return Mapper.bind(mapping, schema);
        } catch (MappingMismatch mismatch) {
            MappingMismatch.Problem first = mismatch.problems().get(0);
            throw Fault.causedBy(
                    mismatch,
                    ExitCode.USAGE,
                    "mapping-mismatch",
                    "the mapping of " + mapping.source() + " does not fit: column \"" + first.column() + "\": "
                            + first.fact(),
                    "all that does not fit is listed, with its place in the file, by: handover validate --live");
        }
    }

    /**
     * The mappings of a table by its name at the source ({@code source.schema.table}) or at the target
     * ({@code schema.table}).
     *
     * @throws Fault {@code table-unknown}
     */
    public List<Mapper> named(String table) {
        List<Mapper> found = mappers.stream()
                .filter(mapper -> mapper.mapping().source().text().equals(table)
                        || mapper.mapping().target().shortText().equals(table))
                .toList();
        if (found.isEmpty()) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "table-unknown",
                    "no table of that name is captured",
                    "write it as source.schema.table or as schema.table of the target; they are listed by: handover"
                            + " tables");
        }
        return found;
    }

    /** A target column of a table. */
    public record Named(Mapper mapper, String column) {}

    /**
     * A column by {@code TABLE.COLUMN}: of the target, or, of a table named as at the source, a column of the source
     * that has no namesake at the target.
     *
     * @throws Fault {@code column-unknown}
     */
    public List<Named> column(String name) {
        List<Named> found = new ArrayList<>();
        for (Mapper mapper : mappers) {
            for (String table : List.of(
                    mapper.mapping().target().shortText(),
                    mapper.mapping().source().text())) {
                String column = name.startsWith(table + ".") ? name.substring(table.length() + 1) : "";
                boolean source = table.equals(mapper.mapping().source().text());
                if (mapper.target().column(column).isPresent()
                        || source && mapper.source().column(column).isPresent()) {
                    found.add(new Named(mapper, column));
                }
            }
        }
        if (found.isEmpty()) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "column-unknown",
                    "no captured table has a column of that name",
                    "write it as schema.table.column of the target, or source.schema.table.column; columns are listed"
                            + " by: handover tables show TABLE");
        }
        return found;
    }
}
