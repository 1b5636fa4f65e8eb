package dev.handover.deploy.pipeline;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.SinkConfig;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.deploy.config.TableConfig;
import dev.handover.deploy.config.TableConfig.Column;
import dev.handover.deploy.config.TableConfig.Otherwise;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.OnFailure;
import dev.handover.mapping.Operation;
import dev.handover.mapping.TableMapping;
import dev.handover.row.TableId;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The {@code tables:} of a pipeline file as mappings, and the rule for tables that it does not name. */
public final class Mappings {
    private final PipelineConfig pipeline;
    private final SinkConfig sink;
    private final Map<TableId, TableMapping> declared = new LinkedHashMap<>();

    /** The mappings of a pipeline into one of its sinks. */
    public Mappings(PipelineConfig pipeline, SinkConfig sink) {
        this.pipeline = pipeline;
        this.sink = sink;
        for (TableConfig table : pipeline.tables()) {
            TableMapping mapping = mapping(table);
            declared.put(mapping.source(), mapping);
        }
    }

    /** Those that the file declares, in its order. */
    public List<TableMapping> declared() {
        return List.copyOf(declared.values());
    }

    /**
     * The mapping of a source table: declared, or a copy into the sink's schema or, where it names none, the source's.
     */
    public TableMapping of(TableId source) {
        TableMapping mapping = declared.get(source);
        return mapping != null
                ? mapping
                : TableMapping.copy(
                        source,
                        TableId.target(sink.schema().orElse(source.schema()), source.name()),
                        pipeline.mappingVersion());
    }

    /** The key columns that the file declares for a source table; empty where it leaves that to the catalog. */
    public Map<TableId, List<String>> declaredKeys() {
        Map<TableId, List<String>> keys = new LinkedHashMap<>();
        for (TableConfig table : pipeline.tables()) {
            if (!table.key().isEmpty()) {
                keys.put(TableId.parse(table.from()), sourceColumns(table));
            }
        }
        return keys;
    }

    /** Keys are written as target columns; here they are the source columns that those are copied from. */
    private static List<String> sourceColumns(TableConfig table) {
        List<String> columns = new ArrayList<>();
        for (String target : table.key()) {
            Column column = table.columns().get(target);
            columns.add(column == null ? target : column.from().orElse(target));
        }
        return columns;
    }

    private TableMapping mapping(TableConfig table) {
        TableId source = TableId.parse(table.from());
        String[] target = table.to().split("\\.", 2);
        ZoneId zone = pipeline.source(table.source())
                .map(SourceConfig::clock)
                .map(SourceConfig.Clock::zone)
                .orElseThrow(() -> Fault.of(
                        ExitCode.USAGE,
                        "source-unknown",
                        "table " + table.from() + " is of a source that the pipeline does not have",
                        "correct tables[].from"));
        List<ColumnMapping> columns = new ArrayList<>();
        boolean rest = table.columns().isEmpty();
        for (Map.Entry<String, Column> entry : table.columns().entrySet()) {
            if (entry.getKey().equals("*")) {
                rest = true;
            } else {
                columns.add(column(entry.getKey(), entry.getValue(), zone));
            }
        }
        return new TableMapping(
                source,
                TableId.target(target[0], target[1]),
                pipeline.mappingVersion(table),
                columns,
                rest,
                Set.copyOf(table.drop()));
    }

    private static ColumnMapping column(String target, Column column, ZoneId sourceZone) {
        if (column.constant().isPresent()) {
            return new ColumnMapping.Constant(target, column.constant().get());
        }
        List<Operation> operations = new ArrayList<>();
        if (column.trim()) {
            operations.add(new Operation.Trim());
        }
        column.parse().ifPresent(pattern -> operations.add(new Operation.Parse(pattern)));
        if (!column.map().isEmpty()) {
            operations.add(Operation.translate(column.map()));
        }
        column.timezone()
                .ifPresent(zone ->
                        operations.add(new Operation.Zoned(zone.equals("source") ? sourceZone : ZoneId.of(zone))));
        return new ColumnMapping.From(
                target,
                column.from().orElse(target),
                operations,
                policy(column.onInvalid()),
                policy(column.onUnmapped()));
    }

    private static OnFailure policy(Otherwise otherwise) {
        return switch (otherwise) {
            case DEAD_LETTER -> OnFailure.DEAD_LETTER;
            case NULL -> OnFailure.NULL_WITH_RAW;
        };
    }
}
