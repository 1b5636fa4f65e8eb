package dev.handover.deploy.bench;

import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.ScratchDirectory;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Servers of our own on this machine, started for one benchmark. */
public final class EmbeddedSite implements Site {
    private static final int KEY_BYTES = 32;
    private static final int PARTITIONS = 4;
    private static final Map<Service, Component> SERVERS = Map.of(
            Service.KAFKA, Component.KAFKA,
            Service.REGISTRY, Component.REGISTRY,
            Service.SOURCE, Component.SOURCE,
            Service.TARGET, Component.TARGET);

    private final EmbeddedStack stack;
    private final Path pipelineFile;

    private EmbeddedSite(EmbeddedStack stack, Path pipelineFile) {
        this.stack = stack;
        this.pipelineFile = pipelineFile;
    }

    /**
     * Starts them.
     *
     * @param directory a scratch directory, which keeps everything of theirs
     */
    public static EmbeddedSite start(Path directory, Consumer<String> progress) {
        progress.accept("starting " + SERVERS.size() + " servers under " + directory);
        EmbeddedStack stack = EmbeddedStack.start(
                StackConfig.of(ScratchDirectory.stack(directory), Set.copyOf(SERVERS.keySet())), progress);
        try {
            return new EmbeddedSite(stack, write(directory, stack.endpoints()));
        } catch (Fault e) {
            stack.close();
            throw e;
        }
    }

    @Override
    public String kind() {
        return "embedded";
    }

    @Override
    public Path pipelineFile() {
        return pipelineFile;
    }

    @Override
    public Map<Component, Long> processes() {
        Map<Component, Long> processes = new EnumMap<>(Component.class);
        SERVERS.forEach((service, component) ->
                processes.put(component, stack.server(service).pid()));
        return processes;
    }

    /** Stops the servers; their directory is for the caller to remove. */
    @Override
    public void close() {
        stack.close();
    }

    private static Path write(Path directory, Endpoints endpoints) {
        try {
            Path secrets = Files.createDirectories(
                    directory.resolve("secrets"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            secret(secrets, "digest-key", HexFormat.of().formatHex(key));
            secret(secrets, "source", endpoints.source().password().text());
            secret(secrets, "target", endpoints.target().password().text());
            Path file = directory.resolve("pipeline.yaml");
            Files.writeString(file, text(endpoints, secrets), StandardCharsets.UTF_8);
            return file;
        } catch (IOException e) {
            throw Fault.causedBy(
                    e, ExitCode.FAILED, "disk", directory + " cannot be written", "name another place with --state");
        }
    }

    private static void secret(Path secrets, String name, String text) throws IOException {
        Files.writeString(secrets.resolve(name), text, StandardCharsets.UTF_8);
    }

    private static String text(Endpoints endpoints, Path secrets) {
        Endpoints.Postgres source = endpoints.source();
        Endpoints.Postgres target = endpoints.target();
        return """
                apiVersion: handover/v1
                kind: Pipeline
                metadata: {name: bench}
                secrets:
                  file: {roots: ["%1$s"]}
                kafka:
                  bootstrap: ["%2$s"]
                  topics: {partitions: %3$d, replication: 1, minInsync: 1}
                registry: {url: "%4$s"}
                digest: {key: "${file:%1$s/digest-key}"}
                sources:
                  - name: legacy
                    kind: postgres
                    host: %5$s
                    port: %6$d
                    database: %7$s
                    user: %8$s
                    password: "${file:%1$s/source}"
                    tls: {mode: disable}
                    include: ["%9$s.*"]
                    postgres: {heartbeat: 1s}
                sinks:
                  - name: cloud
                    kind: postgres
                    host: %10$s
                    port: %11$d
                    database: %12$s
                    user: %13$s
                    password: "${file:%1$s/target}"
                    tls: {mode: disable}
                """.formatted(
                        secrets,
                        endpoints.kafka().bootstrap(),
                        PARTITIONS,
                        endpoints.registry().url(),
                        source.host(),
                        source.port(),
                        source.database(),
                        source.user(),
                        BenchTable.SCHEMA,
                        target.host(),
                        target.port(),
                        target.database(),
                        target.user());
    }
}
