package dev.handover.mapping;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.PostgresText;
import dev.handover.row.Value;
import java.util.List;
import java.util.Optional;

/** How one target cell is made, with every name already looked up. Immutable. */
abstract class Step {
    /** The place of no column. */
    static final int NOTHING = -1;

    private final Column column;

    Step(Column column) {
        this.column = column;
    }

    /** The target column. */
    Column column() {
        return column;
    }

    /** The cell, checked against what the target can hold, or why there is none. */
    abstract Outcome<Cell> cell(Evaluation at, boolean[] restored);

    /** The place of the source column that this gives back; -1 where it gives none back. */
    int restores() {
        return NOTHING;
    }

    /**
     * The source's cell of a cell of the target.
     *
     * @param others the source row, as far as it is known without this step
     * @throws IllegalArgumentException when there is none; the message holds no value
     */
    Cell invert(Cell cell, Operation.Reading others) {
        throw new IllegalStateException("column " + column.name() + " gives nothing back");
    }

    /** From one source column. */
    static final class FromColumn extends Step {
        private final ColumnMapping.From from;
        private final Operation[] operations;
        private final int ordinal;
        private final boolean restorer;

        /**
         * @param operations those of {@code from}, bound to their types
         * @param restorer whether the source's cell is to be had back from this target column
         */
        FromColumn(Column column, ColumnMapping.From from, List<Operation> operations, int ordinal, boolean restorer) {
            super(column);
            this.from = from;
            this.operations = operations.toArray(Operation[]::new);
            this.ordinal = ordinal;
            this.restorer = restorer;
        }

        @Override
        int restores() {
            return restorer ? ordinal : NOTHING;
        }

        @Override
        Outcome<Cell> cell(Evaluation at, boolean[] restored) {
            Cell cell = at.row().cells().get(ordinal);
            if (cell == Cell.UNCHANGED) {
                return Outcome.rejected(Reason.UNCHANGED_VALUE_UNKNOWN, from.source());
            }
            if (!(cell instanceof Value original)) {
                restored[ordinal] |= restorer;
                return Outcome.accepted(Cell.NULL);
            }
            boolean intact = true;
            Value value = original;
            for (Operation operation : operations) {
                Outcome<Cell> outcome = operation.apply(value, at);
                if (outcome instanceof Outcome.Rejected<Cell> rejected) {
                    return failed(rejected, original, at);
                }
                Cell made = ((Outcome.Accepted<Cell>) outcome).value();
                intact = intact && restorer && operation.restores(value, made, at);
                if (!(made instanceof Value next)) {
                    return Outcome.accepted(Cell.NULL);
                }
                value = next;
            }
            if (TargetLimits.check(column(), value) instanceof Outcome.Rejected<Cell> refused) {
                return failed(refused, original, at);
            }
            restored[ordinal] |= intact && restorer;
            return Outcome.accepted(value);
        }

        private Outcome<Cell> failed(Outcome.Rejected<Cell> rejected, Value original, Evaluation at) {
            at.withoutParts();
            Reason reason = rejected.rejection().reason();
            OnFailure policy = policy(reason);
            if (policy == OnFailure.DEAD_LETTER) {
                return rejected;
            }
            at.find(kind(reason), at.cause().orElse(original));
            if (policy == OnFailure.NULL_WITH_RAW) {
                return Outcome.accepted(Cell.NULL);
            }
            return TargetLimits.check(column(), new Value.Text(PostgresText.format(original)));
        }

        private OnFailure policy(Reason reason) {
            return switch (reason) {
                case UNMAPPED_CODE, UNKNOWN_UNIT -> from.onUnmapped();
                // a map of codes has policies of its own for these; and what is not known is not invalid
                case NO_EQUIVALENT, AMBIGUOUS_CODE, INEXACT_CODE, UNCHANGED_VALUE_UNKNOWN -> OnFailure.DEAD_LETTER;
                default -> from.onInvalid();
            };
        }

        private static Finding.Kind kind(Reason reason) {
            return switch (reason) {
                case UNMAPPED_CODE -> Finding.Kind.UNMAPPED;
                case UNKNOWN_UNIT -> Finding.Kind.UNKNOWN_UNIT;
                default -> Finding.Kind.INVALID;
            };
        }

