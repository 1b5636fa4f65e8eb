package dev.handover.deploy.stack;

import dev.handover.fault.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The servers a demo or an end-to-end test needs, started together and stopped together. State stays in its directory:
 * starting on the same one again finds data, topics, schemas, passwords and, as far as they are free, ports.
 */
public final class EmbeddedStack implements AutoCloseable {
    /** More at once only take turns: starting is work for the processor, not waiting. */
    private static final int STARTS_AT_ONCE_MAX = 3;

    private final StateDirectory state;
    private final Map<Service, ServerProcess<?>> servers;
    private final Endpoints endpoints;

    private EmbeddedStack(StateDirectory state, Map<Service, ServerProcess<?>> servers) {
        this.state = state;
        this.servers = Collections.unmodifiableMap(servers);
        this.endpoints = new Endpoints(
                endpoint(servers, Service.SOURCE, Endpoints.Postgres.class),
                endpoint(servers, Service.TARGET, Endpoints.Postgres.class),
                endpoint(servers, Service.MARIADB, Endpoints.MariaDb.class),
                endpoint(servers, Service.KAFKA, Endpoints.Kafka.class),
                endpoint(servers, Service.REGISTRY, Endpoints.Registry.class),
                endpoint(servers, Service.OBJECTS, Endpoints.Objects.class));
    }

    private static <E> Optional<E> endpoint(Map<Service, ServerProcess<?>> servers, Service service, Class<E> type) {
        return Optional.ofNullable(servers.get(service)).map(server -> type.cast(server.endpoint()));
    }

    /**
     * Starts every service of the configuration and returns when all of them work; when one fails, the others are
     * stopped.
     *
     * @param progress gets one line before and after whatever takes long; called from several threads, one at a time
     * @throws dev.handover.fault.Fault the first failure
     */
    public static EmbeddedStack start(StackConfig config, Consumer<String> progress) {
        Object turn = new Object();
        Consumer<String> oneAtATime = line -> {
            synchronized (turn) {
                progress.accept(line);
            }
        };
        StateDirectory state = StateDirectory.open(config.stateDirectory());
        Map<Service, ServerProcess<?>> servers = Collections.synchronizedMap(new EnumMap<>(Service.class));
        try {
            requireFree(config);
            startAll(config, state, servers, oneAtATime);
            return new EmbeddedStack(state, new EnumMap<>(servers));
        } catch (Fault e) {
            stopAll(state, servers);
            throw e;
        }
    }

    /** Refuses before anything is fetched or made. */
    private static void requireFree(StackConfig config) {
        config.ports().forEach((service, port) -> {
            if (config.services().contains(service) && !Ports.isFree(port)) {
                throw Ports.taken(service.directory(), port);
            }
        });
    }

    private static void startAll(
            StackConfig config,
            StateDirectory state,
            Map<Service, ServerProcess<?>> servers,
            Consumer<String> progress) {
        Artifacts artifacts = Artifacts.in(config.cacheDirectory(), progress);
        ExecutorService threads = Executors.newFixedThreadPool(STARTS_AT_ONCE_MAX);
        CompletionService<Service> starts = new ExecutorCompletionService<>(threads);
        try {
            int running = 0;
            for (Service service : Service.values()) {
                if (config.services().contains(service)) {
                    starts.submit(() -> {
                        long startNanos = System.nanoTime();
                        servers.put(service, start(service, state, artifacts, port(config, service)));
                        progress.accept("%s is ready after %.1f s"
                                .formatted(service.directory(), (System.nanoTime() - startNanos) / 1e9));
                        return service;
                    });
                    running++;
                }
            }
            for (; running > 0; running--) {
                starts.take().get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Fault fault ? fault : unexpected(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StackFault.SERVER_FAILED.causedBy(e, "interrupted while starting", "start again");
        } finally {
            end(threads);
        }
    }

    /** Interrupts what still starts and waits for it: a server is either in the map or gone. */
    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static OptionalInt port(StackConfig config, Service service) {
        Integer port = config.ports().get(service);
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private static ServerProcess<?> start(
            Service service, StateDirectory state, Artifacts artifacts, OptionalInt port) {
        return switch (service) {
            case KAFKA -> KafkaServer.start(state, port, Map.of());
            case SOURCE, TARGET -> PostgresServer.start(state, artifacts, service.directory(), port, Map.of());
            case REGISTRY -> RegistryServer.start(state, artifacts, port);
            case OBJECTS -> ObjectServer.start(state, artifacts, port);
            case MARIADB -> MariaDbServer.start(state, artifacts, port, List.of());
        };
    }

    private static Fault unexpected(Throwable cause) {
        return StackFault.SERVER_FAILED.causedBy(cause, "the stack failed in an unforeseen way", "report it");
    }

    public Endpoints endpoints() {
        return endpoints;
    }

    /** One server of the stack, for a test that kills or freezes it. */
    public Server server(Service service) {
        ServerProcess<?> server = servers.get(service);
        if (server == null) {
            throw new IllegalStateException(service + " is not part of this stack");
        }
        return server;
    }

    /** Stops the servers, last started first, and lets go of the state directory. */
    @Override
    public void close() {
        stopAll(state, servers);
    }

    private static void stopAll(StateDirectory state, Map<Service, ServerProcess<?>> servers) {
        Fault first = null;
        List<ServerProcess<?>> lastFirst = new ArrayList<>(servers.values());
        Collections.reverse(lastFirst);
        for (ServerProcess<?> server : lastFirst) {
            try {
                server.close();
            } catch (Fault e) {
                first = first == null ? e : first;
            }
        }
        state.close();
        if (first != null) {
            throw first;
        }
    }
}
