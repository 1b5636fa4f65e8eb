package dev.handover.transform.topology;

import dev.handover.digest.FingerprintKey;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.role.Role;
import dev.handover.transform.TransformConfig;
import dev.handover.transform.version.VersionLog;
import dev.handover.wire.SchemaRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the topology. Kafka Streams owns the threads; the thread that runs the role waits for its end. Nothing is
 * repaired in place: the first failure of any thread stops all of them, and a supervisor starts the process again.
 */
public final class TransformRole implements Role {
    private static final Logger LOG = LoggerFactory.getLogger(TransformRole.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final TransformConfig config;
    private final SchemaRegistry registry;
    private final FingerprintKey fingerprints;
    private final VersionLog versions;
    private final InstantSource clock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** @param versions where it is written down that a raised mapping version has reached every row */
    public TransformRole(
            TransformConfig config,
            SchemaRegistry registry,
            FingerprintKey fingerprints,
            VersionLog versions,
            InstantSource clock) {
        this.config = config;
        this.registry = registry;
        this.fingerprints = fingerprints;
        this.versions = versions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "transform";
    }

    @Override
    public void run() {
        Renormalization renormalization = new Renormalization(config, registry, versions);
        List<Renormalization.Work> again = new ChangeLogs(config, clock).require(stopped, renormalization);
        if (stopped.getCount() == 0) {
            return;
        }
        try (KafkaStreams streams = streams()) {
            streams.start();
            LOG.atInfo()
                    .addKeyValue("group", config.applicationId())
                    .addKeyValue("threads", config.threads())
                    .log("transform started");
            renormalization.run(again, stopped);
            stopped.await();
            streams.close(CLOSE_TIMEOUT);
        } catch (KafkaException | IllegalStateException e) {
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(e, ExitCode.FAILED, "interrupted", "transform was interrupted", "start it again");
        }
        Throwable cause = failure.get();
        if (cause != null) {
            throw StreamFaults.of(cause, config);
        }
    }

    private KafkaStreams streams() {
        KafkaStreams streams = new KafkaStreams(
                TransformTopology.build(config, registry, fingerprints, clock),
                StreamsSettings.properties(config),
                new StreamsClients());
        streams.setUncaughtExceptionHandler(exception -> {
            failure.compareAndSet(null, exception);
            stopped.countDown();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR) {
                failure.compareAndSet(null, new IllegalStateException("Kafka Streams ended in state ERROR"));
                stopped.countDown();
            }
        });
        return streams;
    }

    @Override
    public void stop() {
        stopped.countDown();
    }
}
