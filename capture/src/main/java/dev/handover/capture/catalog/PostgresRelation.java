package dev.handover.capture.catalog;

import dev.handover.capture.SourceTable.Problem;
import dev.handover.capture.SourceTable.ReplicaIdentity;
import dev.handover.row.Column;
import dev.handover.row.Constraints;
import dev.handover.row.ForeignKey;
import dev.handover.row.Index;
import dev.handover.row.TableId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A table of PostgreSQL while its description is read together from several queries. */
final class PostgresRelation {
    final TableId table;
    final boolean partitioned;
    final String persistence;
    final String identities;
    final long rows;
    final long bytes;
    final long foreignLeaves;
    final List<Attribute> attributes = new ArrayList<>();
    final List<UniqueIndex> unique = new ArrayList<>();
    final List<Index> indexes = new ArrayList<>();
    final List<ForeignKey> foreignKeys = new ArrayList<>();

    /**
     * A column.
     *
     * @param generated {@code s}tored, {@code v}irtual, or empty
     * @param defaultText the default, or what it is generated from; empty where there is none
     */
    record Attribute(
            String name,
            boolean notNull,
            String generated,
            long type,
            int modifier,
            String typeText,
            String defaultText) {}

    PostgresRelation(
            TableId table,
            boolean partitioned,
            String persistence,
            String identities,
            long rows,
            long bytes,
            long foreignLeaves) {
        this.table = table;
        this.partitioned = partitioned;
        this.persistence = persistence;
        this.identities = identities;
        this.rows = rows;
        this.bytes = bytes;
        this.foreignLeaves = foreignLeaves;
    }

    String sqlName() {
        return "\"" + table.schema().replace("\"", "\"\"") + "\".\""
                + table.name().replace("\"", "\"\"") + "\"";
    }

    boolean hasPrimaryKey() {
        return unique.stream().anyMatch(UniqueIndex::primary);
    }

    Set<String> notNull() {
        return attributes.stream()
                .filter(Attribute::notNull)
                .map(Attribute::name)
                .collect(Collectors.toSet());
    }

    KeyChoice.Candidate candidate(List<Column> columns, List<String> declared) {
        return new KeyChoice.Candidate(
                table.toString(),
                sqlName(),
                columns.stream().map(Column::name).toList(),
                notNull(),
                unique,
                identity(),
                declared);
    }

    /** Those of its constraints that concern only columns that travel, without the index that is the key itself. */
    Constraints constraints(List<Column> columns, List<String> key, Map<String, String> defaults) {
        Set<String> present = columns.stream().map(Column::name).collect(Collectors.toSet());
        return new Constraints(
                table,
                indexes.stream()
                        .filter(index -> present.containsAll(index.columns()))
                        .filter(index -> !(index.unique() && index.columns().equals(key)))
                        .toList(),
                foreignKeys.stream()
                        .filter(foreign -> present.containsAll(foreign.columns()))
                        .toList(),
                defaults);
    }

    /** The one identity of the table, or of all its leaves; the weakest where they differ. */
    ReplicaIdentity identity() {
        if (identities.contains("n") || identities.contains("d") && !hasPrimaryKey()) {
            return ReplicaIdentity.NOTHING;
        }
        if (identities.contains("i")) {
            return ReplicaIdentity.INDEX;
        }
        return identities.contains("d") ? ReplicaIdentity.KEY : ReplicaIdentity.FULL;
    }

    /** The log's decoder keeps columns by their names without regard to case, and would end at the first change. */
    Optional<Problem> folded() {
        Set<String> seen = new HashSet<>();
        return attributes.stream()
                .map(Attribute::name)
                .filter(name -> !seen.add(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(name -> new Problem(
                        "columns-folded",
                        "table " + table + " has another column that differs from \"" + name + "\" only in case",
                        "rename one of them at the source, or exclude the table"));
    }

    /** What stands in the way whatever its columns are. */
    Optional<Problem> obstacle(int serverVersion) {
        if (persistence.equals("u")) {
            return Optional.of(new Problem(
                    "table-unlogged",
                    "table " + table + " is unlogged: its changes are in no log",
                    "run at the source: ALTER TABLE " + sqlName() + " SET LOGGED; or exclude it"));
        }
        if (partitioned && serverVersion < 130_000) {
            return Optional.of(new Problem(
                    "partitioned-unsupported",
                    "table " + table + " is partitioned, which PostgreSQL before 13 cannot publish through its root",
                    "upgrade the source to PostgreSQL 13 or later, or exclude the table"));
        }
        if (foreignLeaves > 0) {
            return Optional.of(new Problem(
                    "partition-foreign",
                    "table " + table + " has partitions that are foreign tables, whose changes are in no log here",
                    "detach them at the source, or exclude the table"));
        }
        if (identities.length() > 1 || partitioned && identities.contains("i")) {
            return Optional.of(new Problem(
                    "identity-mixed",
                    "the partitions of table " + table + " log different things of a row that is updated or deleted",
                    "run at the source, for " + sqlName() + " and each of its partitions: ALTER TABLE ... REPLICA"
                            + " IDENTITY " + (hasPrimaryKey() ? "DEFAULT" : "FULL")));
        }
        return Optional.empty();
    }
}
