package dev.handover.reconciler.read;

import dev.handover.reconciler.rule.Rule;
import java.time.Duration;

/** A snapshot that answers statements of rules, without being able to change anything. */
public interface Answering extends Rule.Names {
    /**
     * Asks a statement. One that is refused, or takes too long, does not spoil the snapshot for the next.
     *
     * @param longest after which the server gives up
     * @throws dev.handover.fault.Fault when the database is gone
     */
    Answer ask(String sql, Duration longest);
}
