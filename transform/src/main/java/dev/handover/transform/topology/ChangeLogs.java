package dev.handover.transform.topology;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.transform.TransformConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * What must hold before the first record is read: capture has created the topics, all with the pipeline's number of
 * partitions, and none of them has lost a record that was not processed.
 */
final class ChangeLogs {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;
    private static final int API_TIMEOUT_MILLIS = 20_000;

    private final TransformConfig config;
    private final InstantSource clock;

    ChangeLogs(TransformConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * Waits for the topics and checks them; returns early and unchecked once {@code stopped} is counted down. Answers
     * with what raised mapping versions ask for.
     *
     * @throws Fault {@code topics-missing}, {@code partitions-differ}, {@code change-log-truncated},
     *     {@code kafka-unreachable} or {@code kafka-denied}
     */
    List<Renormalization.Work> require(CountDownLatch stopped, Renormalization renormalization) {
        Properties properties = new Properties();
        properties.putAll(config.kafka());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        try (Admin admin = Admin.create(properties)) {
            if (created(admin, stopped)) {
                Map<String, TopicDescription> logs = logs(admin);
                logs.values().forEach(this::requirePartitions);
                requireWhole(admin, logs);
                return renormalization.plan(admin);
            }
            return List.of();
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(
                    e, ExitCode.FAILED, "interrupted", "interrupted while waiting for topics", "start again");
        }
    }

    /** The dead letter topic is the last that capture creates. */
    private boolean created(Admin admin, CountDownLatch stopped) throws ExecutionException, InterruptedException {
        String last = config.topics().deadLetter();
        long deadline = clock.millis() + config.topicsWaitMax().toMillis();
        while (stopped.getCount() > 0) {
            if (admin.listTopics().names().get().contains(last)) {
                return true;
            }
            if (clock.millis() >= deadline) {
                throw Fault.of(
                        ExitCode.TIMED_OUT,
                        "topics-missing",
                        "topic \"" + last + "\" did not appear within "
                                + config.topicsWaitMax().toSeconds() + " s",
                        "capture creates the topics: is it running, and is its source reachable?");
            }
            if (stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return false;
    }

    private Map<String, TopicDescription> logs(Admin admin) throws ExecutionException, InterruptedException {
        Set<String> names = admin.listTopics().names().get();
        List<String> logs = names.stream()
                .filter(name -> config.changeLogTopics().matcher(name).matches())
                .toList();
        return admin.describeTopics(logs).allTopicNames().get();
    }

    private void requirePartitions(TopicDescription topic) {
        int found = topic.partitions().size();
        if (found != config.partitions()) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "partitions-differ",
                    "topic \"" + topic.name() + "\" has " + found + " partitions, the pipeline " + config.partitions(),
                    "the number is fixed for the life of a pipeline: restore it, or start a new pipeline under another"
                            + " name");
        }
    }

    /** Kafka would go on with the oldest record that is left, and never say that others were between. */
    private void requireWhole(Admin admin, Map<String, TopicDescription> logs)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        Map<String, TopicDescription> kept = new HashMap<>(logs);
        kept.remove(config.topics().replay()); // what expires there has a dead letter that is still open
        kept.forEach((name, topic) -> topic.partitions()
                .forEach(p -> earliest.put(new TopicPartition(name, p.partition()), OffsetSpec.earliest())));
        Map<TopicPartition, OffsetAndMetadata> committed = committed(admin, config.applicationId());
        Map<TopicPartition, ListOffsetsResultInfo> starts =
                admin.listOffsets(earliest).all().get();
        starts.forEach((partition, start) -> {
            OffsetAndMetadata processed = committed.get(partition);
            long next = processed == null ? 0 : processed.offset();
            if (start.offset() > next) {
                throw Fault.of(
                        ExitCode.FAILED,
                        "change-log-truncated",
                        "partition " + partition + " begins at offset " + start.offset() + ", but " + next
                                + " is to be processed next",
                        "records were deleted before they were processed: set the topic's retention to unlimited, and"
                                + " load the table again under a new pipeline name");
            }
        });
    }

    /** The offsets of a group; none where nobody has heard of it. */
    static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group)
            throws ExecutionException, InterruptedException {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw e;
        }
    }

    private Fault unreachable(Throwable cause) {
        String servers = config.kafka().get("bootstrap.servers");
        if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
            return Fault.causedBy(
                    cause,
                    ExitCode.DENIED,
                    "kafka-denied",
                    "Kafka at " + servers + " refused the transform",
                    "check the credentials under kafka, and the rights on topics and groups that begin with \""
                            + config.topics().pipeline() + "\"");
        }
        return Fault.causedBy(
                cause,
                ExitCode.UNREACHABLE,
                "kafka-unreachable",
                "no answer from Kafka at " + servers,
                "start it, or correct kafka.bootstrap.servers");
    }
}
