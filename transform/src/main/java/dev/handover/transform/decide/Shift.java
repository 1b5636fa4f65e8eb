package dev.handover.transform.decide;

import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import java.util.Objects;
import java.util.Optional;

/** What a change does to the digest of its bucket: the row that it counted no more, and the row that it counts now. */
public record Shift(Optional<Fingerprint> before, Optional<Fingerprint> after) {
    /** Of a change that is stale. */
    public static final Shift NONE = new Shift(Optional.empty(), Optional.empty());

    public Shift {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
    }

    /** The digest after it. */
    public Digest apply(Digest digest) {
        Digest without = before.map(digest::minus).orElse(digest);
        return after.map(without::plus).orElse(without);
    }
}
