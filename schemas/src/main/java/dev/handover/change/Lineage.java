package dev.handover.change;

import java.time.Instant;
import java.util.Objects;

/**
 * Where a change came from, before any topic.
 *
 * @param transaction the source's own name of the transaction; empty for rows of a load
 * @param committedAt when the source committed it, by the source's clock; for a load, when the row was read
 * @param capturedAt when Handover read it, by its own clock
 */
public record Lineage(Origin origin, String transaction, Instant committedAt, Instant capturedAt) {
    public Lineage {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(transaction, "transaction");
        Objects.requireNonNull(committedAt, "committedAt");
        Objects.requireNonNull(capturedAt, "capturedAt");
    }
}
