package dev.handover.reconciler.tap;

import dev.handover.position.SourceId;
import dev.handover.wire.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * What a tap needs to know.
 *
 * @param slot the tap's own replication slot
 * @param captureSlot capture's own
 * @param publication the one that capture reads
 * @param partitions of every change log
 * @param kafka properties of the clients
 * @param retention how long a change log keeps every record; zero for ever
 * @param transactionsMax transactions that are read ahead of the change log; with so many the log waits
 * @param patience after which a table that gets no marks is set aside
 * @param pauseMax the longest wait before the tap tries again
 */
public record TapConfig(
        SourceId source,
        String slot,
        String captureSlot,
        String publication,
        Topics topics,
        int partitions,
        Map<String, String> kafka,
        Duration retention,
        int transactionsMax,
        Duration patience,
        Duration pauseMax) {
    /** What the names of taps' slots end with. */
    public static final String SLOT_SUFFIX = "_tap";

    private static final int SLOT_LENGTH_MAX = 63;
    private static final int TRANSACTIONS_MAX = 200_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(20);

    public TapConfig {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(slot, "slot");
        Objects.requireNonNull(captureSlot, "captureSlot");
        Objects.requireNonNull(publication, "publication");
        Objects.requireNonNull(topics, "topics");
        kafka = Map.copyOf(kafka);
        Objects.requireNonNull(retention, "retention");
        Objects.requireNonNull(patience, "patience");
        Objects.requireNonNull(pauseMax, "pauseMax");
        if (partitions < 1 || transactionsMax < 1) {
            throw new IllegalArgumentException("a tap reads at least one partition, and one transaction");
        }
    }

    /** With the usual limits. */
    public static TapConfig of(
            SourceId source,
            String captureSlot,
            String publication,
            Topics topics,
            int partitions,
            Map<String, String> kafka,
            Duration retention) {
        return new TapConfig(
                source,
                slot(captureSlot),
                captureSlot,
                publication,
                topics,
                partitions,
                kafka,
                retention,
                TRANSACTIONS_MAX,
                PATIENCE,
                PAUSE_MAX);
    }

    /** The tap's slot beside capture's: of a long name the end gives way. */
    public static String slot(String captureSlot) {
        int kept = Math.min(captureSlot.length(), SLOT_LENGTH_MAX - SLOT_SUFFIX.length());
        return captureSlot.substring(0, kept) + SLOT_SUFFIX;
    }
}
