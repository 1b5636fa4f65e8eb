package dev.handover.capture;

import dev.handover.drift.DriftPolicy;
import dev.handover.mapping.TableMapping;
import dev.handover.row.TableId;
import dev.handover.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What capture needs to know.
 *
 * @param mappings of this source's tables; a table without one is copied to {@code targetSchema}
 * @param targetSchema the schema of tables that no mapping names; empty: that of the source table
 * @param partitions of every topic but the dead-letter and state topics, which have one
 * @param replication copies of every partition
 * @param minInsync copies that must have a record before it counts
 * @param retention how long the change logs are kept; zero: for ever
 * @param kafka properties of the clients, {@code bootstrap.servers} among them, applied under the ones we need
 * @param heartbeat how often the heartbeat's row is written
 * @param markInterval the least time between two marks in a partition
 * @param batchEvents most events handed over by the engine at once
 * @param load how the source is loaded
 * @param drift how far changes of schema are followed, by source table; a table that is not named follows
 *     {@code driftElse}
 */
public record CaptureConfig(
        Topics topics,
        SourceConfig source,
        List<TableMapping> mappings,
        Optional<String> targetSchema,
        int partitions,
        int replication,
        int minInsync,
        Duration retention,
        Map<String, String> kafka,
        Duration heartbeat,
        Duration markInterval,
        int batchEvents,
        LoadConfig load,
        Map<TableId, DriftPolicy> drift,
        DriftPolicy driftElse) {
    /** The least time between two heartbeats. */
    public static final Duration HEARTBEAT_MIN = Duration.ofMillis(100);

    public CaptureConfig {
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(targetSchema, "targetSchema");
        Objects.requireNonNull(retention, "retention");
        Objects.requireNonNull(load, "load");
        mappings = List.copyOf(mappings);
        kafka = Map.copyOf(kafka);
        drift = Map.copyOf(drift);
        Objects.requireNonNull(driftElse, "driftElse");
        if (partitions < 1 || replication < 1 || minInsync < 1 || batchEvents < 1) {
            throw new IllegalArgumentException("partitions, replication, minInsync and batchEvents are at least 1");
        }
        if (minInsync > replication) {
            throw new IllegalArgumentException("minInsync is at most replication");
        }
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka needs bootstrap.servers");
        }
        if (heartbeat.compareTo(HEARTBEAT_MIN) < 0 || markInterval.isNegative() || retention.isNegative()) {
            throw new IllegalArgumentException("heartbeat is at least 100 ms; markInterval and retention not negative");
        }
    }

    /** The customary settings. */
    public static CaptureConfig of(Topics topics, SourceConfig source, int partitions, Map<String, String> kafka) {
        return new CaptureConfig(
                topics,
                source,
                List.of(),
                Optional.empty(),
                partitions,
                1,
                1,
                Duration.ofDays(7),
                kafka,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                2_048,
                LoadConfig.USUAL,
                Map.of(),
                DriftPolicy.EVOLVE);
    }

    /** How far a table's changes of schema are followed. */
    public DriftPolicy drift(TableId table) {
        return drift.getOrDefault(table, driftElse);
    }

    /** Where a source table goes: one target table, or several. */
    public List<TableId> targets(TableId table) {
        List<TableId> declared = mappings.stream()
                .filter(mapping -> mapping.source().equals(table))
                .map(TableMapping::target)
                .toList();
        return declared.isEmpty()
                ? List.of(TableId.target(targetSchema.orElse(table.schema()), table.name()))
                : declared;
    }
}
