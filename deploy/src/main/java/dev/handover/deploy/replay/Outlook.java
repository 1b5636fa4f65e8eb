package dev.handover.deploy.replay;

import java.util.Locale;

/** What is to be expected of a dead letter when its change is tried again. */
public enum Outlook {
    /** The target holds this change or a later one of the row: nothing is to be done. */
    SUPERSEDED,
    /** A later dead letter is about the same row, and settles this one with it. */
    WITH_LATER,
    /** The mapping lets it pass now. */
    GOES_ON,
    /** Only trying tells: the target refused it, or it says of some values only that they are unchanged. */
    MAY_GO_ON,
    /** The mapping rejects it still. */
    FAILS,
    /** There is nothing to try it with. */
    CANNOT;

    /** As it is written in answers. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether its change is sent again. */
    public boolean sent() {
        return this == GOES_ON || this == MAY_GO_ON;
    }
}
