package dev.handover.sink.postgres;

import dev.handover.row.TableId;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing to add to a target table once its load is complete.
 *
 * @param name of the index or constraint; for a default, the column
 * @param sql the statement; empty where the thing cannot be had at the target
 * @param reason where it comes from, or why it cannot be had
 */
public record ConstraintStep(TableId table, Kind kind, String name, Optional<String> sql, String reason) {
    public ConstraintStep {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(reason, "reason");
    }

    /** What is added; in the order in which it is. */
    public enum Kind {
        DEFAULT,
        INDEX,
        UNIQUE,
        FOREIGN_KEY,
        /** A foreign key's check of the rows that are there. */
        VALIDATION;

        /** Whether it reads all rows, without keeping anybody from writing them. */
        boolean takesTime() {
            return this == INDEX || this == VALIDATION;
        }

        /**
         * Whether rows that arrive in the order of the log, not of the source's transactions, may break it for a while.
         */
        boolean bindsRows() {
            return this == UNIQUE || this == FOREIGN_KEY || this == VALIDATION;
        }
    }
}
