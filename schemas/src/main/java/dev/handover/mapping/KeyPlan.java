package dev.handover.mapping;

import dev.handover.row.RowKey;
import dev.handover.row.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How the keys of source and target belong together: copies in another order, and constants. Immutable. */
final class KeyPlan {
    private final int[] sources;
    private final List<Optional<Value>> constants;
    private final boolean identity;

    /**
     * @param sources for each target key column, its place in the source's key; -1 for a constant
     * @param constants for each target key column
     */
    KeyPlan(int[] sources, List<Optional<Value>> constants) {
        this.sources = sources.clone();
        this.constants = List.copyOf(constants);
        boolean inOrder = true;
        for (int i = 0; i < sources.length; i++) {
            inOrder &= sources[i] == i;
        }
        this.identity = inOrder;
    }

    RowKey target(RowKey source) {
        if (identity) {
            return source;
        }
        Value[] values = new Value[sources.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = sources[i] < 0
                    ? constants.get(i).orElseThrow()
                    : source.values().get(sources[i]);
        }
        return RowKey.of(values);
    }

    RowKey source(RowKey target) {
        if (identity) {
            return target;
        }
        int count = (int) Arrays.stream(sources).filter(place -> place >= 0).count();
        Value[] values = new Value[count];
        for (int i = 0; i < sources.length; i++) {
            if (sources[i] >= 0) {
                values[sources[i]] = target.values().get(i);
            }
        }
        return RowKey.of(values);
    }

    boolean owns(RowKey target) {
        for (int i = 0; i < sources.length; i++) {
            if (sources[i] < 0
                    && !constants.get(i).orElseThrow().equals(target.values().get(i))) {
                return false;
            }
        }
        return true;
    }
}
