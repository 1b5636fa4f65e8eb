package dev.handover.reconciler;

import dev.handover.digest.Fingerprint;
import dev.handover.reconciler.judge.Judgement;
import dev.handover.reconciler.judge.TargetState;
import dev.handover.row.RowKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A key that was not seen equal yet, and what has been seen of it. Used by one thread. */
final class Candidate {
    private final RowKey key;
    private final Fingerprint keyHash;
    private final List<Long> versions = new ArrayList<>();
    private TargetState before = new TargetState.Absent(Optional.empty());
    private boolean loaded;
    private Judgement last = Judgement.BEHIND;

    Candidate(RowKey key, Fingerprint keyHash) {
        this.key = key;
        this.keyHash = keyHash;
    }

    RowKey key() {
        return key;
    }

    Fingerprint keyHash() {
        return keyHash;
    }

    String reference() {
        return "key#" + keyHash.shortText();
    }

    /** The state of the target before the source's snapshot. */
    TargetState before() {
        return before;
    }

    /** Whether the key's load was complete before the source's snapshot. */
    boolean loaded() {
        return loaded;
    }

    void before(TargetState state, boolean loadComplete) {
        before = state;
        loaded = loadComplete;
    }

    Judgement last() {
        return last;
    }

    void last(Judgement judgement) {
        last = judgement;
    }

    /** Remembers a version that the source had, by the first lane of its fingerprint. */
    void seen(long lane) {
        if (!versions.contains(lane)) {
            versions.add(lane);
        }
    }

    /** Whether the source had this version earlier in the run. */
    boolean saw(Fingerprint version) {
        return versions.contains(version.lane1());
    }
}
