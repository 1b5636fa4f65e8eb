package dev.handover.mapping;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.PostgresText;
import dev.handover.row.Value;
import java.util.List;

/** How one target cell is made, with every name already looked up. Immutable. */
abstract class Step {
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

        int ordinal() {
            return ordinal;
        }

        boolean restorer() {
            return restorer;
        }

        List<Operation> operations() {
            return List.of(operations);
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
                intact = intact && restorer && operation.restores(value, made);
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
            boolean code = reason == Reason.UNMAPPED_CODE || reason == Reason.UNKNOWN_UNIT;
            OnFailure policy = code ? from.onUnmapped() : from.onInvalid();
            if (policy == OnFailure.DEAD_LETTER) {
                return rejected;
            }
            at.find(kind(reason), original);
            if (policy == OnFailure.NULL_WITH_RAW) {
                return Outcome.accepted(Cell.NULL);
            }
            return TargetLimits.check(column(), new Value.Text(PostgresText.format(original)));
        }

        private static Finding.Kind kind(Reason reason) {
            return switch (reason) {
                case UNMAPPED_CODE -> Finding.Kind.UNMAPPED;
                case UNKNOWN_UNIT -> Finding.Kind.UNKNOWN_UNIT;
                default -> Finding.Kind.INVALID;
            };
        }

        /** The source's value of a value of the target. @throws IllegalArgumentException when there is none */
        Value invert(Value value) {
            Value before = value;
            for (int i = operations.length - 1; i >= 0; i--) {
                before = operations[i].invert(before);
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

        OfPart(Column column, ColumnMapping.Part part) {
            super(column);
            this.part = part;
        }

        @Override
        Outcome<Cell> cell(Evaluation at, boolean[] restored) {
            return TargetLimits.check(column(), at.part(part.of(), part.part()));
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

        Compute(Column column, ColumnMapping.Computed computed) {
            super(column);
            this.computed = computed;
        }

        @Override
        Outcome<Cell> cell(Evaluation at, boolean[] restored) {
            for (String name : computed.expression().reads()) {
                if (at.read(name) == Cell.UNCHANGED) {
                    return Outcome.rejected(Reason.UNCHANGED_VALUE_UNKNOWN, name);
                }
            }
            try {
                Cell cell = computed.expression().evaluate(at.row());
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
