package dev.handover.deploy.reconciler;

import dev.handover.control.ControlSchema;
import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import dev.handover.digest.FingerprintKey;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.position.SourceId;
import dev.handover.reconciler.ReconcilerConfig;
import dev.handover.reconciler.Reconciliation;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Scope;
import dev.handover.reconciler.TablePair;
import dev.handover.reconciler.read.Connections;
import dev.handover.reconciler.read.PostgresSource;
import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.wire.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Two PostgreSQL servers with one table of patients, and a pipeline between them. */
final class Hospital implements AutoCloseable {
    static final TableId PATIENT = new TableId("pas", "public", "patient");
    static final TableId HEARTBEAT = new TableId("pas", "public", "heartbeat");

    private static final TableSchema SCHEMA = new TableSchema(
            PATIENT,
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("name", ColumnType.of(Kind.TEXT), true),
                    new Column("balance", ColumnType.decimal(12, 2), true),
                    new Column("born", ColumnType.of(Kind.DATE), true),
                    new Column("mother", ColumnType.of(Kind.INT64), true),
                    new Column("ward", ColumnType.of(Kind.TEXT), true),
                    new Column("sex", ColumnType.of(Kind.TEXT), true),
                    new Column("updated", ColumnType.of(Kind.TIMESTAMP), true)),
            List.of("id"));

    private final EmbeddedStack stack;
    private final FingerprintKey fingerprints =
            FingerprintKey.of("a key for tests only".getBytes(StandardCharsets.US_ASCII));
    private final Topics topics = new Topics("tiny");
    private final Path directory;
    private final TinyPipeline pipeline;

    Hospital(Path directory) throws SQLException, IOException, MappingMismatch {
        this(directory, mapping());
    }

    Hospital(Path directory, TableMapping mapping) throws SQLException, IOException, MappingMismatch {
        this.directory = directory;
        this.stack = EmbeddedStack.start(
                StackConfig.of(directory.resolve("state"), EnumSet.of(Service.SOURCE, Service.TARGET)), line -> {});
        atSource(
                "CREATE TABLE patient (id bigint PRIMARY KEY, name text, balance numeric(12,2), born date, mother bigint,"
                        + " ward text, sex text, updated timestamp);"
                        + " CREATE TABLE heartbeat (id int PRIMARY KEY, beats bigint NOT NULL); INSERT INTO heartbeat VALUES (1, 0)");
        atTarget("CREATE SCHEMA handover; CREATE SCHEMA clinical;"
                + " CREATE TABLE clinical.patient (id bigint PRIMARY KEY, name text, balance numeric(12,2), born date,"
                + " mother bigint, ward text, sex text, updated timestamp,"
                + " _handover_position bytea, _handover_mapping integer, _handover_bucket smallint,"
                + " _handover_lane1 bigint, _handover_lane2 bigint, _handover_lane3 bigint, _handover_lane4 bigint)");
        try (InputStream control = ControlSchema.class
                .getClassLoader()
                .getResourceAsStream(ControlSchema.MIGRATIONS + "/V1__control_schema.sql")) {
            atTarget(new String(java.util.Objects.requireNonNull(control).readAllBytes(), StandardCharsets.UTF_8));
        }
        Mapper mapper = Mapper.bind(mapping, SCHEMA);
        this.pipeline = new TinyPipeline(
                mapper, fingerprints, topics.canonical(mapper.target().table()), source(), target());
    }

    private static TableMapping mapping() {
        return TableMapping.copy(PATIENT, TableId.target("clinical", "patient"), 1);
    }

    /** What rows of the target are written under. */
    static TableSchema targetSchema() throws MappingMismatch {
        return Mapper.bind(mapping(), SCHEMA).target();
    }

    FingerprintKey fingerprints() {
        return fingerprints;
    }

    TinyPipeline pipeline() {
        return pipeline;
    }

    Connections source() {
        return () -> open(stack.endpoints().source());
    }

    Connections target() {
        return () -> open(stack.endpoints().target());
    }

    private static Connection open(Endpoints.Postgres server) throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl(), server.user(), server.password().text());
    }

    void atSource(String sql) throws SQLException {
        execute(source(), sql);
    }

    void atTarget(String sql) throws SQLException {
        execute(target(), sql);
    }

    private static void execute(Connections connections, String sql) throws SQLException {
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long countAtTarget(String sql) throws SQLException {
        try (Connection connection = target().open();
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            results.next();
            return results.getLong(1);
        }
    }

    /** A transaction that moves the log on, as capture's heartbeat does. */
    void beat() throws SQLException {
        atSource("UPDATE heartbeat SET beats = beats + 1");
    }

    /** Everything that was written is captured and applied. */
    void settle() throws SQLException {
        for (int i = 0; i < 50; i++) {
            beat();
            pipeline.capture();
        }
        pipeline.drain();
    }

    RunReport reconcile(Duration deadline) {
        return reconcile(deadline, scope());
    }

    static Scope scope() {
        return scope(mapping());
    }

    static Scope scope(TableMapping mapping) {
        return new Scope(List.of(new TablePair(SCHEMA, mapping)), Map.of(HEARTBEAT, "a table of Handover's own"));
    }

    RunReport reconcile(Duration deadline, Scope scope) {
        ReconcilerConfig config = ReconcilerConfig.of(topics, TinyPipeline.PARTITIONS, directory)
                .waiting(deadline)
                .asking(Duration.ofSeconds(2));
        return new Reconciliation(
                        config,
                        List.of(new PostgresSource(
                                new SourceId("pas"), source(), config.fetchRows(), config.snapshotTries())),
                        new TargetDatabase(target(), config.fetchRows()),
                        fingerprints,
                        InstantSource.system())
                .run(scope);
    }

    /** Compares while the pipeline moves, so that everything can be judged. */
    RunReport reconcileMoving(Scope scope) throws Exception {
        AtomicBoolean working = new AtomicBoolean(true);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> mover = thread.submit(() -> {
                while (working.get()) {
                    beat();
                    pipeline.capture();
                    pipeline.drain();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
                return null;
            });
            try {
                return reconcile(Duration.ofSeconds(10), scope);
            } finally {
                working.set(false);
                mover.get();
            }
        } finally {
            thread.shutdown();
        }
    }

    @Override
    public void close() throws SQLException {
        try (stack) {
            pipeline.close();
        }
    }
}
