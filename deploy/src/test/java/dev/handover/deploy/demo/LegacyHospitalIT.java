package dev.handover.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.Secrets;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.SchemaRecord;
import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.MariaDbServer;
import dev.handover.deploy.stack.PostgresServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;

class LegacyHospitalIT {
    private static final Artifacts ARTIFACTS =
            Artifacts.in(Artifacts.sharedCache(System.getenv()), System.out::println);
    private static final int STEPS = 600;

    @Test
    void theClinicCountsExactlyWhatPostgresLogs(@TempDir Path directory) throws Exception {
        try (StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.Postgres> server = PostgresServer.start(state, ARTIFACTS, "source")) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(server.endpoint().jdbcUrl());
            source.setUser(server.endpoint().user());
            source.setPassword(server.endpoint().password().text());
            installed(source, LegacyEngine.POSTGRES, "\"");
            assertThatTheSchemasAreThoseOfTheServer(
                    directory,
                    LegacyEngine.POSTGRES,
                    server.endpoint().port(),
                    server.endpoint().database(),
                    new Endpoints.Login(
                            server.endpoint().user(), server.endpoint().password()));
            one(source, "SELECT pg_create_logical_replication_slot('clinic', 'test_decoding')");

            long changes = worked(source, LegacyEngine.POSTGRES);

            assertThat(one(
                            source,
                            "SELECT count(*) FROM pg_logical_slot_get_changes('clinic', NULL, NULL)"
                                    + " WHERE data LIKE 'table public.%'"))
                    .isEqualTo(changes);
            assertThatThrownBy(() -> install(source, LegacyEngine.POSTGRES))
                    .isInstanceOf(DemoFault.class)
                    .hasMessage("legacy hospital: create the schema failed: SQLSTATE 42710")
                    .hasNoCause();
        }
    }

    @Test
    void theClinicLeavesNoOrphansOnMariaDb(@TempDir Path directory) throws Exception {
        try (StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.MariaDb> server = MariaDbServer.start(state, ARTIFACTS)) {
            MariaDbDataSource source = new MariaDbDataSource(server.endpoint().jdbcUrl());
            source.setUser(server.endpoint().admin().user());
            source.setPassword(server.endpoint().admin().password().text());
            one(source, "CREATE DATABASE pas");
            source.setUrl(server.endpoint().jdbcUrl() + "pas");
            installed(source, LegacyEngine.MARIADB, "`");
            assertThatTheSchemasAreThoseOfTheServer(
                    directory,
                    LegacyEngine.MARIADB,
                    server.endpoint().port(),
                    "pas",
                    server.endpoint().admin());

            assertThat(worked(source, LegacyEngine.MARIADB)).isGreaterThan(STEPS);

            for (String child : new String[] {"patient_identifier", "patient_name", "vitals", "encounter", "allergy"}) {
                assertThat(one(
                                source,
                                "SELECT count(*) FROM " + child
                                        + " c LEFT JOIN patient p ON p.patient_id = c.patient_id"
                                        + " WHERE p.patient_id IS NULL"))
                        .as(child)
                        .isZero();
            }
        }
    }

    private static Map<String, Long> install(DataSource source, LegacyEngine engine) throws SQLException {
        Map<String, Long> loaded = new HashMap<>();
        try (Connection connection = source.getConnection()) {
            long rows = LegacyHospital.install(
                    connection, engine, progress -> loaded.put(progress.table(), progress.tableRows()));
            assertThat(loaded.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(rows);
        }
        return loaded;
    }

    private static void installed(DataSource source, LegacyEngine engine, String quote) throws SQLException {
        Map<String, Long> loaded = install(source, engine);
        for (String table : LegacyHospital.tables()) {
            assertThat(one(source, "SELECT count(*) FROM " + quote + table + quote))
                    .as(table)
                    .isEqualTo(loaded.getOrDefault(table, 0L));
        }
    }

    /** Run with {@code -Dhandover.write=true} to record the schemas instead of comparing them. */
    private static void assertThatTheSchemasAreThoseOfTheServer(
            Path directory, LegacyEngine engine, int port, String database, Endpoints.Login login) throws IOException {
        Path file = directory.resolve("pipeline.yaml");
        Files.writeString(directory.resolve("password"), login.password().text());
        Files.writeString(file, """
                apiVersion: handover/v1
                kind: Pipeline
                metadata: {name: demo}
                secrets: {file: {roots: ["%1$s"]}}
                kafka: {bootstrap: ["127.0.0.1:1"]}
                registry: {url: "http://127.0.0.1:1"}
                digest: {key: "${file:%1$s/password}"}
                sources:
                  - {name: pas, kind: %2$s, host: 127.0.0.1, port: %3$d, database: %4$s, user: %5$s,
                     password: "${file:%1$s/password}", tls: {mode: disable}%6$s}
                sinks:
                  - {name: cloud, kind: postgres, host: 127.0.0.1, database: cloud, user: cloud,
                     password: "${file:%1$s/password}"}
                """.formatted(
                        directory,
                        engine.pick("postgres", "mariadb"),
                        port,
                        database,
                        login.user(),
                        engine.pick("", ", mariadb: {serverId: 7}")));
        PipelineConfig pipeline = PipelineFile.read(file);
        Assembly assembly = new Assembly(
                pipeline,
                new Secrets(pipeline.secrets(), name -> Optional.empty()),
                directory.resolve("roles"),
                InstantSource.system());
        String live = SchemaRecord.text(SchemaRecord.live(assembly));
        if (Boolean.getBoolean("handover.write")) {
            Files.writeString(
                    Path.of("src/main/resources/dev/handover/deploy/demo", engine.resource("schemas", "json")), live);
        } else {
            assertThat(LegacyHospital.schemas(engine)).isEqualTo(live);
        }
    }

    private static long worked(DataSource source, LegacyEngine engine) {
        try (Clinic clinic = new Clinic(source, engine, 42, 1_000, EnumSet.allOf(ClinicAction.class))) {
            long changes = 0;
            for (int i = 0; i < STEPS; i++) {
                changes += clinic.step();
            }
            assertThat(clinic.rowChanges()).isEqualTo(changes);
            return changes;
        }
    }

    /** The first value as a number; 0 where there is none. */
    private static long one(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return 0;
            }
            try (ResultSet row = statement.getResultSet()) {
                assertThat(row.next()).isTrue();
                return sql.startsWith("SELECT count") ? row.getLong(1) : 0;
            }
        }
    }
}
