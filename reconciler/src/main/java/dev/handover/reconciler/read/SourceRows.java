package dev.handover.reconciler.read;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.digest.ContentRows;
import dev.handover.row.Cell;
import dev.handover.row.Keyless;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes rows of what a source's columns hold, and hands them over under their keys. Used by one thread. */
final class SourceRows {
    private final TableSchema schema;
    private final Optional<ContentRows> contents;
    private final Scanned rows;

    SourceRows(TableSchema schema, Scanned rows) {
        this.schema = schema;
        this.contents = schema.keyless() ? Optional.of(new ContentRows(schema)) : Optional.empty();
        this.rows = rows;
    }

    /**
     * Takes the cells of a row.
     *
     * @param cells of {@link TableSchema#content()}
     * @param unreadable the column that could not be read as what it is declared to be, its cell unchanged; else empty
     */
    void take(List<Cell> cells, String unreadable) {
        if (contents.isEmpty()) {
            Row row = new Row(schema, cells);
            rows.row(row.key(), outcome(row, unreadable));
            return;
        }
        // what a row without a key holds is its key, so one that is not readable is known by what is
        List<Cell> readable = cells.stream()
                .map(cell -> cell == Cell.UNCHANGED ? Cell.NULL : cell)
                .toList();
        Row row = contents.get().row(readable);
        rows.row(row.key(), outcome(row, unreadable));
    }

    private static Outcome<Row> outcome(Row row, String unreadable) {
        return unreadable.isEmpty() ? Outcome.accepted(row) : Outcome.rejected(Reason.UNDECODABLE, unreadable);
    }

    /** Of the rows of a table without a key that pass, hands over those copies that are wanted, numbered. */
    static Scanned copies(List<RowKey> wanted, Scanned rows) {
        Set<RowKey> keys = new HashSet<>(wanted);
        Map<RowKey, Integer> seen = new HashMap<>();
        wanted.forEach(key -> seen.put(Keyless.key(key, Keyless.UNNUMBERED), 0));
        return (key, row) -> {
            Integer copy = seen.computeIfPresent(key, (unnumbered, before) -> before + 1);
            if (copy != null && keys.contains(Keyless.key(key, copy))) {
                rows.row(Keyless.key(key, copy), row.then(found -> Outcome.accepted(Keyless.row(found, copy))));
            }
        };
    }
}
