package dev.handover.capture;

import dev.handover.row.Constraints;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A table of a source as its catalog describes it.
 *
 * @param table its name, also where no schema can be made of it
 * @param schema present unless the problem prevents one (no key, a type that cannot travel)
 * @param rowsEstimate the source's own estimate; negative where it has none
 * @param bytesEstimate on the source's disk, with indexes; negative where it has none
 * @param problem why the table cannot be taken
 */
public record SourceTable(
        TableId table,
        Optional<TableSchema> schema,
        Constraints constraints,
        long rowsEstimate,
        long bytesEstimate,
        ReplicaIdentity identity,
        Optional<Problem> problem) {
    public SourceTable {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(constraints, "constraints");
        Objects.requireNonNull(identity, "identity");
        if (schema.isEmpty() && problem.isEmpty()) {
            throw new IllegalArgumentException("table " + table + " has neither a schema nor a problem");
        }
    }

    /** The names of those tables that can be taken. */
    public static List<TableId> usable(Collection<SourceTable> tables) {
        return tables.stream()
                .filter(table -> table.schema().isPresent() && table.problem().isEmpty())
                .map(SourceTable::table)
                .toList();
    }

    /** What the log repeats of a row before its change. */
    public enum ReplicaIdentity {
        /** The key's columns. */
        KEY,
        /** The columns of a chosen unique index. */
        INDEX,
        /** The whole row; always so for MariaDB and MySQL with {@code binlog_row_image=FULL}. */
        FULL,
        /** Nothing: updates and deletes cannot be captured. */
        NOTHING
    }

    /**
     * Why a table cannot be taken.
     *
     * @param code stable: {@code no-key}, {@code type-unsupported}, {@code identity-nothing}, ...
     * @param message the fact, naming table and column, in lower case
     * @param hint the remedy
     */
    public record Problem(String code, String message, String hint) {}
}
