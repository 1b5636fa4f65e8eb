package dev.handover.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Finding;
import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.MariaDbServer;
import dev.handover.deploy.stack.PostgresServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Retry;
import dev.handover.sink.batch.History;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.sink.postgres.PostgresSink;
import dev.handover.sink.postgres.TargetDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands about mappings and schemas, against live sources and a target that a sink has written to. */
final class MappingCommandsIT {
    private static final Artifacts ARTIFACTS =
            Artifacts.in(Artifacts.sharedCache(System.getenv()), System.out::println);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before a test
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();

    private Ran run(String line) {
        return Ran.of(line.replace("DIR", directory.toString()), environment, Terminal.People.none());
    }

    private static void execute(String url, Endpoints.Login login, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        url, login.user(), login.password().text());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void pipeline(String source, Endpoints.Postgres target, String tables) throws IOException {
        environment.put("HANDOVER_TARGET_PASSWORD", target.password().text());
        Files.writeString(
                directory.resolve("p.yaml"),
                "apiVersion: handover/v1\nkind: Pipeline\nmetadata: {name: demo}\n"
                        + "kafka: {bootstrap: [\"127.0.0.1:1\"]}\nregistry: {url: \"http://127.0.0.1:1\"}\n"
                        + "digest: {key: \"${env:HANDOVER_DIGEST_KEY}\"}\nsources:\n  - " + source + "\nsinks:\n"
                        + "  - {name: cloud, kind: postgres, host: 127.0.0.1, port: " + target.port()
                        + ", database: clinical, user: " + target.user()
                        + ", password: \"${env:HANDOVER_TARGET_PASSWORD}\", tls: {mode: disable}}\ntables:\n" + tables);
    }

    @Test
    void mappingsOnPostgres() throws Exception {
        try (StateDirectory state = StateDirectory.open(directory.resolve("state"));
                ServerProcess<Endpoints.Postgres> server = PostgresServer.start(state, ARTIFACTS, "source")) {
            Endpoints.Postgres source = server.endpoint();
            execute(
                    source.jdbcUrl(),
                    new Endpoints.Login(source.user(), source.password()),
                    "CREATE TABLE \"Patient Äß\" (id bigint PRIMARY KEY, nm varchar(20), weight numeric(6,2),"
                            + " born varchar(8))",
                    "INSERT INTO \"Patient Äß\" SELECT n, ' Ann ', 70.5, '20010101' FROM generate_series(1, 5000) n",
                    "UPDATE \"Patient Äß\" SET born = '20010231' WHERE id = 3",
                    "CREATE DATABASE clinical");
            environment.put("HANDOVER_SOURCE_PASSWORD", source.password().text());
            pipeline(
                    "{name: pas, kind: postgres, host: 127.0.0.1, port: " + source.port() + ", database: source, user: "
                            + source.user()
                            + ", password: \"${env:HANDOVER_SOURCE_PASSWORD}\", tls: {mode: disable}}",
                    source,
                    """
                      - from: pas.public.Patient Äß
                        to: ward.Patient Äß
                        columns:
                          id: {from: id}
                          'na"me': {from: nm, trim: true}
                          weight: {from: weight, limits: {sentinel: {warn: 1}}}
                          born: {from: born, parse: yyyyMMdd}
                    """);
            checksTypes();
            triesRows();
            tellsWhatWasFound(source);
        }
    }

    private void checksTypes() throws IOException {
        Ran unchecked = run("validate -c DIR/p.yaml");
        assertThat(unchecked.exit()).isEqualTo(ExitCode.DONE);
        assertThat(unchecked.err()).contains("next: handover schema record");

        Ran recorded = run("schema record -c DIR/p.yaml");
        assertThat(recorded.exit()).as(recorded.err()).isEqualTo(ExitCode.DONE);
        Path file = directory.resolve("p.yaml.schemas.json");
        String text = Files.readString(file);
        assertThat(text).contains("\"name\":\"nm\",\"type\":\"character varying(20)\",\"kind\":\"text\",\"length\":20");
        assertThat(run("schema record -c DIR/p.yaml").out()).contains("is as it was");
        assertThat(Files.readString(file)).isEqualTo(text);
        assertThat(run("validate -c DIR/p.yaml").out()).contains("types fit " + file);

        String pipeline = Files.readString(directory.resolve("p.yaml"));
        Files.writeString(
                directory.resolve("p.yaml"), pipeline.replace("{from: weight,", "{from: weight, parse: yyyyMMdd,"));
        for (String line : new String[] {"validate", "validate --live", "mapping coverage"}) {
            Ran refused = run(line + " -c DIR/p.yaml");
            assertThat(refused.exit()).as(line).isEqualTo(ExitCode.USAGE);
            assertThat(refused.err())
                    .containsPattern("p\\.yaml:1[0-9]:3[0-9]  column \"weight\": parse cannot take numeric");
        }
        Files.writeString(directory.resolve("p.yaml"), pipeline);
    }

