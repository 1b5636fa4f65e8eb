package dev.handover.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.MariaDbServer;
import dev.handover.deploy.stack.PostgresServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.fault.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against live databases that are as bad as real ones, and against what is not there at all. */
final class CommandsIT {
    private static final Artifacts ARTIFACTS =
            Artifacts.in(Artifacts.sharedCache(System.getenv()), System.out::println);
    private static final String KEY = "0123456789abcdef0123456789abcdef";

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

    private String starter() throws IOException {
        return Files.readString(directory.resolve("p.yaml"));
    }

    @Test
    void commandsOnPostgres() throws Exception {
        try (StateDirectory state = StateDirectory.open(directory.resolve("state"));
                ServerProcess<Endpoints.Postgres> server = PostgresServer.start(state, ARTIFACTS, "source")) {
            Endpoints.Postgres source = server.endpoint();
            execute(
                    source.jdbcUrl(),
                    new Endpoints.Login(source.user(), source.password()),
                    "CREATE TABLE patient (id int PRIMARY KEY, \"Fa'm\" text, born date DEFAULT '1900-01-01')",
                    "CREATE TABLE visit (id int PRIMARY KEY, patient int REFERENCES patient)",
                    "CREATE TABLE bed_move (at timestamptz)",
                    "CREATE VIEW recent AS SELECT * FROM visit",
                    "CREATE DATABASE clinical");
            environment.put("HANDOVER_SOURCE_PASSWORD", source.password().text());
            environment.put("HANDOVER_TARGET_PASSWORD", source.password().text());
            environment.put("HANDOVER_DIGEST_KEY", KEY);
            String address = "postgresql://" + source.user() + "@127.0.0.1:" + source.port() + "/";

            Ran made = run("init --from " + address + "source --tls disable --out DIR/p.yaml -o json");

            assertThat(made.exit()).as(made.err()).isEqualTo(ExitCode.DONE);
            assertThat(made.out())
                    .contains(
                            "\"kind\" : \"Inventory\"",
                            "table source.public.bed_move has neither",
                            "\"kind\" : \"view\"");
            assertThat(made.out().indexOf("source.public.patient"))
                    .isLessThan(made.out().indexOf("source.public.visit"));
            assertThat(starter()).contains("cannot be taken: table source.public.bed_move");
            assertThat(run("validate -c DIR/p.yaml").exit()).isEqualTo(ExitCode.DONE);
            assertThat(run("init --from " + address + "source --out DIR/p.yaml").err())
                    .contains("is there already");

            Files.writeString(
                    directory.resolve("p.yaml"),
                    starter()
                            .replace(
                                    "host: target.example",
                                    "tls: {mode: disable}\n    host: 127.0.0.1\n    port: " + source.port())
                            .replace("user: handover\n", "user: " + source.user() + "\n")
                            .replaceFirst("    database: ", "    load: {pauseWhen: replica_lag > 30s}\n    database: ")
                            .replace("127.0.0.1:9092", "127.0.0.1:1")
                            .replace("127.0.0.1:8081", "127.0.0.1:1"));
            looksAtWhatIsThere();
            refusesWhatIsWrong(address);
        }
    }

    private void looksAtWhatIsThere() {
        Ran doctor = run("doctor -c DIR/p.yaml");
        assertThat(doctor.exit()).as(doctor.err()).isEqualTo(ExitCode.NO);
        assertThat(doctor.out())
                .contains(
                        "FAIL  table source.public.bed_move",
                        "ok    load.pauseWhen: replica_lag can be asked for",
                        "ok    schema handover: can be created",
                        "FAIL  connection: Kafka does not answer",
                        "FAIL  connection: no answer from the schema registry",
                        "3 failed");

        Ran plan = run("plan -c DIR/p.yaml");
        assertThat(plan.exit()).as(plan.err()).isEqualTo(ExitCode.NO);
        assertThat(plan.out())
                .contains(
                        "source source\tcreate\theartbeat table public.handover_heartbeat\t",
                        "source source\tcreate\tpublication handover_",
                        "source source\tcreate\treplication slot handover_",
                        "source source\tunknown\t\tkafka did not answer",
                        "kafka\tunknown\t",
                        "mappings\tunknown\t",
                        "\tcreate\tschema handover\t",
                        "Nothing was changed.");
        assertThat(plan.err()).contains("next: handover doctor");

        Ran status = run("status -c DIR/p.yaml");
        assertThat(status.exit()).as(status.err()).isEqualTo(ExitCode.DONE);
        assertThat(status.out()).contains("nothing has run yet");
        assertThat(status.err()).contains("next: handover doctor");

        assertThat(run("tables -c DIR/p.yaml").out())
                .contains("source.public.patient\tpublic.patient\twaiting", "source.public.bed_move\t", "\trefused\t");
        assertThat(run("tables show public.patient -c DIR/p.yaml").out()).contains("Fa'm\ttext\tFa'm\ttext\tyes");
        assertThat(run("tables constrain --dry-run -c DIR/p.yaml").out())
                .contains("planned\tforeign-key\tpublic.visit\tvisit_patient_fkey");
        Ran snapshot = run("snapshot -c DIR/p.yaml");
        assertThat(snapshot.exit()).as(snapshot.err()).isEqualTo(ExitCode.UNREACHABLE);
        for (String line : new String[] {"dlq", "recon history", "recon run", "tables constrain"}) {
            Ran early = run(line + " -c DIR/p.yaml");
            assertThat(early.exit()).as(line).isEqualTo(ExitCode.CONFLICT);
            assertThat(early.err()).contains("nothing has run yet");
        }
    }

