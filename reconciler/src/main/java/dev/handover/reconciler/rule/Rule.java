package dev.handover.reconciler.rule;

import dev.handover.position.SourceId;
import dev.handover.row.Column;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Optional;

/**
 * Something that must hold of both sides, and how it is found out: by adding up the rows that a comparison reads anyway
 * ({@link Streamed}), or by a statement on each side ({@link Asked}).
 */
public sealed interface Rule {
    Terms terms();

    /** One word: count, range, distribution, orphans or query. */
    String kind();

    /** The target tables that it is about; empty for any. */
    List<TableId> tables();

    /**
     * Counted over the rows of one target table on both sides. The source's rows are mapped first, so that columns and
     * codes are the target's.
     */
    sealed interface Streamed extends Rule {
        TableId table();

        @Override
        default List<TableId> tables() {
            return List.of(table());
        }

        /** What adds it up, over rows of that schema. @throws IllegalArgumentException when the rule does not fit it */
        Aggregate aggregate(TableSchema schema);
    }

    /** As many rows on both sides, and a number within the limits. */
    record Count(Terms terms, TableId table, Limits limits) implements Streamed {
        @Override
        public String kind() {
            return "count";
        }

        @Override
        public Aggregate aggregate(TableSchema schema) {
            return new RowCount(this);
        }
    }

    /**
     * The same rows, nulls, extremes, different values and sum of a column on both sides, and no more rows outside its
     * limits than allowed at the target.
     *
     * @param min least value that is inside, as text of the column's type
     * @param max greatest value that is inside
     * @param allowed rows of the target that may be outside
     */
    record Range(Terms terms, TableId table, String column, Optional<String> min, Optional<String> max, long allowed)
            implements Streamed {
        @Override
        public String kind() {
            return "range";
        }

        @Override
        public Aggregate aggregate(TableSchema schema) {
            Column found = required(schema, column);
            if (!Magnitude.orders(found.type())) {
                throw new IllegalArgumentException(
                        "column \"" + column + "\" is neither a number nor a date or time, and has no range");
            }
            try {
                return new ColumnRange(this, found.type());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "min or max is no value of column \"" + column + "\", which is "
                                + found.type().postgres(),
                        e);
            }
        }
    }

    /** As many rows under every code of a column on both sides. */
    record Distribution(Terms terms, TableId table, String column) implements Streamed {
        @Override
        public String kind() {
            return "distribution";
        }

        @Override
        public Aggregate aggregate(TableSchema schema) {
            required(schema, column);
            return new CodeCount(this);
        }
    }

    private static Column required(TableSchema schema, String name) {
        return schema.column(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "table " + schema.table().shortText() + " has no column \"" + name + "\""));
    }

    /** Asked of both databases by a statement. */
    sealed interface Asked extends Rule permits CountWhere, Orphans, Query {
        /** The source whose statement it is; empty where only the target is asked. */
        Optional<SourceId> source();

        /** The statement for the source; empty where only the target is asked. */
        Optional<String> sourceSql(Names names);

        /** The statement for the target. */
        String targetSql(Names names);

        /** What the answers say, as if both were of one moment. */
        Comparison compare(Optional<Table> source, Table target);
    }

    /** How a database writes names. */
    interface Names {
        /** A table, as {@code FROM} takes it. */
        String table(TableId table);

        /** A column. */
        String column(String name);
    }

    /**
     * What a statement answered.
     *
     * @param rows cells as text, empty for null
     */
    record Table(List<String> columns, List<List<Optional<String>>> rows) {
        public Table {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /** Measures, or why there are none. */
    record Comparison(List<Measure> measures, String detail) {
        public Comparison {
            measures = List.copyOf(measures);
        }
    }

    /** As many rows with a property on both sides, and a number within the limits. */
    record CountWhere(Terms terms, Optional<Part> from, Part part, Limits limits) implements Asked {
        /**
         * Rows of a table.
         *
         * @param where a condition in the language of its database; empty for all rows
         */
        public record Part(TableId table, Optional<String> where) {
            String sql(Names names) {
                return "SELECT count(*) FROM " + names.table(table) + Statements.where(where);
            }
        }

        @Override
        public String kind() {
            return "count";
        }

        @Override
        public List<TableId> tables() {
            return List.of(part.table());
        }

        @Override
        public Optional<SourceId> source() {
            return from.map(side -> new SourceId(side.table().database()));
        }

        @Override
        public Optional<String> sourceSql(Names names) {
            return from.map(side -> side.sql(names));
        }

        @Override
        public String targetSql(Names names) {
            return part.sql(names);
        }

        @Override
        public Comparison compare(Optional<Table> source, Table target) {
            return Answers.count("rows", terms, source, target, limits);
        }
    }

    /**
     * Rows that refer to another row which is not there: at the target not more than at the source, nor than allowed.
     *
     * @param allowed orphans that the target may have; where it is empty, as many as the source has, or none
     */
    record Orphans(Terms terms, Optional<Reference> from, Reference reference, Optional<Long> allowed)
            implements Asked {
        /**
         * A foreign key, declared or not.
         *
         * @param where which rows of the child count; empty for all
         */
        public record Reference(
                TableId child,
                List<String> columns,
                Optional<String> where,
                TableId parent,
                List<String> parentColumns) {
            public Reference {
                columns = List.copyOf(columns);
                parentColumns = List.copyOf(parentColumns);
                if (columns.isEmpty() || columns.size() != parentColumns.size()) {
                    throw new IllegalArgumentException(
                            "a reference has as many columns on both ends, and one at least");
                }
            }

            String sql(Names names) {
                return Statements.orphans(this, names);
            }
        }

        @Override
        public String kind() {
            return "orphans";
        }

        @Override
        public List<TableId> tables() {
            return reference.child().equals(reference.parent())
                    ? List.of(reference.child())
                    : List.of(reference.child(), reference.parent());
        }

        @Override
        public Optional<SourceId> source() {
            return from.map(side -> new SourceId(side.child().database()));
        }

        @Override
        public Optional<String> sourceSql(Names names) {
            return from.map(side -> side.sql(names));
        }

        @Override
        public String targetSql(Names names) {
            return reference.sql(names);
        }

        @Override
        public Comparison compare(Optional<Table> source, Table target) {
            return Answers.orphans(this, source, target);
        }
    }

    /**
     * Two statements with the same answer. Rows are matched by their first column, or by their place where there is no
     * other; all other cells are compared, numbers as numbers.
     *
     * @param tables target tables that the statement reads; empty for all
     */
    record Query(Terms terms, SourceId asks, String sql, String targetSql, List<TableId> tables) implements Asked {
        public Query {
            tables = List.copyOf(tables);
        }

        @Override
        public String kind() {
            return "query";
        }

        @Override
        public Optional<SourceId> source() {
            return Optional.of(asks);
        }

        @Override
        public Optional<String> sourceSql(Names names) {
            return Optional.of(sql);
        }

        @Override
        public String targetSql(Names names) {
            return targetSql;
        }

        @Override
        public Comparison compare(Optional<Table> source, Table target) {
            return source.map(asked -> Answers.compare(terms.tolerance(), asked, target))
                    .orElseGet(() -> new Comparison(List.of(), "the source was not asked"));
        }
    }
}
