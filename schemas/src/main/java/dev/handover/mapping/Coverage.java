package dev.handover.mapping;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What becomes of every column of a source table under a mapping, before any row is seen. Immutable. */
public final class Coverage {
    private final Map<String, Of> columns;

    Coverage(Map<String, Of> columns) {
        this.columns = new LinkedHashMap<>(columns);
    }

    /** How a source column's values can be had back. */
    public enum Keeping {
        /** The target column gives every value back. */
        REVERSIBLE,
        /** The target column gives values back row by row; where it does not, the raw value is kept. */
        CHECKED,
        /** The raw value is kept with every row. */
        RAW_BACKED,
        /** Left behind, as the mapping declares. */
        DROPPED;

        /** Lower case with hyphens, as people write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Of one source column.
     *
     * @param readBy target columns that read it
     * @param restoredBy the target column that gives it back, or empty
     */
    public record Of(String column, Keeping keeping, List<String> readBy, String restoredBy) {
        public Of {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(keeping, "keeping");
            Objects.requireNonNull(restoredBy, "restoredBy");
            readBy = List.copyOf(readBy);
        }
    }

    /** By source column, in the source's order. */
    public List<Of> columns() {
        return List.copyOf(columns.values());
    }

    /** Of a source column. @throws IllegalArgumentException when there is none of that name */
    public Of of(String column) {
        Of found = columns.get(column);
        if (found == null) {
            throw new IllegalArgumentException("the source has no column \"" + column + "\"");
        }
        return found;
    }
}
