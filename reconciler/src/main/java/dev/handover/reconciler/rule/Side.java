package dev.handover.reconciler.rule;

/** What a row is added to. */
enum Side {
    /** Rows of the source's snapshot, mapped. */
    SOURCE(0),
    /** Rows of the target's snapshot. */
    TARGET(1),
    /** Rows that the source has under keys that are proved to differ. */
    PROVED_SOURCE(2),
    /** Rows that the target has under such keys. */
    PROVED_TARGET(3);

    /** How many there are. */
    static final int COUNT = 4;

    private final int place;

    Side(int place) {
        this.place = place;
    }

    /** Of its number in an array of {@link #COUNT}. */
    int place() {
        return place;
    }
}
