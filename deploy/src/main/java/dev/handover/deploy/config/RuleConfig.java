package dev.handover.deploy.config;

import dev.handover.reconciler.rule.Consequence;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Something that must hold of both sides besides equal rows, checked by every comparison. */
public record RuleConfig(
        @Key(value = "The rule's name in reports", pattern = "[a-z][a-z0-9-]{0,62}")
        String name,

        @Key("What is compared: the number of rows, the range of a column, rows by code, rows that refer to a row that"
                + " is not there, or the answers of two statements")
        Kind kind,

        @Key("What is looked at in the target") Optional<Target> target,

        @Key("What is asked of a source: for `orphans`, `query`, and `count` with a condition; the other kinds take the"
                + " source's rows as they are mapped")
        Optional<Source> source,

        @Key(
                value = "How far both sides may be apart: a number, or a percentage of the source's number",
                byDefault = "0",
                pattern = "[0-9]{1,15}(\\.[0-9]{1,9})?%?",
                asWritten = true)
        String tolerance,

        @Key(value = "Least value of a `range`, or fewest rows of a `count`", asWritten = true)
        Optional<String> min,

        @Key(value = "Greatest value of a `range`, or most rows of a `count`", asWritten = true)
        Optional<String> max,

        @Key("Rows that may be outside a `range` (none when absent), or orphans that the target may have (as many as"
                + " the source, when absent)")
        Optional<Integer> allowed,

        @Key(
                value = "What follows when it does not hold: a warning, or a verdict that is not converged and exit 3",
                byDefault = "fail")
        Consequence then) {

    /** Kinds of rules. */
    public enum Kind {
        /** Numbers of rows. */
        COUNT,
        /** Extremes, nulls, different values and sum of a column. */
        RANGE,
        /** Rows by code. */
        DISTRIBUTION,
        /** Rows without their parent. */
        ORPHANS,
        /** Answers of two statements. */
        QUERY
    }

    /** What is looked at in the target. */
    public record Target(
            @Key(value = "Target table, `schema.table`; for every kind but `query`", pattern = "[^.]+\\.[^.]+")
            Optional<String> table,

            @Key("Its column: one for `range` and `distribution`, the reference's for `orphans`. Codes and extremes of"
                    + " these columns are shown in reports")
            List<String> columns,

            @Key("Condition on its rows, as the target's SQL; for `count` and `orphans`")
            Optional<String> where,

            @Key("The table that `orphans` refer to") Optional<Parent> parent,

            @Key("Statement of a `query`, in the target's SQL; tables with their schema, rows labelled by the first"
                    + " column")
            Optional<String> sql,

            @Key("Target tables that the statement of a `query` reads; all of the source's when there are none")
            List<String> reads) {
        /** Copies the lists. */
        public Target {
            columns = List.copyOf(columns);
            reads = List.copyOf(reads);
            for (String read : reads) {
                if (!read.matches("[^.]+\\.[^.]+")) {
                    throw new Invalid("reads", "not a target table", "write it as schema.table");
                }
            }
        }
    }

    /** What is asked of a source. */
    public record Source(
            @Key(value = "Source table, `source.schema.table`", pattern = "[a-z][a-z0-9_-]*\\.[^.]+\\.[^.]+")
            Optional<String> table,

            @Key("Its columns that refer to the parent, for `orphans`")
            List<String> columns,

            @Key("Condition on its rows, as the source's SQL")
            Optional<String> where,

            @Key("The table that `orphans` refer to") Optional<Parent> parent,

            @Key(value = "Name of the source that a `query` asks", pattern = "[a-z][a-z0-9_-]*")
            Optional<String> name,

            @Key("Statement of a `query`, in the source's SQL")
            Optional<String> sql) {
        /** Copies the list. */
        public Source {
            columns = List.copyOf(columns);
        }
    }

    /** The other end of a reference. */
    public record Parent(
            @Key(value = "Table, `schema.table`", pattern = "[^.]+\\.[^.]+")
            String table,

            @Key(value = "Columns that are referred to, in the order of the child's", atLeast = 1)
            List<String> columns) {
        /** Copies the list. */
        public Parent {
            columns = List.copyOf(columns);
        }
    }

    /** Refuses what its kind cannot be made of, and what its kind would not look at. */
    public RuleConfig {
        Target there = target.orElseThrow(
                () -> new Invalid("", "what is looked at in the target?", "add target: {table: schema.table}"));
        switch (kind) {
            case COUNT -> count(there, source, min, max);
            case RANGE, DISTRIBUTION -> streamed(there, source);
            case ORPHANS -> orphans(there, source);
            case QUERY -> query(there, source);
        }
        requireAbsent(kind != Kind.QUERY && !there.reads().isEmpty(), "target.reads", kind);
        requireAbsent(kind != Kind.COUNT && kind != Kind.RANGE && min.isPresent(), "min", kind);
        requireAbsent(kind != Kind.COUNT && kind != Kind.RANGE && max.isPresent(), "max", kind);
        requireAbsent(kind != Kind.ORPHANS && kind != Kind.RANGE && allowed.isPresent(), "allowed", kind);
        statement("target.where", there.where(), false);
        statement("target.sql", there.sql(), true);
        statement("source.where", source.flatMap(Source::where), false);
        statement("source.sql", source.flatMap(Source::sql), true);
    }

    private static void count(Target target, Optional<Source> source, Optional<String> min, Optional<String> max) {
        table(target);
        requireAbsent(!target.columns().isEmpty(), "target.columns", Kind.COUNT);
        requireAbsent(target.parent().isPresent(), "target.parent", Kind.COUNT);
        requireAbsent(target.sql().isPresent(), "target.sql", Kind.COUNT);
        whole("min", min);
        whole("max", max);
        source.ifPresent(side -> {
            require(side.table().isPresent(), "source", "which table of the source?", "add table: source.schema.table");
            requireAbsent(!side.columns().isEmpty(), "source.columns", Kind.COUNT);
            requireAbsent(side.parent().isPresent(), "source.parent", Kind.COUNT);
            requireAbsent(side.name().isPresent(), "source.name", Kind.COUNT);
            requireAbsent(side.sql().isPresent(), "source.sql", Kind.COUNT);
        });
        require(
                source.isPresent() || target.where().isEmpty() || min.isPresent() || max.isPresent(),
                "target.where",
                "there is nothing to compare these rows with",
                "add source: {table: .., where: ..}, or min or max");
    }

    private static void streamed(Target target, Optional<Source> source) {
        table(target);
        require(
                target.columns().size() == 1,
                target.columns().isEmpty() ? "target" : "target.columns",
                "expected one column",
                "write it as columns: [name]");
        boolean more = target.where().isPresent()
                || target.parent().isPresent()
                || target.sql().isPresent();
        require(!more, "target", "this kind looks at a table and one column alone", "use count or query instead");
        require(
                source.isEmpty(),
                "source",
                "this kind takes the source's rows as they are mapped to the target table",
                "remove source, or use a query");
    }

    private static void orphans(Target target, Optional<Source> source) {
        table(target);
        requireAbsent(target.sql().isPresent(), "target.sql", Kind.ORPHANS);
        reference("target", target.columns(), target.parent());
        source.ifPresent(side -> {
            require(side.table().isPresent(), "source", "which table of the source?", "add table: source.schema.table");
            requireAbsent(side.name().isPresent(), "source.name", Kind.ORPHANS);
            requireAbsent(side.sql().isPresent(), "source.sql", Kind.ORPHANS);
            reference("source", side.columns(), side.parent());
        });
    }

    private static void reference(String side, List<String> columns, Optional<Parent> parent) {
        require(
                parent.isPresent(),
                side,
                "which table do the rows refer to?",
                "add parent: {table: schema.table, columns: [..]}");
        int others = parent.map(Parent::columns).map(List::size).orElse(0);
        require(
                columns.size() == others,
                columns.isEmpty() ? side : side + ".columns",
                "the reference has " + columns.size() + " columns here, and " + others + " at its parent",
                "name as many columns on both ends, in the same order");
    }

    private static void query(Target target, Optional<Source> source) {
        require(target.sql().isPresent(), "target", "which statement?", "add sql: SELECT ..");
        boolean more = target.table().isPresent()
                || !target.columns().isEmpty()
                || target.where().isPresent()
                || target.parent().isPresent();
        require(!more, "target", "a query is its statement alone", "say it in sql");
        require(
                source.isPresent(),
                "",
                "which source is asked the other statement?",
                "add source: {name: .., sql: ..}");
        source.ifPresent(side -> {
            boolean beside = side.table().isPresent()
                    || !side.columns().isEmpty()
                    || side.where().isPresent()
                    || side.parent().isPresent();
            require(!beside, "source", "a query is its statement alone", "say it in sql");
            require(side.name().isPresent(), "source", "which source is asked?", "add name: the source's name");
            require(side.sql().isPresent(), "source", "which statement?", "add sql: SELECT ..");
        });
    }

    private static void table(Target target) {
        require(target.table().isPresent(), "target", "which target table?", "add table: schema.table");
    }

    private static void whole(String key, Optional<String> number) {
        number.ifPresent(text ->
                require(text.matches("[0-9]{1,18}"), key, "expected a whole number of rows", "write digits only"));
    }

    // one statement of a session that may only read: a semicolon could end it and begin another
    private static void statement(String key, Optional<String> text, boolean whole) {
        text.ifPresent(sql -> {
            require(!sql.contains(";"), key, "a semicolon may end a statement and begin another", "remove it");
            require(
                    !whole || sql.strip().matches("(?is)(SELECT|WITH|VALUES)\\b.*"),
                    key,
                    "not a statement that asks",
                    "begin it with SELECT or WITH");
        });
    }

    private static void requireAbsent(boolean present, String key, Kind kind) {
        require(!present, key, Shape.spelling(kind) + " does not look at this", "remove it");
    }

    private static void require(boolean holds, String key, String message, String hint) {
        if (!holds) {
            throw new Invalid(key, message, hint);
        }
    }

    /** The tolerance in numbers. */
    public dev.handover.reconciler.rule.Tolerance parsedTolerance() {
        return dev.handover.reconciler.rule.Tolerance.parse(tolerance);
    }

    static Optional<Long> rows(Optional<String> number) {
        return number.map(text -> new BigDecimal(text).longValueExact());
    }
}