    private void triesRows() {
        Ran good = run("mapping test ward.Patient --sample 2 -c DIR/p.yaml");
        assertThat(good.err()).contains("no table of that name is captured");

        Ran tried = Ran.of(
                new String[] {"mapping", "test", "ward.Patient Äß", "--sample", "2", "-c", directory + "/p.yaml"},
                environment);
        assertThat(tried.exit()).as(tried.err()).isEqualTo(ExitCode.DONE);
        assertThat(tried.out())
                .contains("v1: 2 rows, 2 mapped, 0 filtered, 0 dead; every value comes back", "nm\t2\t2\t0");

        Ran bad = Ran.of(
                new String[] {"mapping", "test", "ward.Patient Äß", "--sample", "100000", "-c", directory + "/p.yaml"},
                environment);
        assertThat(bad.exit()).isEqualTo(ExitCode.NO);
        assertThat(bad.out())
                .contains("5000 rows, 4999 mapped, 0 filtered, 1 dead", "dead: born unparsable 1 '99999999'")
                .doesNotContain("Ann", "20010231");
    }

    private void tellsWhatWasFound(Endpoints.Postgres server) {
        Ran before = Ran.of(
                new String[] {"mapping", "explain", "ward.Patient Äß.weight", "-c", directory + "/p.yaml"},
                environment);
        assertThat(before.exit()).as(before.err()).isEqualTo(ExitCode.DONE);
        assertThat(before.out()).contains("p.yaml:").doesNotContain("sentinel");

        TargetDatabase target = TargetDatabase.of(
                server.jdbcUrl().replaceAll("/[^/]*$", "/clinical"),
                server.user(),
                server.password().text());
        ControlTables.migrate(target);
        History history =
                new History(History.patients("ward")).finding(Finding.of("weight", Finding.Kind.SENTINEL, "-1.00"));
        try (PostgresSink sink =
                new PostgresSink(target, new Retry(1, Duration.ZERO, Duration.ZERO), 1, InstantSource.system())) {
            sink.claim(new TreeSet<>(history.partitions()));
            sink.apply(history.upsert(10, 1, "a")
                    .upsert(12, 2, "b")
                    .filter(13, 3, "no-tests")
                    .mark(13, true)
                    .batch());
        }

        assertThat(Ran.of(
                                new String[] {
                                    "mapping", "explain", "ward.Patient Äß.weight", "-c", directory + "/p.yaml"
                                },
                                environment)
                        .out())
                .contains("sentinel\t1\t2\t2\t" + History.at(10).text() + " (2026-11-21T12:00:00Z)\t"
                        + History.at(12).text() + " (2026-11-21T12:00:00Z)\t'-9.99'");
        assertThat(run("mapping coverage -c DIR/p.yaml").out())
                .contains("ward.Patient Äß\tpas.public.Patient Äß\t2\t2\t0\t0\t2");
        Ran status = run("status -c DIR/p.yaml");
        assertThat(status.out()).contains("findings 2");
        assertThat(status.err()).contains("sentinel found 2 times in 2 rows, more than the limit of 1");
        assertThat(run("status -o json -c DIR/p.yaml").out()).contains("\"filtered\" : 1");
        assertThat(Ran.of(new String[] {"tables", "show", "ward.Patient Äß", "-c", directory + "/p.yaml"}, environment)
                        .out())
                .contains("found: weight sentinel 2");
    }

    @Test
    void aSampleOfMariaDbEndsWithoutReadingTheTable() throws Exception {
        try (StateDirectory state = StateDirectory.open(directory.resolve("state"));
                ServerProcess<Endpoints.Postgres> target = PostgresServer.start(state, ARTIFACTS, "clinical");
                ServerProcess<Endpoints.MariaDb> server = MariaDbServer.start(state, ARTIFACTS)) {
            Endpoints.MariaDb source = server.endpoint();
            execute(
                    source.jdbcUrl(),
                    source.admin(),
                    "CREATE DATABASE lis CHARACTER SET utf8mb4",
                    "CREATE TABLE lis.result (id int PRIMARY KEY, code varchar(8), at datetime)",
                    "INSERT INTO lis.result SELECT seq, 'GLU', '2001-01-01 00:00:00' FROM lis.seq_1_to_20000");
            environment.put(
                    "HANDOVER_SOURCE_PASSWORD", source.admin().password().text());
            pipeline(
                    "{name: lis, kind: mariadb, host: 127.0.0.1, port: " + source.port() + ", database: lis, user: "
                            + source.admin().user()
                            + ", password: \"${env:HANDOVER_SOURCE_PASSWORD}\", tls: {mode: disable}, mariadb:"
                            + " {serverId: 7}}",
                    target.endpoint(),
                    """
                      - from: lis.lis.result
                        to: lab.result
                        columns:
                          "*": {from: "*"}
                          code: {from: code, map: {NA: null}, onUnmapped: null-with-raw}
                    """);

            Ran tried = run("mapping test lab.result --sample 10 -c DIR/p.yaml");

            assertThat(tried.exit()).as(tried.err()).isEqualTo(ExitCode.DONE);
            assertThat(tried.out())
                    .contains(
                            "10 rows, 10 mapped, 0 filtered, 0 dead; every value comes back",
                            "code\t0\t10\tunmapped 10\t0",
                            "found: code unmapped 10 'AAA'")
                    .doesNotContain("GLU");
        }
    }
}
