package dev.handover.deploy.e2e;

import static org.awaitility.Awaitility.await;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.Secrets;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.Comparison;
import dev.handover.deploy.pipeline.RoleJvm;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.pipeline.Supervisor;
import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import dev.handover.fault.Fault;
import dev.handover.reconciler.RunReport;
import dev.handover.sink.postgres.TargetStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pipeline on servers of its own, run as a user runs it: a file, and a process for each role. Used by one thread. */
public final class LivePipeline implements AutoCloseable {
    private static final Duration LOAD_MAX = Duration.ofMinutes(6);
    private static final Duration SETTLE_MAX = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final int HEAP_MEGABYTES = 400;
    private static final int LOG_TAIL = 3_000;

    private final Path directory;
    private final Service source;
    private final EmbeddedStack stack;
    private @Nullable Supervisor roles;

    private LivePipeline(Path directory, Service source, EmbeddedStack stack) {
        this.directory = directory;
        this.source = source;
        this.stack = stack;
    }

    /** Starts the servers, no role yet; the source is {@code SOURCE} or {@code MARIADB}. */
    public static LivePipeline on(Path directory, Service source, Service... more) {
        Set<Service> services = EnumSet.of(source, Service.TARGET, Service.KAFKA, Service.REGISTRY);
        services.addAll(List.of(more));
        return new LivePipeline(
                directory,
                source,
                EmbeddedStack.start(StackConfig.of(directory.resolve("stack"), services), System.out::println));
    }

    public Endpoints endpoints() {
        return stack.endpoints();
    }

    /** A superuser at the source; the database matters where it is MariaDB, empty for none. */
    public Connection source(String database) throws SQLException {
        if (source == Service.MARIADB) {
            Endpoints.MariaDb server = endpoints().mariadb();
            return DriverManager.getConnection(
                    server.jdbcUrl() + database,
                    server.admin().user(),
                    server.admin().password().text());
        }
        return open(endpoints().source());
    }

    /** A superuser at the target. */
    public Connection target() throws SQLException {
        return open(endpoints().target());
    }

