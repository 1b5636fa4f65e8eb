package dev.handover.drift;

import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** One thing in which a table's schema is not what it was. No log tells a rename: it is a column gone and one new. */
public sealed interface Difference {
    /** For people; names of columns and types, never a value. */
    String text();

    /** A column that was not there. */
    record Added(Column column) implements Difference {
        public Added {
            Objects.requireNonNull(column, "column");
        }

        @Override
        public String text() {
            return "column \"" + column.name() + "\" is new (" + column.type().name() + ")";
        }
    }

    /** A column that is no longer there. */
    record Dropped(Column column) implements Difference {
        public Dropped {
            Objects.requireNonNull(column, "column");
        }

        @Override
        public String text() {
            return "column \"" + column.name() + "\" is gone";
        }
    }

    /** A column of another type. */
    record Retyped(String column, ColumnType before, ColumnType now) implements Difference {
        public Retyped {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(now, "now");
        }

        /** How the types compare. */
        public TypeFit fit() {
            return TypeFit.of(before, now);
        }

        @Override
        public String text() {
            return "column \"" + column + "\" was " + before.name() + " and is " + now.name();
        }
    }

    /** A column that may be null now, or may not any more. */
    record Nullability(String column, boolean nullable) implements Difference {
        public Nullability {
            Objects.requireNonNull(column, "column");
        }

        @Override
        public String text() {
            return "column \"" + column + "\" " + (nullable ? "may be null" : "may not be null any more");
        }
    }

    /** Other columns identify a row. */
    record Rekeyed(List<String> before, List<String> now) implements Difference {
        public Rekeyed {
            before = List.copyOf(before);
            now = List.copyOf(now);
        }

        @Override
        public String text() {
            return "the key was (" + String.join(", ", before) + ") and is (" + String.join(", ", now) + ")";
        }
    }

    /** Everything in which two schemas of one table differ, in the order of the columns; none where they do not. */
    static List<Difference> between(TableSchema before, TableSchema now) {
        List<Difference> differences = new ArrayList<>();
        if (!before.key().equals(now.key())) {
            differences.add(new Rekeyed(before.key(), now.key()));
        }
        for (Column column : before.columns()) {
            now.column(column.name())
                    .ifPresentOrElse(
                            found -> compare(column, found, differences), () -> differences.add(new Dropped(column)));
        }
        for (Column column : now.columns()) {
            if (before.column(column.name()).isEmpty()) {
                differences.add(new Added(column));
            }
        }
        return differences;
    }

    private static void compare(Column before, Column now, List<Difference> differences) {
        if (TypeFit.of(before.type(), now.type()) != TypeFit.SAME) {
            differences.add(new Retyped(before.name(), before.type(), now.type()));
        }
        if (before.nullable() != now.nullable()) {
            differences.add(new Nullability(before.name(), now.nullable()));
        }
    }

    /** All of them in one line. */
    static String text(List<Difference> differences) {
        return differences.stream().map(Difference::text).collect(Collectors.joining("; "));
    }
}