    private void refusesWhatIsWrong(String address) {
        assertThat(run("init --tls disable --out DIR/q.yaml --from " + address + "nosuch")
                        .exit())
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("init --tls disable --out DIR/q.yaml --from postgresql://me@127.0.0.1:1/source")
                        .exit())
                .isEqualTo(ExitCode.UNREACHABLE);
        environment.put("HANDOVER_SOURCE_PASSWORD", "ZZSECRET");
        environment.put("HANDOVER_TARGET_PASSWORD", "ZZSECRET");
        for (String line : new String[] {"status", "tables", "dlq", "recon run"}) {
            Ran refused = run(line + " -c DIR/p.yaml -v -v");
            assertThat(refused.exit()).as(line).isEqualTo(ExitCode.DENIED);
            assertThat(refused.err()).doesNotContain("ZZSECRET");
        }
        Ran refused = run("init --tls disable --out DIR/q.yaml --from " + address + "source");
        assertThat(refused.exit()).isEqualTo(ExitCode.DENIED);
        environment.remove("HANDOVER_TARGET_PASSWORD");
        assertThat(run("status -c DIR/p.yaml").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(directory.resolve("q.yaml")).doesNotExist();
    }

    @Test
    void theWorkloadOfMariaDb() throws Exception {
        try (StateDirectory state = StateDirectory.open(directory.resolve("state"));
                ServerProcess<Endpoints.MariaDb> server = MariaDbServer.start(state, ARTIFACTS)) {
            Endpoints.MariaDb source = server.endpoint();
            execute(
                    source.jdbcUrl(),
                    source.admin(),
                    "CREATE DATABASE lis CHARACTER SET latin1",
                    "SET SESSION sql_mode = ''",
                    "CREATE TABLE lis.test (code varchar(8) PRIMARY KEY, name varchar(20)) COLLATE latin1_swedish_ci",
                    "CREATE TABLE lis.result (id int PRIMARY KEY, code varchar(8), at datetime, raw longblob,"
                            + " day date AS (date(at)) VIRTUAL, FOREIGN KEY (code) REFERENCES lis.test (code))",
                    "CREATE TABLE lis.log (line text)",
                    "CREATE VIEW lis.recent AS SELECT id FROM lis.result",
                    "INSERT INTO lis.result (id, at) VALUES (1, '0000-00-00 00:00:00')");
            Path password = directory.resolve("password");
            Files.writeString(password, source.admin().password().text() + "\n");

            Ran made = run("init --tls disable --out DIR/p.yaml --password-file " + password + " --from mariadb://"
                    + source.admin().user() + "@127.0.0.1:" + source.port() + "/lis");

            assertThat(made.exit()).as(made.err()).isEqualTo(ExitCode.DONE);
            assertThat(made.out().indexOf("lis.lis.test\t"))
                    .isLessThan(made.out().indexOf("lis.lis.result\t"));
            assertThat(made.out()).contains("not copied: lis.lis.recent (view)");
            assertThat(made.err())
                    .contains("zero dates in at", "collation latin1_swedish_ci", "are in latin1", "bytes in raw");
            assertThat(starter())
                    .contains(
                            "these tables have no key, so their rows are told apart by all that they hold: lis.lis.log",
                            "generated column \"day\"");
            assertThat(run("validate -c DIR/p.yaml").exit()).isEqualTo(ExitCode.DONE);
        }
    }
}
