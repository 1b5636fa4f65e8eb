package dev.handover.deploy.fidelity;

import org.jspecify.annotations.Nullable;

/**
 * How one row ended.
 *
 * @param seen for failures: what was expected and what was found; test values only
 */
record Ending(
        Grid grid,
        Grid.Slot slot,
        Arrival arrival,
        boolean restored,
        @Nullable String seen) {
    /** What came of a row at the target. */
    enum Arrival {
        /** The same text. */
        SAME,
        /** Null, with the raw text beside it. */
        RAW,
        /** A dead letter. */
        DEAD_LETTER,
        /** Another text. */
        DIFFERENT,
        /** Neither a row nor a dead letter. */
        MISSING
    }

    /** Whether it ended as the catalogue says. */
    boolean expected(boolean rawKept) {
        return switch (slot.value().expected()) {
            case EXACT -> arrival == Arrival.SAME && restored;
            case NOT_HELD -> arrival == (rawKept ? Arrival.RAW : Arrival.DEAD_LETTER) && restored;
            case PRINTS_ALIKE -> arrival == Arrival.SAME && !restored;
        };
    }

    @Override
    public String toString() {
        return grid.table() + "." + grid.types().get(slot.column()).type() + " "
                + slot.value().name() + " "
                + shortened(slot.value().literal()) + " by " + slot.path() + ": " + arrival
                + (restored ? ", restored" : ", NOT restored") + (seen == null ? "" : " " + shortened(seen));
    }

    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "..." : text;
    }
}
