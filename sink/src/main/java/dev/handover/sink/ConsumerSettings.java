package dev.handover.sink;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/** The properties of the sink's consumer. Pure. */
final class ConsumerSettings {
    /** A transaction at the target, with all of its retries, is well within this. */
    private static final int POLL_INTERVAL_MILLIS_MAX = 900_000;

    /** New topics and partitions are noticed within this. */
    private static final int METADATA_AGE_MILLIS_MAX = 2_000;

    private ConsumerSettings() {}

    static Map<String, Object> of(SinkConfig config) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_AGE_MILLIS_MAX);
        settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, POLL_INTERVAL_MILLIS_MAX);
        settings.putAll(config.kafka());
        // From here on: what being correct depends on. Offsets are the database's business; the group only shares out
        // partitions.
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group(config.pipeline()));
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, config.recordsMax());
        config.member().ifPresent(member -> settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member));
        return settings;
    }

    /** The consumer group of a pipeline's sinks, in which offsets can be watched. */
    static String group(String pipeline) {
        return pipeline + ".sink";
    }
}
