package dev.handover.reconciler.tap;

import dev.handover.change.SourceChange;
import dev.handover.reconciler.tap.RowCode.Named;
import dev.handover.reconciler.tap.RowCode.Operation;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.List;

/** The code of a change as it stands in the change log. Used by one thread. */
final class CapturedEvents {
    private final RowCode code;

    CapturedEvents(RowCode code) {
        this.code = code;
    }

    Sums of(SourceChange change) {
        TableSchema schema = change.schema();
        List<String> key = schema.keyless()
                ? List.of()
                : change.key().values().stream().map(CanonicalText::of).toList();
        return change.fold(
                upsert -> code.of(schema.table(), Operation.UPSERT, key, cells(upsert.after())),
                delete -> code.of(schema.table(), Operation.DELETE, key, List.of()));
    }

    private static List<Named> cells(Row row) {
        List<Named> cells = new ArrayList<>();
        for (Column column : row.schema().content()) {
            Cell cell = row.cell(column.name());
            if (cell instanceof Value value) {
                cells.add(new Named(column.name(), new Value.Text(CanonicalText.of(value))));
            } else if (cell == Cell.UNCHANGED) {
                cells.add(new Named(column.name(), cell));
            }
        }
        return cells;
    }
}
