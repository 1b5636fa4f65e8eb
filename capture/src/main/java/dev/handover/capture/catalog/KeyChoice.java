package dev.handover.capture.catalog;

import dev.handover.capture.SourceTable.Problem;
import dev.handover.capture.SourceTable.ReplicaIdentity;
import dev.handover.row.Column;
import dev.handover.row.Keyless;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which columns identify a table's rows, or why none do. The log must repeat the key of the row that an update or a
 * delete is about, so the choice depends on the replica identity.
 *
 * @param columns in key order, those of {@link Keyless} where the table has none; empty when there is a problem
 */
record KeyChoice(List<String> columns, Optional<Problem> problem) {
    KeyChoice {
        columns = List.copyOf(columns);
    }

    /** What is known of a table. */
    record Candidate(
            String table,
            String sqlName,
            List<String> columns,
            Set<String> notNull,
            List<UniqueIndex> indexes,
            ReplicaIdentity identity,
            List<String> declared) {
        Candidate {
            columns = List.copyOf(columns);
            notNull = Set.copyOf(notNull);
            indexes = List.copyOf(indexes);
            declared = List.copyOf(declared);
        }

        private Optional<UniqueIndex> primary() {
            return indexes.stream().filter(UniqueIndex::primary).findFirst();
        }

        private Optional<UniqueIndex> unique() {
            return indexes.stream()
                    .filter(index -> index.total() && !index.primary())
                    .min(Comparator.comparingInt(
                                    (UniqueIndex index) -> index.columns().size())
                            .thenComparing(UniqueIndex::name));
        }

        private Optional<UniqueIndex> chosen() {
            return indexes.stream().filter(UniqueIndex::identity).findFirst();
        }
    }

    /** For an engine whose log always repeats the whole row, {@code identity} is {@code FULL}. */
    static KeyChoice of(Candidate table) {
        if (table.identity() == ReplicaIdentity.NOTHING) {
            return nothing(table);
        }
        List<String> repeated = repeated(table);
        if (!table.declared().isEmpty()) {
            return declared(table, repeated);
        }
        Optional<UniqueIndex> natural = table.primary().or(table::unique);
        if (table.identity() == ReplicaIdentity.INDEX) {
            natural = table.chosen();
        }
        if (natural.isPresent()) {
            return known(table, natural.get().columns());
        }
        return keyless(table);
    }

    /** Without a key, a row is known by all that it holds; the log repeats the whole row, or we would not be here. */
    private static KeyChoice keyless(Candidate table) {
        if (table.columns().isEmpty() || table.columns().stream().anyMatch(Keyless.KEY::contains)) {
            return refused(
                    "no-key",
                    "table " + table.table() + " has no key, and "
                            + (table.columns().isEmpty() ? "no column" : "a column with the name of one of ours"),
                    "add a primary key at the source, or exclude the table");
        }
        return new KeyChoice(Keyless.KEY, Optional.empty());
    }

    /** The schema under this key. */
    TableSchema schema(TableId id, List<Column> ofTable) {
        return columns.equals(Keyless.KEY) ? Keyless.schema(id, ofTable) : new TableSchema(id, ofTable, columns);
    }

    private static List<String> repeated(Candidate table) {
        return switch (table.identity()) {
            case FULL -> table.columns();
            case INDEX -> table.chosen().map(UniqueIndex::columns).orElse(List.of());
            case KEY -> table.primary().map(UniqueIndex::columns).orElse(List.of());
            case NOTHING -> List.of();
        };
    }

    private static KeyChoice nothing(Candidate table) {
        String alter = "ALTER TABLE " + table.sqlName() + " REPLICA IDENTITY ";
        if (table.primary().isPresent()) {
            return refused(
                    "identity-nothing",
                    "table " + table.table() + " does not log which row is updated or deleted",
                    "run at the source: " + alter + "DEFAULT");
        }
        Optional<UniqueIndex> unique = table.unique();
        if (unique.isPresent()) {
            return refused(
                    "identity-nothing",
                    "table " + table.table() + " has no primary key and does not log which row is updated or deleted",
                    "run at the source: " + alter + "USING INDEX \""
                            + unique.get().name().replace("\"", "\"\"") + "\"");
        }
        return refused(
                "no-key",
                "table " + table.table() + " has neither a primary key nor a unique index without nulls",
                "run at the source: " + alter + "FULL; its rows are then told apart by all of their columns");
    }

    private static KeyChoice declared(Candidate table, List<String> repeated) {
        if (table.columns().containsAll(table.declared()) && !repeated.containsAll(table.declared())) {
            return refused(
                    "identity-narrow",
                    "table " + table.table() + " does not log the declared key " + table.declared()
                            + " of a row that is updated or deleted",
                    "run at the source: ALTER TABLE " + table.sqlName() + " REPLICA IDENTITY FULL");
        }
        return known(table, table.declared());
    }

    private static KeyChoice known(Candidate table, List<String> columns) {
        for (String column : columns) {
            if (!table.columns().contains(column)) {
                return refused(
                        "key-column-missing",
                        "table " + table.table() + " has no column \"" + column + "\" that travels",
                        "a key cannot hold a generated column that the log leaves out; declare another key under"
                                + " tables[].key");
            }
            if (!table.notNull().contains(column)) {
                return refused(
                        "key-nullable",
                        "table " + table.table() + ": key column \"" + column + "\" may be null",
                        "declare a key of columns that are never null under tables[].key, or add NOT NULL at the"
                                + " source");
            }
        }
        return new KeyChoice(columns, Optional.empty());
    }

    private static KeyChoice refused(String code, String message, String hint) {
        return new KeyChoice(List.of(), Optional.of(new Problem(code, message, hint)));
    }
}
