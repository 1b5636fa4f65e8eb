package dev.handover.capture.publish;

import dev.handover.change.DeadLetter;
import dev.handover.change.Mark;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceChunk;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import dev.handover.wire.DeadLetters;
import dev.handover.wire.Encoded;
import dev.handover.wire.SourceEvents;
import dev.handover.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The change log topics as a writer sees them: changes, marks and state go out in Kafka transactions, of which readers
 * see all or nothing. One writer per source: opening a second one ends the first. Used by one thread at a time.
 */
public final class ChangeLog implements AutoCloseable {
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
    private static final byte[] GAP = utf8("gap");

    /** How long a transaction is usually given; readers wait so long when its writer is gone for good. */
    public static final Duration TRANSACTION_MAX = Duration.ofMinutes(1);

    /** As much as a broker allows by its usual settings ({@code transaction.max.timeout.ms}). */
    public static final Duration LONG_TRANSACTION_MAX = Duration.ofMinutes(15);

    private final Topics topics;
    private final SourceEvents events;
    private final DeadLetters letters;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private boolean open;

    private ChangeLog(
            Topics topics,
            SourceEvents events,
            DeadLetters letters,
            int partitions,
            KafkaProducer<byte[], byte[]> producer) {
        this.topics = topics;
        this.events = events;
        this.letters = letters;
        this.partitions = partitions;
        this.producer = producer;
    }

    /**
     * Takes over the source's change log from whoever wrote it.
     *
     * @param kafka properties of the clients, applied under the ones that exactly-once needs
     * @param transactionMax the longest that a transaction takes
     * @throws Fault {@code kafka-unreachable}
     */
    public static ChangeLog open(
            Map<String, String> kafka,
            Topics topics,
            String source,
            SourceEvents events,
            DeadLetters letters,
            int partitions,
            Duration transactionMax) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("linger.ms", "5");
        // Told to wait for the markers of the last transaction, a producer would pause 100 ms by default.
        settings.put("retry.backoff.ms", "5");
        settings.put("batch.size", "131072");
        settings.put("compression.type", "lz4");
        settings.put("max.request.size", "16777216");
        settings.putAll(kafka);
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("transactional.id", topics.pipeline() + "-capture-" + source);
        settings.put("transaction.timeout.ms", String.valueOf(transactionMax.toMillis()));
        try {
            KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
            try {
                producer.initTransactions();
                return new ChangeLog(topics, events, letters, partitions, producer);
            } catch (KafkaException e) {
                producer.close(Duration.ZERO);
                throw e;
            }
        } catch (KafkaException e) {
            throw fault(e);
        }
    }

    /** Sends a change, in the open transaction; one is begun when none is open. */
    public void send(SourceChange change) {
        send(events.encode(change));
    }

    /** Sends a mark to every partition of its table's change log. */
    public void send(Mark mark) {
        for (int partition = 0; partition < partitions; partition++) {
            send(events.encode(mark, partition));
        }
    }

    /** Tells of a chunk in one partition of its table's change log. */
    public void send(SourceChunk chunk, int partition) {
        send(events.encode(chunk, partition));
    }

    /** Leaves a dead letter. */
    public void send(DeadLetter letter) {
        send(letters.encode(letter));
    }

    /**
     * Says in every partition of a table's change log that changes are missing before this place: a record that is none
     * of the contract, as if it were one of them.
     */
    public void gap(TableId table) {
        for (int partition = 0; partition < partitions; partition++) {
            send(new ProducerRecord<>(topics.source(table), partition, GAP, GAP));
        }
    }

    /** Remembers something under a key of the state topic. */
    public void remember(String key, String value) {
        send(new ProducerRecord<>(topics.state(), 0, utf8(key), utf8(value)));
    }

    /** Forgets what is remembered under a key of the state topic. */
    public void forget(String key) {
        send(new ProducerRecord<>(topics.state(), 0, utf8(key), null));
    }

    /** Registers the contracts of a table. @throws Fault {@code schema-incompatible}, {@code registry-unreachable} */
    public void register(dev.handover.row.TableSchema table) {
        events.register(table);
    }

    /** Ends the open transaction, if any; after it readers see all of it. @throws Fault when that is not certain */
    public void commit() {
        if (!open) {
            return;
        }
        try {
            producer.commitTransaction();
            open = false;
        } catch (KafkaException e) {
            throw fault(e);
        }
    }

    private void send(Encoded encoded) {
        send(new ProducerRecord<>(
                encoded.topic(), encoded.partition(), encoded.key().orElse(null), encoded.value()));
    }

    private void send(ProducerRecord<byte[], byte[]> sent) {
        try {
            if (!open) {
                producer.beginTransaction();
                open = true;
            }
            // A failed send fails the commit; nothing of the transaction is ever seen.
            var unused = producer.send(sent);
        } catch (KafkaException e) {
            throw fault(e);
        }
    }

    private static Fault fault(KafkaException e) {
        if (e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException) {
            return Fault.causedBy(
                    e,
                    ExitCode.CONFLICT,
                    "capture-fenced",
                    "another capture of the same source took over",
                    "run one capture per source; if you did not start another, look for one that was left running");
        }
        return Fault.causedBy(
                e,
                ExitCode.UNREACHABLE,
                "kafka-unreachable",
                "kafka did not take a transaction (" + e.getClass().getSimpleName() + ")",
                "check that the brokers run, and that kafka.bootstrap and kafka.security are right");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Gives up the open transaction, if any. */
    @Override
    public void close() {
        try {
            if (open) {
                producer.abortTransaction();
            }
        } catch (KafkaException e) {
            // It times out at the broker instead; readers never see it.
            open = false;
        } finally {
            producer.close(CLOSE_MAX);
        }
    }
}
