package dev.handover.capture.engine;

import dev.handover.capture.SourceTable;
import dev.handover.capture.TableSelection;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which tables a run captures. Pure.
 *
 * @param known those that earlier runs loaded and that are still selected
 * @param fresh those that are to be loaded, with their schemas
 * @param refused those of the catalog that cannot be taken, and are not known
 */
public record CapturedTables(
        SortedMap<TableId, RecordedTable> known,
        SortedMap<TableId, TableSchema> fresh,
        SortedMap<TableId, SourceTable.Problem> refused) {
    public CapturedTables {
        known = new TreeMap<>(known);
        fresh = new TreeMap<>(fresh);
        refused = new TreeMap<>(refused);
    }

    static CapturedTables of(Ledger ledger, TableSelection selection, List<SourceTable> live) {
        Map<TableId, RecordedTable> known = new TreeMap<>(ledger.recorded());
        known.keySet().removeIf(table -> !selection.selects(table.schema(), table.name()));
        Set<TableId> loaded = ledger.loaded();
        for (SourceTable table : live) {
            if (loaded.contains(table.table())) {
                table.schema().ifPresent(schema -> known.putIfAbsent(table.table(), RecordedTable.loaded(schema)));
            }
        }
        SortedMap<TableId, TableSchema> fresh = new TreeMap<>();
        SortedMap<TableId, SourceTable.Problem> refused = new TreeMap<>();
        for (SourceTable table : live) {
            if (known.containsKey(table.table())) {
                continue;
            }
            table.problem().ifPresentOrElse(problem -> refused.put(table.table(), problem), () -> table.schema()
                    .ifPresent(schema -> fresh.put(table.table(), schema)));
        }
        return new CapturedTables(new TreeMap<>(known), fresh, refused);
    }
}
