package dev.handover.deploy.config;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.Operation;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Translate;
import dev.handover.mapping.operation.Trim;
import dev.handover.mapping.operation.Zoned;
import dev.handover.row.TableId;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From what the pipeline file says about tables to the mapping language. */
public final class Mappings {
    private final PipelineConfig pipeline;

    /** Mappings of that pipeline. */
    public Mappings(PipelineConfig pipeline) {
        this.pipeline = pipeline;
    }

    /**
     * One mapping for every captured table, in their order: as declared, or a copy of every column.
     *
     * @throws Fault when a declared table is not captured, or two tables would become one
     */
    public List<TableMapping> of(Collection<TableId> captured) {
        for (TableConfig table : pipeline.tables()) {
            if (!captured.contains(TableId.parse(table.from()))) {
                throw Fault.of(
                        ExitCode.USAGE,
                        "table-not-captured",
                        "tables names " + table.from() + ", which is not captured",
                        "check its spelling, the privileges of the user, and include and exclude of the source");
            }
        }
        List<TableMapping> mappings = captured.stream().map(this::of).toList();
        Map<TableId, TableId> sources = new HashMap<>();
        for (TableMapping mapping : mappings) {
            TableId other = sources.putIfAbsent(mapping.target(), mapping.source());
            if (other != null) {
                throw Fault.of(
                        ExitCode.USAGE,
                        "target-table-twice",
                        mapping.source() + " and " + other + " would both become "
                                + mapping.target().shortText(),
                        "name another target for one of them under tables, or leave it out with exclude");
            }
        }
        return mappings;
    }

    /** The mapping of one source table: as declared, or a copy of every column. */
    public TableMapping of(TableId source) {
        return pipeline.tables().stream()
                .filter(table -> table.from().equals(source.text()))
                .findFirst()
                .map(table -> declared(source, table))
                .orElseGet(() -> TableMapping.copy(
                        source,
                        TableId.target(pipeline.targetSchema().orElse(source.schema()), source.name()),
                        pipeline.mappingVersion()));
    }

    private TableMapping declared(TableId source, TableConfig table) {
        int dot = table.to().indexOf('.');
        List<ColumnMapping> columns = new ArrayList<>();
        table.columns().forEach((name, column) -> {
            if (!name.equals("*")) {
                columns.add(column(name, column, source));
            }
        });
        return new TableMapping(
                source,
                TableId.target(table.to().substring(0, dot), table.to().substring(dot + 1)),
                pipeline.mappingVersion(table),
                columns,
                table.columns().isEmpty() || table.columns().containsKey("*") ? Rest.COPY : Rest.RAW,
                Set.copyOf(table.drop()));
    }

    private ColumnMapping column(String name, TableConfig.Column column, TableId source) {
        Optional<String> constant = column.constant();
        if (constant.isPresent()) {
            return new ColumnMapping.Constant(name, constant.get());
        }
        List<Operation> operations = new ArrayList<>();
        if (column.trim()) {
            operations.add(new Trim());
        }
        column.parse().map(ParseTime::new).ifPresent(operations::add);
        if (!column.map().isEmpty()) {
            operations.add(Translate.of(column.map()));
        }
        column.timezone().map(zone -> zone(zone, source)).map(Zoned::new).ifPresent(operations::add);
        return new ColumnMapping.From(
                name, column.from().orElseThrow(), operations, column.onInvalid(), column.onUnmapped());
    }

    private ZoneId zone(String name, TableId source) {
        return name.equals("source")
                ? pipeline.source(source.database())
                        .map(found -> found.clock().zone())
                        .orElseThrow(() -> new IllegalStateException("a table of no source"))
                : ZoneId.of(name);
    }
}
