package dev.handover.reconciler.compare;

import dev.handover.row.Cell;
import dev.handover.row.Row;
import java.util.ArrayList;
import java.util.List;

/** Names the columns in which two rows of one table differ; names, never values. */
public final class DifferingColumns {
    private DifferingColumns() {}

    /** In the order of the schema. A cell that could not be read differs from every other. */
    public static List<String> of(Row expected, Row found) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < expected.cells().size(); i++) {
            Cell cell = found.cells().get(i);
            if (cell == Cell.UNCHANGED || !expected.cells().get(i).equals(cell)) {
                columns.add(expected.schema().columns().get(i).name());
            }
        }
        return columns;
    }
}
