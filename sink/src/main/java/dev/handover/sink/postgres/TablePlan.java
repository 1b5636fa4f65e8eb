package dev.handover.sink.postgres;

import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import java.util.List;
import java.util.Objects;

/** What a sink does with a table of the target before it writes rows of a schema there. */
public sealed interface TablePlan {
    /** The table of the target. */
    TableId table();

    /**
     * It is made.
     *
     * @param statements in order; the first makes the table's schema where that is missing
     */
    record Create(TableId table, List<String> statements) implements TablePlan {
        public Create {
            Objects.requireNonNull(table, "table");
            statements = List.copyOf(statements);
        }
    }

    /**
     * It is there.
     *
     * @param changes what follows {@code ALTER TABLE}, in order; none where it holds the rows as it is
     */
    record Alter(TableId table, List<String> changes) implements TablePlan {
        public Alter {
            Objects.requireNonNull(table, "table");
            changes = List.copyOf(changes);
        }
    }

    /**
     * It was written before, and cannot be made to hold the rows: its changes become dead letters, all others go on.
     *
     * @param why for people, without a value
     */
    record Park(TableId table, String why) implements TablePlan {
        public Park {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(why, "why");
        }
    }

    /**
     * It cannot be used, and the sink does not go on.
     *
     * @param fault {@code target-differs}, {@code target-occupied}, {@code type-missing}, {@code identifier-refused}
     */
    record Refuse(TableId table, Fault fault) implements TablePlan {
        public Refuse {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(fault, "fault");
        }
    }
}
