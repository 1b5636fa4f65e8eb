package dev.handover.deploy.fidelity;

import java.util.ArrayList;
import java.util.List;

/**
 * A table with a column for each type, and a row for each value of each type and each way that it takes. All other
 * cells of a row are null, so that a value that fails takes none with it.
 */
record Grid(String table, List<TypeCases> types) {
    /** The way that a value takes. */
    enum Path {
        LOAD,
        /** Streamed as a new row. */
        INSERT,
        /** Streamed as a change of a row that was loaded without the value. */
        UPDATE
    }

    /** A row, by its key. */
    record Slot(int id, int column, Case value, Path path) {}

    Grid {
        types = List.copyOf(types);
    }

    static String column(int number) {
        return "c" + number;
    }

    /** All rows. */
    List<Slot> slots() {
        List<Slot> slots = new ArrayList<>();
        for (int column = 0; column < types.size(); column++) {
            for (Case value : types.get(column).cases()) {
                for (Path path : Path.values()) {
                    slots.add(new Slot(slots.size() + 1, column, value, path));
                }
            }
        }
        return slots;
    }

    /** The statement that makes the table. */
    String create(String name) {
        StringBuilder sql = new StringBuilder("CREATE TABLE " + name + " (id integer PRIMARY KEY");
        for (int i = 0; i < types.size(); i++) {
            sql.append(", ").append(column(i)).append(' ').append(types.get(i).type());
        }
        return sql.append(")").toString();
    }
}
