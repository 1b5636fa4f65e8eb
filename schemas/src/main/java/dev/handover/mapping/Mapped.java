package dev.handover.mapping;

import dev.handover.change.Finding;
import dev.handover.row.Row;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** What a mapping makes of a source row: a target row, or nothing because a rule leaves the row out. */
public sealed interface Mapped {
    /** Answers with the function of the case that this is. */
    <R> R fold(Function<? super MappedRow, ? extends R> row, Function<? super Filtered, ? extends R> filtered);

    /**
     * A target row, what the source said where the row alone would not tell, and what was found on the way.
     *
     * @param raw by source column, the canonical text of every value that the target row does not give back
     */
    record MappedRow(Row row, Map<String, String> raw, List<Finding> findings) implements Mapped {
        public MappedRow {
            Objects.requireNonNull(row, "row");
            raw = Map.copyOf(raw);
            findings = List.copyOf(findings);
        }

        @Override
        public <R> R fold(
                Function<? super MappedRow, ? extends R> mapped, Function<? super Filtered, ? extends R> filtered) {
            return mapped.apply(this);
        }
    }

    /**
     * The target has no such row.
     *
     * @param rule the name of the rule that leaves it out
     */
    record Filtered(String rule) implements Mapped {
        public Filtered {
            Objects.requireNonNull(rule, "rule");
        }

        @Override
        public <R> R fold(
                Function<? super MappedRow, ? extends R> mapped, Function<? super Filtered, ? extends R> filtered) {
            return filtered.apply(this);
        }
    }
}
