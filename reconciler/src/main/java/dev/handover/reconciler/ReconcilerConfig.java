package dev.handover.reconciler;

import dev.handover.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How a run is bounded.
 *
 * @param topics the names of the pipeline's topics, by which the target knows how far it is applied
 * @param partitions partitions of every topic of the pipeline
 * @param deadline how long a run waits, in all, for what is in flight; past it, that stays undetermined
 * @param poll how long it waits between two looks at the target
 * @param readers connections to one database that read a table at the same time, at most
 * @param fetchRows rows that a cursor brings at a time
 * @param memoryBytesMax bytes of row digests that a table may keep in memory for each side; more go to files
 * @param spillDirectory where those files are; they are encrypted under a key that is nowhere else, and deleted
 * @param candidatesMax keys of one table that are judged one by one; more are counted, and stay undetermined
 * @param keysPerRead keys that one query asks for
 * @param divergencesMax divergences of one table that are kept one by one; more are only counted
 * @param snapshotTries how often a snapshot of a PostgreSQL source is taken anew, while transactions that were
 *     committing when its place in the log was sampled go on
 * @param statementMax how long a statement of a rule may take
 */
public record ReconcilerConfig(
        Topics topics,
        int partitions,
        Duration deadline,
        Duration poll,
        int readers,
        int fetchRows,
        long memoryBytesMax,
        Path spillDirectory,
        int candidatesMax,
        int keysPerRead,
        int divergencesMax,
        int snapshotTries,
        Duration statementMax) {
    public ReconcilerConfig {
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(deadline, "deadline");
        Objects.requireNonNull(poll, "poll");
        Objects.requireNonNull(spillDirectory, "spillDirectory");
        require(partitions >= 1, "partitions");
        require(!deadline.isNegative(), "deadline");
        require(!poll.isNegative() && !poll.isZero(), "poll");
        require(readers >= 1, "readers");
        require(fetchRows >= 1, "fetchRows");
        require(memoryBytesMax >= 1, "memoryBytesMax");
        require(candidatesMax >= 1, "candidatesMax");
        require(keysPerRead >= 1 && keysPerRead <= 1000, "keysPerRead (1 to 1000)");
        require(divergencesMax >= 1, "divergencesMax");
        require(snapshotTries >= 1, "snapshotTries");
        require(!statementMax.isNegative() && !statementMax.isZero(), "statementMax");
    }

    /** The settings that suit most pipelines. */
    public static ReconcilerConfig of(Topics topics, int partitions, Path spillDirectory) {
        return new ReconcilerConfig(
                topics,
                partitions,
                Duration.ofSeconds(60),
                Duration.ofMillis(200),
                2,
                2_000,
                64L << 20,
                spillDirectory,
                100_000,
                200,
                1_000,
                100,
                Duration.ofSeconds(60));
    }

    /** With another deadline. */
    public ReconcilerConfig waiting(Duration longest) {
        return new ReconcilerConfig(
                topics,
                partitions,
                longest,
                poll,
                readers,
                fetchRows,
                memoryBytesMax,
                spillDirectory,
                candidatesMax,
                keysPerRead,
                divergencesMax,
                snapshotTries,
                statementMax);
    }

    /** With another number of readers. */
    public ReconcilerConfig reading(int atOnce) {
        return new ReconcilerConfig(
                topics,
                partitions,
                deadline,
                poll,
                atOnce,
                fetchRows,
                memoryBytesMax,
                spillDirectory,
                candidatesMax,
                keysPerRead,
                divergencesMax,
                snapshotTries,
                statementMax);
    }

    /** With another limit of a rule's statement. */
    public ReconcilerConfig asking(Duration longest) {
        return new ReconcilerConfig(
                topics,
                partitions,
                deadline,
                poll,
                readers,
                fetchRows,
                memoryBytesMax,
                spillDirectory,
                candidatesMax,
                keysPerRead,
                divergencesMax,
                snapshotTries,
                longest);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("reconciler setting " + what + " is out of range");
        }
    }
}
