package dev.handover.sink.batch;

import dev.handover.change.Effect;

/**
 * What became of changes. Each is counted in {@code changes} and in exactly one of {@code inserted}, {@code updated},
 * {@code deleted}, {@code stale} and {@code dead}; those of origin LOAD in {@code loaded} too.
 */
public record Counts(long changes, long loaded, long inserted, long updated, long deleted, long stale, long dead) {
    /** No changes. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

    /** Changes that arrived, whatever becomes of them. */
    public static Counts arrived(long changes, long loaded) {
        return new Counts(changes, loaded, 0, 0, 0, 0, 0);
    }

    /** So many changes that had this effect. */
    public static Counts of(Effect effect, long changes) {
        return switch (effect) {
            case INSERTED -> new Counts(0, 0, changes, 0, 0, 0, 0);
            case UPDATED -> new Counts(0, 0, 0, changes, 0, 0, 0);
            case DELETED -> new Counts(0, 0, 0, 0, changes, 0, 0);
            case STALE -> new Counts(0, 0, 0, 0, 0, changes, 0);
        };
    }

    /** So many changes that the target refused. */
    public static Counts refused(long changes) {
        return new Counts(0, 0, 0, 0, 0, 0, changes);
    }

    public Counts plus(Counts other) {
        return new Counts(
                changes + other.changes,
                loaded + other.loaded,
                inserted + other.inserted,
                updated + other.updated,
                deleted + other.deleted,
                stale + other.stale,
                dead + other.dead);
    }

    /** Changes that arrived and whose outcome is not counted; none once a batch is applied. */
    public long unaccounted() {
        return changes - inserted - updated - deleted - stale - dead;
    }
}
