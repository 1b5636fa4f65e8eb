package dev.handover.transform;

import dev.handover.mapping.TableMapping;
import dev.handover.row.TableId;
import dev.handover.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the transform is told.
 *
 * @param topics of the pipeline
 * @param partitions of every topic of the pipeline, fixed for its life
 * @param targetSchema where tables without a mapping are copied to; empty: the schema of the source table
 * @param mappings at most one for each source table and target table; a source table without one is copied
 * @param instance the name under which this process returns to the group after a crash; unique among those that run
 * @param threads that process partitions; more than partitions are of no use
 * @param stateDirectory for RocksDB; what is lost there is restored from Kafka
 * @param commitInterval between transactions: the least latency that it adds, and the work that a crash repeats
 * @param topicsWaitMax how long to wait at the start for capture to create the topics
 * @param recordBytesMax the largest record that can pass, key and value
 * @param cacheBytesMax of bucket sums, over all threads
 * @param rocksBytesMax of RocksDB's block cache and write buffers together, over all stores of the process
 * @param kafka the clients' properties, {@code bootstrap.servers} among them; they are overruled by what correctness
 *     needs
 */
public record TransformConfig(
        Topics topics,
        int partitions,
        Optional<String> targetSchema,
        List<TableMapping> mappings,
        String instance,
        int threads,
        Path stateDirectory,
        Duration commitInterval,
        Duration topicsWaitMax,
        int recordBytesMax,
        long cacheBytesMax,
        long rocksBytesMax,
        Map<String, String> kafka) {
    /** As often as a transaction costs little beside its records. */
    public static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

    /** Capture may first have to wait for its own source. */
    public static final Duration TOPICS_WAIT_MAX = Duration.ofMinutes(2);

    /** A document of 20 MB, and its raw copy beside it. */
    public static final int RECORD_BYTES_MAX = 48 << 20;

    /** About a hundred thousand buckets. */
    public static final long CACHE_BYTES_MAX = 16L << 20;

    /** For the state of some million keys. */
    public static final long ROCKS_BYTES_MAX = 128L << 20;

    private static final int RECORD_BYTES_LEAST = 1 << 20;

    public TransformConfig {
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(targetSchema, "targetSchema");
        Objects.requireNonNull(stateDirectory, "stateDirectory");
        mappings = List.copyOf(mappings);
        kafka = Map.copyOf(kafka);
        require(partitions >= 1, "transform.partitions is at least 1, not " + partitions);
        require(threads >= 1, "transform.threads is at least 1, not " + threads);
        require(!instance.isBlank(), "transform.instance has a name");
        require(commitInterval.toMillis() >= 1, "transform.commit-interval is at least 1 ms");
        require(!topicsWaitMax.isNegative(), "transform.topics-wait-max is not negative");
        require(recordBytesMax >= RECORD_BYTES_LEAST, "transform.record-bytes-max is at least 1 MiB");
        require(cacheBytesMax >= 0, "transform.cache-bytes-max is not negative");
        require(rocksBytesMax >= RECORD_BYTES_LEAST, "transform.rocks-bytes-max is at least 1 MiB");
        require(kafka.containsKey("bootstrap.servers"), "the Kafka properties name bootstrap.servers");
        long pairs = mappings.stream()
                .map(mapping -> List.of(mapping.source(), mapping.target()))
                .distinct()
                .count();
        require(pairs == mappings.size(), "a source table is mapped to one target table twice");
        requireOneDatabase(mappings);
    }

    /** With every limit as it is by default, and one thread. */
    public static TransformConfig of(
            Topics topics,
            int partitions,
            Optional<String> targetSchema,
            List<TableMapping> mappings,
            Path stateDirectory,
            Map<String, String> kafka) {
        return new TransformConfig(
                topics,
                partitions,
                targetSchema,
                mappings,
                topics.pipeline() + "-transform-1",
                1,
                stateDirectory,
                COMMIT_INTERVAL,
                TOPICS_WAIT_MAX,
                RECORD_BYTES_MAX,
                CACHE_BYTES_MAX,
                ROCKS_BYTES_MAX,
                kafka);
    }

    /** Kafka's name of the group, and the prefix of changelog topics and transactions. */
    public String applicationId() {
        return topics.transformGroup();
    }

    /** The change logs of all source tables, and the changes that are tried again. */
    public Pattern changeLogTopics() {
        return Pattern.compile(Pattern.quote(topics.sourcePrefix()) + ".*|" + Pattern.quote(topics.replay()));
    }

    /** How a source table is mapped, to each of its target tables: as declared, or else copied column by column. */
    public List<TableMapping> mappings(TableId source) {
        List<TableMapping> declared = mappings.stream()
                .filter(mapping -> mapping.source().equals(source))
                .toList();
        return declared.isEmpty() ? List.of(TableMapping.undeclared(source, targetSchema)) : declared;
    }

    /** The source tables that become one target table, where several are declared to; else empty. */
    public List<TableId> sources(TableId target) {
        List<TableId> sources = mappings.stream()
                .filter(mapping -> mapping.target().equals(target))
                .map(TableMapping::source)
                .toList();
        return sources.size() > 1 ? sources : List.of();
    }

    private static void requireOneDatabase(List<TableMapping> mappings) {
        Map<TableId, String> databases = new HashMap<>();
        for (TableMapping mapping : mappings) {
            String known =
                    databases.putIfAbsent(mapping.target(), mapping.source().database());
            require(
                    known == null || known.equals(mapping.source().database()),
                    "target table " + mapping.target().shortText() + " is written from two sources, "
                            + "whose positions have no common order");
        }
    }

    private static void require(boolean holds, String fact) {
        if (!holds) {
            throw new IllegalArgumentException(fact);
        }
    }

    /** Names the Kafka properties, and does not tell them: some are passwords. */
    @Override
    public String toString() {
        return "transform of \"" + topics.pipeline() + "\", partitions=" + partitions + ", threads=" + threads
                + ", instance=" + instance + ", mappings=" + mappings.size() + ", kafka="
                + new TreeSet<>(kafka.keySet());
    }
}
