package dev.handover.capture;

import java.util.List;

/**
 * How a source is loaded, and how much of it at most.
 *
 * @param transactionRows rows in one Kafka transaction, of tables that are loaded through the log
 * @param connections that read chunks at once
 * @param chunkRows rows of a chunk of a table of ordinary size
 * @param rowsPerSecondMax of all connections together; 0 for no limit
 * @param pauseWhen the load waits while one of these is true at the source
 */
public record LoadConfig(
        int transactionRows, int connections, int chunkRows, int rowsPerSecondMax, List<LoadCondition> pauseWhen) {
    /** What is customary. */
    public static final LoadConfig USUAL = new LoadConfig(5_000, 2, 100_000, 0, List.of());

    public LoadConfig {
        pauseWhen = List.copyOf(pauseWhen);
        if (transactionRows < 1 || connections < 1 || chunkRows < 1 || rowsPerSecondMax < 0) {
            throw new IllegalArgumentException(
                    "transactionRows, connections and chunkRows are at least 1; rowsPerSecondMax is not negative");
        }
    }
}
