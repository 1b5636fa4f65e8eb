package dev.handover.capture.publish;

import dev.handover.capture.CaptureConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The pipeline's topics: made where missing, refused where they are not ours to use. */
public final class TopicLayout {
    private static final int DELETION_ATTEMPTS_MAX = 100;
    private static final int DELETION_PAUSE_MILLIS = 100;
    private static final int ANSWER_ATTEMPTS_MAX = 50;
    private static final int ANSWER_PAUSE_MILLIS = 100;
    private static final String LOOK_MILLIS_MAX = "5000";
    private static final Duration LOOK_POLL = Duration.ofMillis(200);

    private final CaptureConfig config;

    public TopicLayout(CaptureConfig config) {
        this.config = config;
    }

    private interface Question<T> {
        T ask() throws ExecutionException, InterruptedException;
    }

    /** Makes the state topic where it is missing; everything else waits for what it says. */
    public void ensureState() {
        try (Admin admin = admin()) {
            ensure(admin, List.of(state()));
        }
    }

    private NewTopic state() {
        return topic(
                config.topics().state(),
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "min.insync.replicas", String.valueOf(config.minInsync()),
                        "segment.ms", "600000"));
    }

    private NewTopic deadLetter() {
        return topic(config.topics().deadLetter(), 1, log());
    }

    private NewTopic replay() {
        return topic(config.topics().replay(), config.partitions(), log());
    }

    /** The topic of the schema's history, which only a source needs whose log does not describe its tables. Pure. */
    public NewTopic history() {
        return topic(
                config.topics().schemaHistory(config.source().name()),
                1,
                Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", "-1",
                        "retention.bytes", "-1",
                        "min.insync.replicas", String.valueOf(config.minInsync())));
    }

    private Map<String, String> log() {
        return Map.of(
                "min.insync.replicas",
                String.valueOf(config.minInsync()),
                "max.message.bytes",
                "16777216",
                "cleanup.policy",
                "delete",
                "retention.ms",
                retention());
    }

    private String retention() {
        return config.retention().isZero()
                ? "-1"
                : String.valueOf(config.retention().toMillis());
    }

    private Map<String, NewTopic> changeLogs(Collection<TableId> tables) {
        Map<String, String> settings = new HashMap<>(log());
        if (!config.retention().isZero()) {
            // Of a change log the newest record of every key stays for ever: a later mapping is applied to what it
            // says.
            settings.put("cleanup.policy", "compact");
            settings.remove("retention.ms");
            settings.put("min.compaction.lag.ms", retention());
        }
        Map<String, NewTopic> wanted = new LinkedHashMap<>();
        for (TableId table : new TreeSet<>(tables)) {
            put(wanted, topic(config.topics().source(table), config.partitions(), settings));
        }
        return wanted;
    }

    private Map<String, NewTopic> canonical(Collection<TableId> tables) {
        Map<String, NewTopic> wanted = new LinkedHashMap<>();
        for (TableId table : new TreeSet<>(tables)) {
            for (TableId target : config.targets(table)) {
                put(wanted, topic(config.topics().canonical(target), config.partitions(), log()));
            }
        }
        return wanted;
    }

    /** Every topic that capture of these tables needs, but that of the schema's history. Pure. */
    public List<NewTopic> wanted(Collection<TableId> tables) {
        List<NewTopic> wanted = new ArrayList<>(List.of(state()));
        wanted.addAll(changeLogs(tables).values());
        wanted.addAll(canonical(tables).values());
        wanted.add(replay());
        wanted.add(deadLetter());
        return wanted;
    }

    /**
     * Makes the topics of these tables, and last of all the dead-letter topic, for which the other roles wait.
     *
     * @param begun whether an earlier run of this source wrote here; if not, topics that hold records are foreign
     * @param captured the tables that earlier runs wrote; their topics must be there
     * @throws Fault {@code topic-partitions}, {@code topic-foreign}, {@code topic-missing}, {@code kafka-unreachable}
     */
    public void ensure(Collection<TableId> tables, boolean begun, Collection<TableId> captured) {
        Map<String, NewTopic> sources = changeLogs(tables);
        Map<String, NewTopic> wanted = new LinkedHashMap<>(sources);
        wanted.putAll(canonical(tables));
        try (Admin admin = admin()) {
            requireCaptured(admin, captured);
            ensure(admin, List.copyOf(wanted.values()));
            if (!begun) {
                requireEmpty(admin, sources.keySet());
            }
            ensure(admin, List.of(replay()));
            ensure(admin, List.of(deadLetter()));
        }
    }

    /** Makes the topic of the schema's history anew; what an interrupted first run left in it may be a part only. */
    public void recreateHistory() {
        String history = history().name();
        try (Admin admin = admin()) {
            if (answer(() -> admin.listTopics().names().get()).contains(history)) {
                answer(() -> admin.deleteTopics(List.of(history)).all().get());
                await(admin, history);
            }
            ensure(admin, List.of(history()));
        }
    }

    private static void await(Admin admin, String deleted) {
        for (int attempt = 0; attempt < DELETION_ATTEMPTS_MAX; attempt++) {
            if (!answer(() -> admin.listTopics().names().get()).contains(deleted)) {
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(DELETION_PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
        throw Fault.of(
                ExitCode.TIMED_OUT,
                "topic-not-deleted",
                "topic " + deleted + " was deleted and is still there",
                "check that the brokers allow topics to be deleted");
    }

    private static void put(Map<String, NewTopic> topics, NewTopic topic) {
        topics.put(topic.name(), topic);
    }

    private NewTopic topic(String name, int partitions, Map<String, String> settings) {
        return new NewTopic(name, partitions, (short) config.replication()).configs(settings);
    }

    private Admin admin() {
        Map<String, Object> settings = new HashMap<>(config.kafka());
        return Admin.create(settings);
    }

    private void requireCaptured(Admin admin, Collection<TableId> captured) {
        if (captured.isEmpty()) {
            return;
        }
        var names = answer(() -> admin.listTopics().names().get());
        for (TableId table : captured) {
            String topic = config.topics().source(table);
            if (!names.contains(topic)) {
                throw gone(topic);
            }
        }
    }

    private static Fault gone(String topic) {
        return Fault.of(
                ExitCode.CONFLICT,
                "topic-missing",
                "topic " + topic + " was written before and is gone",
                "restore it, or start the pipeline anew under another name: its changes cannot be read again");
    }

    private void ensure(Admin admin, List<NewTopic> topics) {
        var names = answer(() -> admin.listTopics().names().get());
        List<NewTopic> missing = new ArrayList<>();
        List<NewTopic> present = new ArrayList<>();
        topics.forEach(topic -> (names.contains(topic.name()) ? present : missing).add(topic));
        requirePartitions(admin, present);
        for (var created : admin.createTopics(missing).values().entrySet()) {
            try {
                created.getValue().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw fault(e);
                }
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private static void requirePartitions(Admin admin, List<NewTopic> present) {
        Map<String, TopicDescription> known = answer(
                () -> admin.describeTopics(present.stream().map(NewTopic::name).toList())
                        .allTopicNames()
                        .get());
        for (NewTopic topic : present) {
            TopicDescription description = known.get(topic.name());
            int found = description == null ? 0 : description.partitions().size();
            if (found != topic.numPartitions()) {
                throw differs(topic, found);
            }
        }
    }

    private static Fault differs(NewTopic topic, int partitions) {
        return Fault.of(
                ExitCode.CONFLICT,
                "topic-partitions",
                "topic " + topic.name() + " has " + partitions + " partitions, the pipeline " + topic.numPartitions(),
                "set kafka.topics.partitions to what the topics have, or use another pipeline name");
    }

    /**
     * Why a topic that was looked for cannot be used, where it cannot. Pure.
     *
     * @param partitions that it has; empty where it is not there
     * @param written whether an earlier run wrote to it
     */
    public static Optional<Fault> obstacle(NewTopic topic, Optional<Integer> partitions, boolean written) {
        if (partitions.isEmpty()) {
            return written ? Optional.of(gone(topic.name())) : Optional.empty();
        }
        return partitions.get() == topic.numPartitions()
                ? Optional.empty()
                : Optional.of(differs(topic, partitions.get()));
    }

    /**
     * The partitions of those of the topics that are there.
     *
     * @param kafka properties of the clients
     * @throws Fault {@code kafka-unreachable}
     */
    public static Map<String, Integer> found(Map<String, String> kafka, Collection<NewTopic> topics) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("request.timeout.ms", LOOK_MILLIS_MAX);
        settings.put("default.api.timeout.ms", LOOK_MILLIS_MAX);
        try (Admin admin = Admin.create(settings)) {
            Set<String> names = new TreeSet<>(admin.listTopics().names().get());
            names.retainAll(topics.stream().map(NewTopic::name).toList());
            Map<String, Integer> found = new HashMap<>();
            admin.describeTopics(names)
                    .allTopicNames()
                    .get()
                    .forEach((name, topic) -> found.put(name, topic.partitions().size()));
            return found;
        } catch (ExecutionException e) {
            throw fault(e);
        } catch (KafkaException e) {
            throw fault(new ExecutionException(e));
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /**
     * Refuses topics that hold a committed record. What a first run sent before it was killed is in a transaction that
     * was never committed; it moved the ends of the partitions, and nobody will ever read it.
     */
    private void requireEmpty(Admin admin, Collection<String> topics) {
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> java.util.stream.IntStream.range(0, config.partitions())
                        .mapToObj(partition -> new TopicPartition(topic, partition)))
                .toList();
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest()));
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                answer(() -> admin.listOffsets(latest).all().get());
        List<TopicPartition> written = partitions.stream()
                .filter(partition -> {
                    ListOffsetsResultInfo end = ends.get(partition);
                    return end != null && end.offset() > 0;
                })
                .toList();
        if (!written.isEmpty()) {
            committed(written).ifPresent(topic -> {
                throw Fault.of(
                        ExitCode.CONFLICT,
                        "topic-foreign",
                        "topic " + topic + " holds records that this source did not write",
                        "use another pipeline name, or delete the topic if nothing needs it");
            });
        }
    }

    /** A topic of these that holds a committed record. */
    private Optional<String> committed(List<TopicPartition> partitions) {
        Map<String, Object> settings = new HashMap<>(config.kafka());
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<TopicPartition> unread = new ArrayList<>(partitions);
            while (!unread.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> found : consumer.poll(LOOK_POLL)) {
                    return Optional.of(found.topic());
                }
                unread.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            }
            return Optional.empty();
        } catch (KafkaException e) {
            throw fault(new ExecutionException(e));
        }
    }

    /**
     * A topic that was made a moment ago is not known to every broker at once, and asking again is what Kafka advises.
     */
    private static <T> T answer(Question<T> question) {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.ask();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || attempt == ANSWER_ATTEMPTS_MAX) {
                    throw fault(e);
                }
                pause();
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(ANSWER_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static Fault interrupted() {
        Thread.currentThread().interrupt();
        return Fault.of(ExitCode.FAILED, "interrupted", "interrupted while asking kafka", "start again");
    }

    private static Fault fault(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String what = cause instanceof KafkaException ? cause.getClass().getSimpleName() : "unexpected failure";
        return Fault.causedBy(
                e,
                ExitCode.UNREACHABLE,
                "kafka-unreachable",
                "kafka did not answer about topics (" + what + ")",
                "check that the brokers run, and that the user may create topics");
    }
}
