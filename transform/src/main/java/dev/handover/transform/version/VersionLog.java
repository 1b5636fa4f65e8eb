package dev.handover.transform.version;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.wire.Topics;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topic {@link Topics#mappings()}: one record for each mapping version that was ever used, with what it meant, and
 * one for each that has reached every row. It has one partition, is compacted, and nothing in it is ever deleted. A
 * record's key says everything, so that compaction keeps two that contradict each other; the earlier one counts. Its
 * value is the time, for people.
 *
 * <p>A record {@code begun} says that whatever was used before has been written down. It is the last of the first
 * records, so that a first start that was interrupted is repeated as one.
 */
public final class VersionLog {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration READ_MAX = Duration.ofSeconds(60);
    private static final String REQUEST_MILLIS_MAX = "5000";
    private static final String API_MILLIS_MAX = "10000";
    private static final String BEGUN = "begun";
    private static final String USED = "used";
    private static final String RENEWED = "renewed";

    private final Map<String, Object> kafka;
    private final Topics topics;
    private final short replication;
    private final int minInsync;
    private final InstantSource clock;

    /**
     * @param kafka properties of the clients
     * @param replication copies of the topic, where it is to be made
     * @param minInsync copies that must have a record before it counts as written
     */
    public VersionLog(Map<String, String> kafka, Topics topics, int replication, int minInsync, InstantSource clock) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.put("request.timeout.ms", REQUEST_MILLIS_MAX);
        this.kafka.put("default.api.timeout.ms", API_MILLIS_MAX);
        this.topics = topics;
        this.replication = (short) replication;
        this.minInsync = minInsync;
        this.clock = clock;
    }

    /**
     * What is written down.
     *
     * @param begun whether every version that was used is among them; false before the first start
     * @param versions in the order in which they were used
     * @param renewed versions that have reached every row
     */
    public record Recorded(boolean begun, List<UsedVersion> versions, Set<RenewedRows> renewed) {
        /** Nothing. */
        public static final Recorded NONE = new Recorded(false, List.of(), Set.of());

        public Recorded {
            versions = List.copyOf(versions);
            renewed = Set.copyOf(renewed);
        }

        /** The first record of each version of the same tables, in order: those that count. */
        public List<UsedVersion> of(String source, String target) {
            Map<Integer, UsedVersion> first = new HashMap<>();
            versions.stream()
                    .filter(each ->
                            each.source().equals(source) && each.target().equals(target))
                    .forEach(each -> first.putIfAbsent(each.version(), each));
            return first.values().stream()
                    .sorted(Comparator.comparingInt(UsedVersion::version))
                    .toList();
        }
    }

    /**
     * Reads everything; changes nothing.
     *
     * @throws Fault {@code kafka-unreachable}, {@code kafka-denied}
     */
    public Recorded read() {
        return asked(admin -> admin.listTopics().names().get().contains(topics.mappings()) ? readAll() : Recorded.NONE);
    }

    /**
     * The topics of those that a consumer group has read from.
     *
     * @throws Fault {@code kafka-unreachable}, {@code kafka-denied}
     */
    public Set<String> topicsRead(String group) {
        return asked(admin -> {
            try {
                return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                        .filter(entry ->
                                entry.getValue() != null && entry.getValue().offset() > 0)
                        .map(entry -> entry.getKey().topic())
                        .collect(Collectors.toSet());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof GroupIdNotFoundException) {
                    return Set.of();
                }
                throw e;
            }
        });
    }

    /**
     * Writes down versions that are about to be used, and that everything which was used before is written down.
     *
     * @return everything that is written down then, of other writers too
     * @throws Fault {@code kafka-unreachable}, {@code kafka-denied}
     */
    public Recorded add(Collection<UsedVersion> versions) {
        return asked(admin -> {
            make(admin);
            List<String> keys = new ArrayList<>();
            versions.forEach(version -> keys.add(key(version)));
            keys.add(BEGUN);
            append(keys);
            return readAll();
        });
    }

    /**
     * Writes down that a version has reached every row.
     *
     * @throws Fault {@code kafka-unreachable}, {@code kafka-denied}
     */
    public void add(RenewedRows renewed) {
        asked(admin -> {
            make(admin);
            append(List.of(key(renewed)));
            return renewed;
        });
    }

    /** The topic as it is made where it is missing. */
    public NewTopic topic() {
        return new NewTopic(topics.mappings(), 1, replication)
                .configs(Map.of("cleanup.policy", "compact", "min.insync.replicas", String.valueOf(minInsync)));
    }

    private void make(Admin admin) throws ExecutionException, InterruptedException {
        try {
            admin.createTopics(List.of(topic())).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private void append(List<String> keys) throws ExecutionException, InterruptedException {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("linger.ms", "0");
        settings.put("delivery.timeout.ms", API_MILLIS_MAX);
        byte[] now = clock.instant().toString().getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String key : keys) {
                // one after the other: a record stands behind those that it relies on
                producer.send(new ProducerRecord<>(topics.mappings(), 0, key.getBytes(StandardCharsets.UTF_8), now))
                        .get();
            }
        }
    }

    private Recorded readAll() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        boolean begun = false;
        List<UsedVersion> versions = new ArrayList<>();
        Set<RenewedRows> renewed = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topics.mappings(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long deadlineNanos = System.nanoTime() + READ_MAX.toNanos();
            while (consumer.position(partition) < end) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new TimeoutException("not read to its end in " + READ_MAX);
                }
                for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
                    String key = new String(entry.key(), StandardCharsets.UTF_8);
                    begun |= key.equals(BEGUN);
                    version(key).ifPresent(versions::add);
                    renewed(key).ifPresent(renewed::add);
                }
            }
        }
        return new Recorded(begun, versions, renewed);
    }

    private static String key(UsedVersion used) {
        return String.join(" ", key(USED, used.source(), used.target(), used.version()), used.fingerprint());
    }

    private static String key(RenewedRows renewed) {
        return key(RENEWED, renewed.source(), renewed.target(), renewed.version());
    }

    private static String key(String kind, String source, String target, int version) {
        return String.join(
                " ",
                kind,
                URLEncoder.encode(source, StandardCharsets.UTF_8),
                URLEncoder.encode(target, StandardCharsets.UTF_8),
                String.valueOf(version));
    }

    /** Empty of a record of another kind. */
    private static Optional<UsedVersion> version(String key) {
        String[] words = key.split(" ", -1);
        return words[0].equals(USED)
                ? Optional.of(new UsedVersion(name(words[1]), name(words[2]), Integer.parseInt(words[3]), words[4]))
                : Optional.empty();
    }

    /** Empty of a record of another kind. */
    private static Optional<RenewedRows> renewed(String key) {
        String[] words = key.split(" ", -1);
        return words[0].equals(RENEWED)
                ? Optional.of(new RenewedRows(name(words[1]), name(words[2]), Integer.parseInt(words[3])))
                : Optional.empty();
    }

    private static String name(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    private interface Question<T> {
        T ask(Admin admin) throws ExecutionException, InterruptedException;
    }

    private <T> T asked(Question<T> question) {
        try (Admin admin = Admin.create(kafka)) {
            return question.ask(admin);
        } catch (ExecutionException e) {
            throw fault(e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw fault(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "interrupted",
                    "interrupted while asking Kafka for mapping versions",
                    "start again");
        }
    }

    private Fault fault(Throwable cause) {
        if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
            return Fault.causedBy(
                    cause,
                    ExitCode.DENIED,
                    "kafka-denied",
                    "Kafka refused the client topic " + topics.mappings() + " ("
                            + cause.getClass().getSimpleName() + ")",
                    "check kafka.security, and the rights on topics and groups that begin with \"" + topics.pipeline()
                            + "\"");
        }
        return Fault.causedBy(
                cause,
                ExitCode.UNREACHABLE,
                "kafka-unreachable",
                "Kafka does not answer about topic " + topics.mappings() + " ("
                        + cause.getClass().getSimpleName() + ")",
                "check that the brokers run, and kafka.bootstrap and kafka.security");
    }
}