    private static Connection open(Endpoints.Postgres server) throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl() + "?stringtype=unspecified",
                server.user(),
                server.password().text());
    }

    /**
     * Writes the pipeline's file.
     *
     * @param database at the source
     * @param more keys of the source, indented by four
     * @param tables the section of that name, or nothing
     */
    public Assembly describe(String database, String more, String tables) {
        Path file = file();
        try {
            Path secrets = Files.createDirectories(directory.resolve("secrets"));
            Files.writeString(secrets.resolve("digest-key"), "0123456789abcdef".repeat(4), StandardCharsets.UTF_8);
            Files.writeString(
                    secrets.resolve("target"), endpoints().target().password().text(), StandardCharsets.UTF_8);
            Files.writeString(secrets.resolve("source"), password(), StandardCharsets.UTF_8);
            Files.writeString(file, text(secrets, database, more, tables), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("the pipeline's file cannot be written", e);
        }
        return assembly();
    }

    /** The section that names the bucket of archived raw values, where {@code OBJECTS} was started. */
    String archive() throws IOException {
        Endpoints.Objects objects = endpoints().objects();
        Path secrets = Files.createDirectories(directory.resolve("secrets"));
        Files.writeString(secrets.resolve("archive"), objects.accessKey(), StandardCharsets.UTF_8);
        Files.writeString(secrets.resolve("archive-secret"), objects.secretKey().text(), StandardCharsets.UTF_8);
        return """
                archive:
                  endpoint: "%1$s"
                  region: %2$s
                  bucket: %3$s
                  accessKey: "${file:%4$s/archive}"
                  secretKey: "${file:%4$s/archive-secret}"
                """.formatted(objects.url(), objects.region(), objects.bucket(), secrets);
    }

    private String password() {
        return source == Service.MARIADB
                ? endpoints().mariadb().admin().password().text()
                : endpoints().source().password().text();
    }

    private String text(Path secrets, String database, String more, String tables) {
        boolean mariadb = source == Service.MARIADB;
        Endpoints.Postgres target = endpoints().target();
        return """
                apiVersion: handover/v1
                kind: Pipeline
                metadata: {name: proof}
                secrets:
                  file: {roots: ["%1$s"]}
                kafka:
                  bootstrap: ["%2$s"]
                  topics: {partitions: 2, replication: 1, minInsync: 1}
                registry: {url: "%3$s"}
                digest: {key: "${file:%1$s/digest-key}"}
                targetSchema: clinical
                sources:
                  - name: pas
                    kind: %4$s
                    host: 127.0.0.1
                    port: %5$d
                    database: %6$s
                    user: %7$s
                    password: "${file:%1$s/source}"
                    tls: {mode: disable}
                %8$ssinks:
                  - name: cloud
                    kind: postgres
                    host: %9$s
                    port: %10$d
                    database: %11$s
                    user: %12$s
                    password: "${file:%1$s/target}"
                    tls: {mode: disable}
                %13$s""".formatted(
                secrets,
                endpoints().kafka().bootstrap(),
                endpoints().registry().url(),
                mariadb ? "mariadb" : "postgres",
                mariadb ? endpoints().mariadb().port() : endpoints().source().port(),
                database,
                mariadb
                        ? endpoints().mariadb().admin().user()
                        : endpoints().source().user(),
                more,
                target.host(),
                target.port(),
                target.database(),
                target.user(),
                tables);
    }

    Path file() {
        return directory.resolve("pipeline.yaml");
    }

    public Assembly assembly() {
        PipelineConfig pipeline = PipelineFile.read(file());
        return new Assembly(
                pipeline,
                new Secrets(pipeline.secrets(), name -> Optional.empty()),
                directory.resolve("state"),
                InstantSource.system());
    }

    /** Starts capture, transform and sink. */
    public void run() throws IOException {
        roles = Supervisor.start(
                RoleName.of(assembly().pipeline()),
                file(),
                directory.resolve("state"),
                Files.createDirectories(directory.resolve("logs")),
                RoleJvm.young(HEAP_MEGABYTES));
    }

    Supervisor roles() {
        Supervisor running = roles;
        if (running == null) {
            throw new IllegalStateException("run() was not called");
        }
        return running;
    }

    /** Where capture's process writes. */
    public Path captureLog() {
        return roles().log(RoleName.CAPTURE);
    }

    /** Waits while the roles are kept alive. */
    public void until(String what, Duration longest, BooleanSupplier condition) {
        await(what).atMost(longest).pollInterval(LOOK).until(() -> {
            watch();
            return condition.getAsBoolean();
        });
    }

    /** A role that gives up leaves the end of its log with the failed test. */
    private void watch() throws IOException {
        try {
            roles().watch();
        } catch (Fault e) {
            try (Stream<Path> logs = Files.list(directory.resolve("logs"))) {
                for (Path log : logs.sorted().toList()) {
                    String text = Files.readString(log);
                    System.out.println(
                            log.getFileName() + "\n" + text.substring(Math.max(0, text.length() - LOG_TAIL)));
                }
            }
            throw e;
        }
    }

    /** Waits until so many tables have their load behind them, in every partition. */
    public TargetStatus awaitLoaded(int tables) {
        Assembly assembly = assembly();
        until(
                "load of " + tables + " tables",
                LOAD_MAX,
                () -> exists("handover.recon_run")
                        && status(assembly).tables().stream()
                                        .filter(table -> table.loaded() && table.partitions() == assembly.partitions())
                                        .count()
                                == tables);
        return status(assembly);
    }

    TargetStatus status() {
        return status(assembly());
    }

    private static TargetStatus status(Assembly assembly) {
        return TargetStatus.read(assembly.target(), InstantSource.system(), Duration.ofHours(1));
    }

    private boolean exists(String relation) {
        try (Connection connection = target();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('" + relation + "') IS NOT NULL")) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            throw new AssertionError("the target does not answer", e);
        }
    }

    /** What {@code recon run} does, while the roles go on. */
    public RunReport compare() {
        return compare(Set.of());
    }

    /** What {@code recon run} does with these tables; with all where there are none. */
    RunReport compare(Set<String> tables) {
        CompletableFuture<RunReport> report =
                CompletableFuture.supplyAsync(() -> new Comparison(assembly()).run(tables, SETTLE_MAX));
        until("comparison", SETTLE_MAX.multipliedBy(2), report::isDone);
        try {
            return report.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** How a command ended, and what it said on standard output. */
    record Ran(int status, String out) {}

    /** The one number that a query of the target gives. */
    long number(String sql) {
        try (Connection target = target();
                Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Runs a command of the command line in a process of its own. */
    Ran command(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.handover.deploy.cli.Main"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "out", ".json");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().put("HANDOVER_STATE", directory.resolve("state").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(SETTLE_MAX.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the command does not end: " + command);
        }
        return new Ran(process.exitValue(), Files.readString(out));
    }

    /** What the last command said on standard error. */
    String complaint() throws IOException {
        return Files.readString(directory.resolve("err"));
    }

    @Override
    public void close() {
        try {
            Supervisor running = roles;
            if (running != null) {
                running.close();
            }
        } finally {
            stack.close();
        }
    }
}
