package dev.handover.mapping;

import java.util.List;
import java.util.Objects;

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
}