        @Override
        Cell invert(Cell cell, Operation.Reading others) {
            if (!(cell instanceof Value before)) {
                return Cell.NULL;
            }
            for (int i = operations.length - 1; i >= 0; i--) {
                before = operations[i].invert(before, others);
            }
            return before;
        }
    }

    /** The same value in every row. */
    static final class Fixed extends Step {
        private final Outcome<Cell> cell;

        Fixed(Column column, Value value) {
            super(column);
            this.cell = Outcome.accepted(value);
        }

        @Override
        Outcome<Cell> cell(Evaluation at, boolean[] restored) {
            return cell;
        }
    }

    /** A by-product of a column that is made before. */
    static final class OfPart extends Step {
        private final ColumnMapping.Part part;
        private final Optional<ReadColumn> restorer;

        /** @param restorer the source column that is to be had back from this target column, if any */
        OfPart(Column column, ColumnMapping.Part part, Optional<ReadColumn> restorer) {
            super(column);
            this.part = part;
            this.restorer = restorer;
        }

        @Override
        int restores() {
            return restorer.map(ReadColumn::ordinal).orElse(NOTHING);
        }

        @Override
        Outcome<Cell> cell(Evaluation at, boolean[] restored) {
            Cell cell = at.part(part.of(), part.part());
            if (restorer.isPresent()) {
                ReadColumn read = restorer.get();
                restored[read.ordinal()] |= read.isRestored(at.row().cells().get(read.ordinal()), cell);
            }
            return TargetLimits.check(column(), cell);
        }

        @Override
        Cell invert(Cell cell, Operation.Reading others) {
            return restorer.map(read -> read.restored(cell)).orElseGet(() -> super.invert(cell, others));
        }
    }

    /** A source column that an operation reads beside its own, and gives back from a by-product. */
    record ReadColumn(int ordinal, String column, Operation operation) {
        Cell restored(Cell part) {
            return operation.restored(column, part);
        }

        boolean isRestored(Cell before, Cell part) {
            Cell back = restored(part);
            return before instanceof Value value
                    ? back instanceof Value text && CanonicalText.of(text).equals(CanonicalText.of(value))
                    : back == before;
        }
    }

    /** Several source columns in one text. */
    static final class Join extends Step {
        private final int[] ordinals;
        private final String separator;

        Join(Column column, int[] ordinals, String separator) {
            super(column);
            this.ordinals = ordinals.clone();
            this.separator = separator;
        }

        @Override
        Outcome<Cell> cell(Evaluation at, boolean[] restored) {
            StringBuilder text = new StringBuilder();
            boolean any = false;
            for (int ordinal : ordinals) {
                Cell cell = at.row().cells().get(ordinal);
                if (cell == Cell.UNCHANGED) {
                    return Outcome.rejected(
                            Reason.UNCHANGED_VALUE_UNKNOWN,
                            at.row().schema().columns().get(ordinal).name());
                }
                if (cell instanceof Value value) {
                    text.append(any ? separator : "").append(PostgresText.format(value));
                    any = true;
                }
            }
            return any ? TargetLimits.check(column(), new Value.Text(text.toString())) : Outcome.accepted(Cell.NULL);
        }
    }

    /** By an expression. */
    static final class Compute extends Step {
        private final ColumnMapping.Computed computed;
        private final ColumnMapping.Expression.Bound expression;

        Compute(Column column, ColumnMapping.Computed computed, ColumnMapping.Expression.Bound expression) {
            super(column);
            this.computed = computed;
            this.expression = expression;
        }

        @Override
        Outcome<Cell> cell(Evaluation at, boolean[] restored) {
            for (String name : expression.reads()) {
                if (at.read(name) == Cell.UNCHANGED) {
                    return Outcome.rejected(Reason.UNCHANGED_VALUE_UNKNOWN, name);
                }
            }
            try {
                Cell cell = expression.evaluate(at.row());
                if (!(TargetLimits.check(column(), cell) instanceof Outcome.Rejected<Cell>)) {
                    return Outcome.accepted(cell);
                }
            } catch (IllegalArgumentException e) {
                // No answer for this row; its message is about the expression, and the reason says enough.
            }
            if (computed.onInvalid() == OnFailure.DEAD_LETTER) {
                return at.reject(Reason.NOT_COMPUTABLE);
            }
            at.find(new Finding(computed.target(), Finding.Kind.INVALID, ""));
            return Outcome.accepted(Cell.NULL);
        }
    }
}
