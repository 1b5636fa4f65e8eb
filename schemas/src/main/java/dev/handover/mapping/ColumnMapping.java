package dev.handover.mapping;

import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** How one column of a target table comes about. */
public sealed interface ColumnMapping {
    /** The target column. */
    String target();

    /** From one source column, by steps in order; with no steps it is copied. */
    record From(String target, String source, List<Operation> operations, OnFailure onInvalid, OnFailure onUnmapped)
            implements ColumnMapping {
        public From {
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(source, "source");
            operations = List.copyOf(operations);
            Objects.requireNonNull(onInvalid, "onInvalid");
            Objects.requireNonNull(onUnmapped, "onUnmapped");
        }

        /** Whether the column holds nothing but codes that the mapping's author wrote down. */
        public boolean coded() {
            return !operations.isEmpty()
                    && operations.get(operations.size() - 1).yieldsListedCodes()
                    && onInvalid != OnFailure.KEEP_RAW
                    && onUnmapped != OnFailure.KEEP_RAW;
        }

        /** A copy, perhaps under another name. */
        public static From copy(String target, String source) {
            return new From(target, source, List.of(), OnFailure.DEAD_LETTER, OnFailure.DEAD_LETTER);
        }
    }

    /** The same text in every row. */
    record Constant(String target, String value) implements ColumnMapping {
        public Constant {
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * A by-product of the operations of another target column.
     *
     * @param of the other target column
     * @param part the by-product's name
     */
    record Part(String target, String of, String part) implements ColumnMapping {
        public Part {
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(of, "of");
            Objects.requireNonNull(part, "part");
        }
    }

    /** The values of several source columns, those that are present, with a separator between them. */
    record Joined(String target, List<String> sources, String separator) implements ColumnMapping {
        public Joined {
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(separator, "separator");
            sources = List.copyOf(sources);
            if (sources.isEmpty()) {
                throw new IllegalArgumentException("join needs at least one source column");
            }
        }
    }

    /** By an expression over the source row. */
    record Computed(String target, Expression expression, OnFailure onInvalid) implements ColumnMapping {
        public Computed {
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(expression, "expression");
            Objects.requireNonNull(onInvalid, "onInvalid");
        }
    }

    /** A pure function of a source row; equal to what computes the same. */
    interface Expression {
        /**
         * This expression for rows of that schema: asked once, when a mapping is bound.
         *
         * @throws InvalidExpression when it does not fit the source's columns
         */
        Bound bind(TableSchema source);

        /** An expression whose columns and types are known. Immutable, for any thread. */
        interface Bound {
            /** Source columns that it reads. */
            Set<String> reads();

            /** The type of what it gives. */
            ColumnType type();

            /**
             * The cell of a complete row of the schema.
             *
             * @throws IllegalArgumentException when this row gives none; the message holds no value
             */
            Cell evaluate(Row row);
        }
    }
}
