package dev.handover.deploy.capture;

import dev.handover.capture.BulkLoad;
import dev.handover.capture.CaptureConfig;
import dev.handover.capture.LoadConfig;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.TableSelection;
import dev.handover.capture.engine.CaptureRole;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.drift.DriftPolicy;
import dev.handover.fault.Fault;
import dev.handover.wire.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Settings of capture over the servers of a stack, and a capture that runs on a thread of its own. */
final class CaptureFixture {
    static final int PARTITIONS = 2;

    private CaptureFixture() {}

    static SourceConfig postgres(Endpoints.Postgres server, String database, String name, TableSelection selection) {
        return new SourceConfig(
                name,
                SourceEngine.POSTGRESQL,
                server.host(),
                server.port(),
                database,
                server.user(),
                server.password().text(),
                SourceConfig.Tls.DISABLED,
                "",
                "handover_" + name,
                "handover_" + name,
                0,
                0,
                ZoneOffset.UTC,
                selection,
                Map.of());
    }

    static CaptureConfig config(String pipeline, SourceConfig source, Endpoints.Kafka kafka, int batchEvents) {
        return new CaptureConfig(
                new Topics(pipeline),
                source,
                List.of(),
                java.util.Optional.of("public"),
                PARTITIONS,
                1,
                1,
                Duration.ofDays(1),
                Map.of("bootstrap.servers", kafka.bootstrap()),
                Duration.ofMillis(300),
                Duration.ofMillis(200),
                batchEvents,
                new LoadConfig(100, 2, 100_000, 0, List.of()),
                Map.of(),
                DriftPolicy.EVOLVE);
    }

    /** A capture on its own thread. */
    static final class Running implements AutoCloseable {
        private final CaptureRole role;
        private final CompletableFuture<Void> ended;

        Running(
                CaptureConfig config,
                dev.handover.capture.SourceCatalog catalog,
                dev.handover.capture.Loader loader,
                dev.handover.wire.SchemaRegistry registry) {
            this.role = new CaptureRole(config, catalog, loader, BulkLoad.NONE, registry, InstantSource.system());
            this.ended = new CompletableFuture<>();
            Thread thread = new Thread(
                    () -> {
                        try {
                            role.run();
                            ended.complete(null);
                        } catch (RuntimeException e) {
                            ended.completeExceptionally(e);
                        }
                    },
                    "capture");
            thread.setDaemon(true);
            thread.start();
        }

        /** The fault that it ended with, waited for; empty when it ended well. */
        Optional<Fault> fault() {
            try {
                ended.get(90, TimeUnit.SECONDS);
                return Optional.empty();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Fault fault) {
                    return Optional.of(fault);
                }
                throw new AssertionError("ended without a fault", e.getCause());
            } catch (InterruptedException | TimeoutException e) {
                throw new AssertionError("did not end", e);
            }
        }

        /** Fails when it ended by itself. */
        void requireAlive() {
            if (ended.isDone()) {
                fault().ifPresent(fault -> {
                    throw new AssertionError(fault.code() + ": " + fault.getMessage(), fault);
                });
            }
        }

        @Override
        public void close() {
            role.stop();
            fault().ifPresent(fault -> {
                throw new AssertionError(fault.code() + ": " + fault.getMessage(), fault);
            });
        }
    }
}
