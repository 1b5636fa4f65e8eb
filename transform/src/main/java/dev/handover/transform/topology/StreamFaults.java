package dev.handover.transform.topology;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.transform.TransformConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.LockException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;

/** What an exception out of Kafka Streams means to an operator. Only classes are told: messages may quote a record. */
public final class StreamFaults {
    private static final int CAUSES_MAX = 20;

    private StreamFaults() {}

    /** The fault that stands for an exception; one of our own, thrown within the topology, is found again. */
    public static Fault of(Throwable thrown, TransformConfig config) {
        List<Throwable> causes = causes(thrown);
        return first(causes, Fault.class)
                .map(Fault.class::cast)
                .or(() -> first(causes, RecordTooLargeException.class)
                        .map(cause -> Fault.causedBy(
                                cause,
                                ExitCode.FAILED,
                                "record-too-large",
                                "a record is larger than transform.record-bytes-max or the topic's max.message.bytes",
                                "raise both; the present limit of the transform is " + config.recordBytesMax()
                                        + " bytes")))
                .or(() -> first(causes, AuthenticationException.class)
                        .or(() -> first(causes, AuthorizationException.class))
                        .map(cause -> Fault.causedBy(
                                cause,
                                ExitCode.DENIED,
                                "kafka-denied",
                                "Kafka refused the transform",
                                "check the credentials under kafka, and the rights on topics, groups and transactions"
                                        + " that begin with \"" + config.applicationId() + "\"")))
                .or(() -> first(causes, FencedInstanceIdException.class)
                        .map(cause -> Fault.causedBy(
                                cause,
                                ExitCode.CONFLICT,
                                "instance-fenced",
                                "another process runs as instance \"" + config.instance() + "\"",
                                "stop it, or give this one another transform.instance")))
                .or(() -> first(causes, TimeoutException.class)
                        .map(cause -> Fault.causedBy(
                                cause,
                                ExitCode.UNREACHABLE,
                                "kafka-unreachable",
                                "Kafka did not answer in time",
                                "check the brokers; the transform goes on where it was when it is started again")))
                .or(() -> first(causes, ProcessorStateException.class)
                        .or(() -> first(causes, LockException.class))
                        .map(cause -> Fault.causedBy(
                                cause,
                                ExitCode.FAILED,
                                "state-unusable",
                                "the state in " + config.stateDirectory() + " cannot be used",
                                "is the disk full, or does another process use the directory? It may be deleted while"
                                        + " the transform is stopped: Kafka holds a copy")))
                .orElseGet(() -> other(causes, config));
    }

    private static Fault other(List<Throwable> causes, TransformConfig config) {
        Throwable root = causes.get(causes.size() - 1);
        String kind = root.getClass().getSimpleName();
        if (root instanceof StreamsException) {
            return Fault.causedBy(
                    root,
                    ExitCode.FAILED,
                    "transform-failed",
                    "Kafka Streams ended with " + kind,
                    "does another process use " + config.stateDirectory() + "? Else start it again, and see the log");
        }
        return Fault.causedBy(
                root,
                ExitCode.FAILED,
                "transform-failed",
                "the transform ended with " + kind,
                "start it again: it goes on where it was; if it ends so again, report the stack trace");
    }

    private static Optional<Throwable> first(List<Throwable> causes, Class<? extends Throwable> type) {
        return causes.stream().filter(type::isInstance).findFirst();
    }

    private static List<Throwable> causes(Throwable thrown) {
        return Stream.iterate(Optional.of(thrown), Optional::isPresent, next -> next.map(Throwable::getCause))
                .limit(CAUSES_MAX)
                .map(Optional::get)
                .toList();
    }
}
