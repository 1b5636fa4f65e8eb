package dev.handover.reconciler.explain;

import java.util.List;
import java.util.Objects;

/**
 * Where the divergences of one kind in one table concentrate.
 *
 * @param kind missing, extraneous, stale or different
 * @param rows divergences of that kind
 * @param looked rows of them that were looked at
 * @param patterns what most of these have in common; differing columns and the stage first, then the most telling
 */
public record Explanation(String kind, long rows, long looked, List<Pattern> patterns) {
    public Explanation {
        Objects.requireNonNull(kind, "kind");
        patterns = List.copyOf(patterns);
    }
}
