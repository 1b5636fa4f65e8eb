package dev.handover.deploy.pipeline;

import dev.handover.capture.check.Check;
import dev.handover.capture.check.Check.Level;
import dev.handover.deploy.config.KafkaConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Looks at the cluster that carries the changes. A topic is only asked for, not made. */
final class KafkaChecks {
    private static final int ANSWER_SECONDS_MAX = 10;

    private final Assembly assembly;
    private final KafkaConfig kafka;

    KafkaChecks(Assembly assembly) {
        this.assembly = assembly;
        this.kafka = assembly.pipeline().kafka();
    }

    /** @throws Fault {@code kafka-unreachable}, {@code kafka-denied} */
    List<Check> run() {
        Map<String, Object> properties = new HashMap<>(assembly.kafka());
        properties.put("client.id", "handover-doctor");
        properties.put("request.timeout.ms", String.valueOf(ANSWER_SECONDS_MAX * 500));
        properties.put("default.api.timeout.ms", String.valueOf(ANSWER_SECONDS_MAX * 1_000));
        List<Check> checks = new ArrayList<>();
        try (Admin admin = Admin.create(properties)) {
            int brokers = answer(admin.describeCluster().nodes()).size();
            checks.add(new Check(Level.OK, "connection", brokers + " brokers, " + version(admin), ""));
            int copies = kafka.topics().replication();
            checks.add(
                    copies <= brokers
                            ? new Check(Level.OK, "replication", copies + " copies on " + brokers + " brokers", "")
                            : new Check(
                                    Level.FAIL,
                                    "replication",
                                    copies + " copies need as many brokers, and there are " + brokers,
                                    "lower kafka.topics.replication and minInsync, or add brokers"));
            if (copies == 1) {
                checks.add(new Check(
                        Level.WARN,
                        "replication",
                        "one copy: a broker that loses its disk loses changes",
                        "raise kafka.topics.replication where the cluster allows it"));
            }
            if (copies <= brokers) {
                checks.add(topics(admin, (short) copies));
            }
        } catch (KafkaException e) {
            throw fault(e);
        }
        return checks;
    }

    private static String version(Admin admin) {
        FinalizedVersionRange metadata = answer(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get("metadata.version");
        return metadata == null ? "no metadata version" : "metadata version " + metadata.maxVersionLevel();
    }

    private Check topics(Admin admin, short copies) {
        String name = assembly.topics().deadLetter();
        NewTopic topic = new NewTopic(name, 1, copies);
        Set<String> ours = new TreeSet<>();
        for (String each : answer(admin.listTopics().names())) {
            if (each.startsWith(assembly.topics().pipeline() + ".")) {
                ours.add(each);
            }
        }
        if (ours.contains(name)) {
            return new Check(Level.OK, "topics", ours.size() + " of the pipeline are there", "");
        }
        try {
            admin.createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(true))
                    .all()
                    .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            return new Check(Level.OK, "topics", "can be created", "");
        } catch (ExecutionException e) {
            Throwable cause = cause(e);
            return cause instanceof TopicExistsException
                    ? new Check(Level.OK, "topics", "are there", "")
                    : new Check(
                            Level.FAIL,
                            "topics",
                            "may not be created: " + cause.getClass().getSimpleName(),
                            "allow the client CREATE on topics that begin with "
                                    + assembly.topics().pipeline() + ".");
        } catch (TimeoutException e) {
            throw fault(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw fault(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Fault interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return Fault.causedBy(e, ExitCode.FAILED, "interrupted", "interrupted while asking Kafka", "start again");
    }

    private static Throwable cause(Exception e) {
        Throwable cause = e.getCause();
        return e instanceof ExecutionException && cause != null ? cause : e;
    }

    private static Fault fault(Exception e) {
        Throwable cause = cause(e);
        if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
            return Fault.causedBy(
                    cause,
                    ExitCode.DENIED,
                    "kafka-denied",
                    "Kafka refused the client (" + cause.getClass().getSimpleName() + ")",
                    "check user, password and mechanism under kafka.security, and the access rules of the cluster");
        }
        return Fault.causedBy(
                cause,
                ExitCode.UNREACHABLE,
                "kafka-unreachable",
                "Kafka does not answer (" + cause.getClass().getSimpleName() + ")",
                "check that the brokers run, and kafka.bootstrap and kafka.security");
    }
}
