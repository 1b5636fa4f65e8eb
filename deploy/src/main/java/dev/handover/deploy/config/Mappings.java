package dev.handover.deploy.config;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.RowRule;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.cel.CelExpression;
import dev.handover.mapping.cel.CelRule;
import dev.handover.mapping.code.CodeMap;
import dev.handover.row.TableId;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From what the pipeline file says about tables to the mapping language. */
public final class Mappings {
    private final PipelineConfig pipeline;
    // read when a column asks for one
    private Optional<Maps> maps = Optional.empty();

    /** Mappings of that pipeline. */
    public Mappings(PipelineConfig pipeline) {
        this.pipeline = pipeline;
    }

    /**
     * The maps of the pipeline, read once.
     *
     * @throws Fault when a file of a map can't be read
     * @throws InvalidPipeline when one can be read and is wrong, naming its lines
     */
    public synchronized Maps maps() {
        if (maps.isEmpty()) {
            maps = Optional.of(Maps.read(pipeline));
        }
        return maps.get();
    }

    /**
     * The mappings of every captured table, in their order: as declared, or a copy of every column.
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
        List<TableMapping> mappings =
                captured.stream().flatMap(table -> of(table).stream()).toList();
        Map<TableId, TableMapping> first = new HashMap<>();
        for (TableMapping mapping : mappings) {
            TableMapping other = first.putIfAbsent(mapping.target(), mapping);
            if (other != null && !(isDeclared(mapping) && isDeclared(other))) {
                throw Fault.of(
                        ExitCode.USAGE,
                        "target-table-twice",
                        mapping.source() + " and " + other.source() + " would both become "
                                + mapping.target().shortText(),
                        "name another target for one of them under tables, or leave it out with exclude");
            }
        }
        return mappings;
    }

    /** Of two that are declared, the file's own checks know that their keys never meet. */
    private boolean isDeclared(TableMapping mapping) {
        return pipeline.tables().stream()
                .anyMatch(table -> table.from().equals(mapping.source().text()));
    }

    /** The mappings of one source table, at least one: as declared, or a copy of every column. */
    public List<TableMapping> of(TableId source) {
        List<TableMapping> declared = pipeline.tables().stream()
                .filter(table -> table.from().equals(source.text()))
                .map(table -> declared(source, table))
                .toList();
        return declared.isEmpty() ? List.of(TableMapping.undeclared(source, pipeline.targetSchema())) : declared;
    }

    /** The mapping that the file declares of a table. */
    public TableMapping declared(TableId source, TableConfig table) {
        int dot = table.to().indexOf('.');
        List<ColumnMapping> columns = new ArrayList<>();
        table.columns().forEach((name, column) -> {
            if (!name.equals("*")) {
                columns.add(column(name, column, source));
            }
        });
        Set<String> dropped = new HashSet<>(table.drop());
        dropped.remove("*");
        return new TableMapping(
                source,
                TableId.target(table.to().substring(0, dot), table.to().substring(dot + 1)),
                pipeline.mappingVersion(table),
                columns,
                table.rest(),
                dropped,
                table.where().map(where -> new RowRule(where.rule(), new CelRule(where.keep(), named(where.keep())))),
                table.targetKey(),
                table.raw());
    }

    /**
     * What the file declares of a table's rows, as 64 hexadecimal digits; see {@link MappingFingerprint}.
     *
     * @throws Fault when a map that the table uses can't be read
     * @throws InvalidPipeline when one can be read and is wrong
     */
    public String fingerprint(TableConfig table) {
        return new MappingFingerprint(clock(TableId.parse(table.from())), this::maps).of(table);
    }

    /** The {@link #fingerprint} of every table that nobody declared. */
    public static String fingerprintOfCopy() {
        return MappingFingerprint.ofCopy();
    }

    private ColumnMapping column(String name, TableConfig.Column column, TableId source) {
        if (column.constant().isPresent()) {
            return new ColumnMapping.Constant(name, column.constant().get());
        }
        if (column.cel().isPresent()) {
            return new ColumnMapping.Computed(
                    name,
                    new CelExpression(
                            column.cel().get(),
                            column.type().map(type -> ColumnTypes.parse("type", type)),
                            named(column.cel().get())),
                    column.onInvalid());
        }
        if (column.join().isPresent()) {
            OperationKeys.Join join = column.join().get();
            return new ColumnMapping.Joined(name, join.columns(), join.separator());
        }
        if (column.part().isPresent()) {
            String part = column.part().get();
            int dot = part.lastIndexOf('.');
            return new ColumnMapping.Part(name, part.substring(0, dot), part.substring(dot + 1));
        }
        return new ColumnMapping.From(
                name,
                column.from().orElseThrow(),
                ColumnOperations.of(column, clock(source), this::maps),
                column.onInvalid(),
                column.onUnmapped());
    }

    /** The maps of codes that an expression names; no file is read for one that names none. */
    private Map<String, CodeMap> named(String expression) {
        Map<String, CodeMap> named = new HashMap<>();
        for (String name : CelExpression.maps(expression).keySet()) {
            named.put(name, maps().codes(name));
        }
        return named;
    }

    private ZoneId clock(TableId source) {
        return pipeline.source(source.database())
                .map(found -> found.clock().zone())
                .orElseThrow(() -> new IllegalStateException("a table of no source"));
    }
}
