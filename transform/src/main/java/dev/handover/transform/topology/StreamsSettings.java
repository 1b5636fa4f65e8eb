package dev.handover.transform.topology;

import dev.handover.transform.TransformConfig;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.DefaultProductionExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;

/** The Kafka Streams properties of a configuration: what the user gave, under what correctness needs. */
public final class StreamsSettings {
    /** A record's Avro frame, its lineage and Kafka's own header. */
    private static final int OVERHEAD_BYTES = 64 << 10;

    /** How long a killed instance's partitions wait for it to return under its name. */
    private static final int SESSION_TIMEOUT_MILLIS = 10_000;

    private static final int HEARTBEAT_INTERVAL_MILLIS = 3_000;

    /** New tables' topics are found within this time. */
    private static final int METADATA_MAX_AGE_MILLIS = 5_000;

    /** Beyond this an open transaction of a process that is gone is aborted, and readers go on. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    /** Every commit sends what is there, so this costs no latency: it only keeps batches from being many and small. */
    private static final int LINGER_MILLIS = 50;

    private static final int FETCH_BYTES_MAX = 50 << 20;
    private static final int POLL_RECORDS_MAX = 1_000;

    /** Of every partition of every table: many tables share the heap. */
    private static final int BUFFERED_RECORDS_PER_PARTITION = 500;

    /**
     * The first records of a transaction often come while the markers of the last one are still being written, and are
     * told to try again: Kafka's own pause of 100 ms would then be the pace of everything.
     */
    private static final int RETRY_BACKOFF_MILLIS = 5;

    private static final int BATCH_BYTES = 128 << 10;

    private StreamsSettings() {}

    public static Properties properties(TransformConfig config) {
        int recordBytesMax = config.recordBytesMax() + OVERHEAD_BYTES;
        Properties properties = new Properties();
        properties.putAll(config.kafka());

        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitInterval().toMillis());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                config.stateDirectory().toAbsolutePath().toString());
        // Topics of one task have no order among each other, so there is nothing to wait for; and the wait's own checks
        // cost a twentieth of the thread.
        properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, config.cacheBytesMax());
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS_PER_PARTITION);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksMemory.class);
        properties.put(BoundedRocksMemory.BYTES_MAX, Long.toString(config.rocksBytesMax()));
        properties.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        properties.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndFailProcessingExceptionHandler.class);
        properties.put(
                StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, DefaultProductionExceptionHandler.class);

        consumer(properties, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, config.instance());
        consumer(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
        consumer(properties, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_INTERVAL_MILLIS);
        consumer(properties, ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE_MILLIS);
        consumer(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS_MAX);
        consumer(properties, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Math.max(FETCH_BYTES_MAX, recordBytesMax));
        consumer(properties, ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);

        producer(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, recordBytesMax);
        producer(properties, ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(32L << 20, 2L * recordBytesMax));
        producer(properties, ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        producer(properties, ProducerConfig.RETRY_BACKOFF_MS_CONFIG, RETRY_BACKOFF_MILLIS);
        producer(properties, ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        producer(properties, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer(properties, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);

        properties.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), recordBytesMax);
        return properties;
    }

    private static void consumer(Properties properties, String key, Object value) {
        properties.put(StreamsConfig.consumerPrefix(key), value);
    }

    private static void producer(Properties properties, String key, Object value) {
        properties.put(StreamsConfig.producerPrefix(key), value);
    }
}
