package dev.handover.deploy.replay;

import dev.handover.deploy.pipeline.Assembly;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes changes to the topic from which they are tried again. Used by one thread. */
final class Resending implements AutoCloseable {
    private static final int MAX_BLOCK_MILLIS = 15_000;
    private static final int REQUEST_BYTES_MAX = 16 << 20;

    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    Resending(Assembly assembly) {
        Map<String, Object> settings = new HashMap<>(assembly.kafka());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** In the order of the calls, for each partition. */
    void send(Original original) {
        try {
            sent.add(producer.send(original.again()));
        } catch (KafkaException e) {
            throw RecordFetch.failed(e);
        }
    }

    /** Returns once all are in Kafka. */
    void flush() {
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw RecordFetch.failed(
                        e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.causedBy(
                        e, ExitCode.FAILED, "interrupted", "interrupted while sending", "run the same command again");
            }
        }
        sent.clear();
    }

    @Override
    public void close() {
        producer.close();
    }
}
