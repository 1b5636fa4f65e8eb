package dev.handover.reconciler.rule;

import java.util.Objects;

/**
 * Where in the source's log both sides were read.
 *
 * @param settled position below which every change was in the source's snapshot, or empty
 * @param high position that is above every change in that snapshot, or empty
 * @param applied the least position that a partition was applied up to in the target's snapshot, or empty
 */
public record Place(String settled, String high, String applied) {
    /** Nothing was read. */
    public static final Place NOWHERE = new Place("", "", "");

    public Place {
        Objects.requireNonNull(settled, "settled");
        Objects.requireNonNull(high, "high");
        Objects.requireNonNull(applied, "applied");
    }
}
