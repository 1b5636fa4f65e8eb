package dev.handover.deploy.bench;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Supplier;

/**
 * When the sink wrote the first and the last batch with changes of a phase, by the sink's clock: it runs on this
 * machine, so the clock is ours, and no pause between two looks at the target is in the figures.
 */
record Receipts(Instant first, Instant last) {
    double seconds() {
        return Duration.between(first, last).toNanos() / 1e9;
    }

    /** @throws Fault {@code bench-empty} when nothing was applied since */
    static Receipts since(Supplier<Connection> target, Instant began) {
        try (Connection connection = target.get();
                PreparedStatement statement = connection.prepareStatement("SELECT min(applied_at), max(applied_at)"
                        + " FROM handover.receipt WHERE changes > 0 AND applied_at >= ?")) {
            statement.setObject(1, began.atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                OffsetDateTime first = row.getObject(1, OffsetDateTime.class);
                OffsetDateTime last = row.getObject(2, OffsetDateTime.class);
                if (first == null || last == null) {
                    throw Fault.of(ExitCode.FAILED, "bench-empty", "no change was applied in the phase", "report it");
                }
                return new Receipts(first.toInstant(), last.toInstant());
            }
        } catch (SQLException e) {
            throw Workload.fault("receipts cannot be read at the target", e);
        }
    }
}
