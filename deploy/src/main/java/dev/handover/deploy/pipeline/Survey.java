package dev.handover.deploy.pipeline;

import dev.handover.capture.SourceTable;
import dev.handover.capture.catalog.ForeignKeyOrder;
import dev.handover.capture.catalog.Inventory;
import dev.handover.capture.catalog.NotTaken;
import dev.handover.capture.check.Check;
import dev.handover.capture.check.SourceChecks;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The workload of a live source: what there is to move, in the order of its foreign keys, and what may go wrong.
 *
 * @param tables each after those that it refers to, as far as there is such an order
 * @param cycles tables that refer to each other in a circle
 * @param notTaken what is not copied, by name
 * @param hazards what to decide or to repair before the migration, worst first
 */
public record Survey(
        List<SourceTable> tables, List<List<TableId>> cycles, List<NotTaken> notTaken, List<Check> hazards) {
    /** A row of more bytes on the average makes batches of thousands of rows heavy. */
    private static final long ROW_BYTES_LARGE = 64 << 10;

    /** Of a source that nobody has looked at. */
    public static final Survey NONE = new Survey(List.of(), List.of(), List.of(), List.of());

    public Survey {
        tables = List.copyOf(tables);
        cycles = List.copyOf(cycles);
        notTaken = List.copyOf(notTaken);
        hazards = List.copyOf(hazards);
    }

    /** Looks at a source, and changes nothing there. @throws dev.handover.fault.Fault when it does not answer */
    public static Survey of(Assembly assembly, SourceConfig source) {
        Inventory inventory = assembly.inventory(source);
        Map<TableId, SourceTable> byName = new HashMap<>();
        inventory.tables().forEach(table -> byName.put(table.table(), table));
        ForeignKeyOrder order = ForeignKeyOrder.of(
                byName.values().stream().collect(Collectors.toMap(SourceTable::table, table -> table.constraints()
                        .foreignKeys())));
        List<SourceTable> tables = new ArrayList<>();
        order.tables().forEach(table -> {
            SourceTable found = byName.get(table);
            if (found != null) {
                tables.add(found);
            }
        });
        List<Check> hazards = new ArrayList<>();
        for (Check check : new SourceChecks(assembly.clock()).run(assembly.source(source))) {
            if (check.level() != Check.Level.OK) {
                hazards.add(check);
            }
        }
        tables.forEach(table -> hazards.addAll(sizes(table)));
        hazards.sort(Comparator.comparing(Check::level).reversed());
        return new Survey(
                tables,
                order.cycles(),
                inventory.notTaken().stream()
                        .sorted(Comparator.comparing(NotTaken::table).thenComparing(NotTaken::kind))
                        .toList(),
                hazards);
    }

    private static List<Check> sizes(SourceTable table) {
        List<Check> found = new ArrayList<>();
        if (table.rowsEstimate() > 0 && table.bytesEstimate() / table.rowsEstimate() > ROW_BYTES_LARGE) {
            found.add(new Check(
                    Check.Level.WARN,
                    "table " + table.table(),
                    "a row has " + table.bytesEstimate() / table.rowsEstimate() / 1_024 + " KiB on the average",
                    "lower sources[].load.fetchRows and sinks[].write.batchRows so that a batch fits into memory"));
        }
        List<String> large = table.schema().map(TableSchema::columns).orElse(List.of()).stream()
                .filter(column -> column.type().kind() == Kind.BYTES)
                .map(Column::name)
                .toList();
        if (!large.isEmpty()) {
            found.add(new Check(
                    Check.Level.WARN,
                    "table " + table.table(),
                    "bytes in " + String.join(", ", large) + " travel whole with every change of their row",
                    "see that the largest fits into a record: Kafka's max.message.bytes, max.request.size"));
        }
        return found;
    }

    /** Estimated rows of all tables. */
    public long rows() {
        return tables.stream()
                .mapToLong(table -> Math.max(0, table.rowsEstimate()))
                .sum();
    }

    /** Estimated bytes of all tables, with their indexes. */
    public long bytes() {
        return tables.stream()
                .mapToLong(table -> Math.max(0, table.bytesEstimate()))
                .sum();
    }
}
