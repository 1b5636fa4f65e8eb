package dev.handover.sink;

import dev.handover.fault.Retry;
import dev.handover.sink.archive.ArchiveConfig;
import dev.handover.sink.batch.FindingLimits;
import dev.handover.sink.batch.Gathering;
import dev.handover.sink.postgres.TargetDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a sink needs to know.
 *
 * @param pipeline the pipeline's name, the prefix of its topics
 * @param kafka properties of the consumer, {@code bootstrap.servers} among them; what the sink requires wins over them
 * @param recordsMax most records of one batch
 * @param bytesMax most bytes of the records of one batch; a single larger record is a batch of its own
 * @param pollMax longest that a poll waits for records
 * @param topicsWaitMax how long to wait at the start until capture has made the pipeline's topics
 * @param copyRowsMin upserts of one table in one batch from which on they go by COPY instead of arrays
 * @param archive where raw values go of tables that do not keep them beside their rows; empty where none does so
 * @param member a name that is this process's own and survives its restart, so that a quick restart moves no
 *     partitions; empty for none
 * @param limits how often something may be found in the rows of a table
 * @param transactions what one transaction at the target holds
 * @param heldBytesMax most bytes of records held back until a transaction of the source is whole
 */
public record SinkConfig(
        String pipeline,
        TargetDatabase target,
        Map<String, String> kafka,
        int recordsMax,
        long bytesMax,
        Duration pollMax,
        Duration topicsWaitMax,
        Retry retry,
        int copyRowsMin,
        Optional<ArchiveConfig> archive,
        Optional<String> member,
        FindingLimits limits,
        Transactions transactions,
        long heldBytesMax) {
    /** Records of a batch: larger ones were not measurably cheaper, and hold more memory and a longer transaction. */
    public static final int RECORDS_MAX = 5_000;

    /** Bytes of a batch, which is held several times over: as records, as rows, as text. */
    public static final long BYTES_MAX = 16L << 20;

    /** Longest wait for records; also how soon a stop is noticed. */
    public static final Duration POLL_MAX = Duration.ofMillis(250);

    /** How long capture may take to make the topics. */
    public static final Duration TOPICS_WAIT_MAX = Duration.ofMinutes(5);

    /** Rows from which on COPY is cheaper than arrays; see "Decided" in the module's README. */
    public static final int COPY_ROWS_MIN = 1_000;

    /** Bytes of records held back, which take several times as much as rows. */
    public static final long HELD_BYTES_MAX = 16L << 20;

    public SinkConfig {
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(target, "target");
        kafka = Map.copyOf(kafka);
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(archive, "archive");
        Objects.requireNonNull(member, "member");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(transactions, "transactions");
        requirePositive(heldBytesMax, "heldBytesMax");
        requirePositive(recordsMax, "recordsMax");
        requirePositive(bytesMax, "bytesMax");
        requirePositive(copyRowsMin, "copyRowsMin");
        requirePositive(pollMax.toMillis(), "pollMax");
        requirePositive(topicsWaitMax.toMillis(), "topicsWaitMax");
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka has no bootstrap.servers");
        }
    }

    /** With the usual limits. */
    public static SinkConfig of(String pipeline, TargetDatabase target, Map<String, String> kafka) {
        return new SinkConfig(
                pipeline,
                target,
                kafka,
                RECORDS_MAX,
                BYTES_MAX,
                POLL_MAX,
                TOPICS_WAIT_MAX,
                Retry.USUAL,
                COPY_ROWS_MIN,
                Optional.empty(),
                Optional.empty(),
                FindingLimits.NONE,
                Transactions.BATCH,
                HELD_BYTES_MAX);
    }

    /** How large a batch becomes. */
    Gathering.Limits batch() {
        return new Gathering.Limits(recordsMax, bytesMax);
    }

    private static void requirePositive(long number, String name) {
        if (number < 1) {
            throw new IllegalArgumentException(name + " is at least 1, not " + number);
        }
    }
}
