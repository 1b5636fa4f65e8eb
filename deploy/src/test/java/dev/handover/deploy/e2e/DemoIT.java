package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.Password;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code handover demo} as a user types it, in a process of its own: what it prints and how it exits. */
class DemoIT {
    private static final int MINUTES_MAX = 8;
    private static final int RULES = 18;
    private static final List<String> KINDS =
            List.of("approximate", "invalid", "no-map", "one-to-many", "sentinel", "unknown-unit", "unmapped");
    private static final List<String> RELATIONS = List.of("equivalent", "related", "choice", "combination", "no-map");
    private static final Set<String> FIGURES =
            Set.of("tables", "rows", "changes", "stale", "deadLetters", "divergences", "lagP50Millis", "lagP99Millis");

    @ParameterizedTest
    @CsvSource({"postgres, kill-sink", "mariadb, kill-capture"})
    void itEndsConvergedAndSaysSo(String engine, String fault, @TempDir Path directory) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");

        int status = demo(directory.resolve("demo"), engine, fault, out, err);

        assertThat(status).as(Files.readString(err)).isZero();
        JsonNode document = last(out);
        assertThat(document.path("apiVersion").asText()).isEqualTo("handover/v1");
        assertThat(document.path("kind").asText()).isEqualTo("Demo");
        JsonNode data = document.path("data");
        assertThat(data.path("verdict").asText()).isEqualTo("converged");
        Set<String> numbers = new TreeSet<>();
        FIGURES.stream().filter(name -> data.path(name).isIntegralNumber()).forEach(numbers::add);
        assertThat(numbers).containsExactlyInAnyOrderElementsOf(FIGURES);
        assertThat(data.path("loadSeconds").isNumber()).isTrue();
        assertThat(data.path("divergences").asLong()).isZero();
        assertThat(data.path("rows").asLong()).isGreaterThan(10_000);
        assertThat(data.path("changes").asLong()).isGreaterThan(100);
        assertThat(data.path("rules"))
                .hasSize(RULES)
                .allSatisfy(rule -> assertThat(rule.path("result").asText()).isEqualTo("PASSED"));
        assertThat(Files.readString(err)).contains("SIGKILL");
        if (engine.equals("postgres")) {
            assertThat(Files.readString(err))
                    .containsPattern("the tap compared [1-9][0-9,]* changes.*: 0 disagreements");
        }
        assertThat(found(data)).containsAll(KINDS);
        theCleanModelIsThere(directory.resolve("demo"), engine, data);
    }

    private static Set<String> found(JsonNode data) {
        Set<String> kinds = new TreeSet<>();
        data.path("notUnderstood").forEach(noted -> {
            assertThat(noted.path("count").asLong()).isPositive();
            kinds.add(noted.path("kind").asText());
        });
        return kinds;
    }

    /** The servers' data are still there: both databases are started again and asked in plain SQL. */
    private static void theCleanModelIsThere(Path state, String engine, JsonNode data) throws SQLException {
        Service source = engine.equals("postgres") ? Service.SOURCE : Service.MARIADB;
        try (EmbeddedStack stack = EmbeddedStack.start(
                StackConfig.of(state.resolve("stack"), Set.of(source, Service.TARGET)), line -> {})) {
            Endpoints endpoints = stack.endpoints();
            Endpoints.Postgres target = endpoints.target();
            try (Connection here = source == Service.SOURCE
                            ? open(
                                    endpoints.source().jdbcUrl(),
                                    endpoints.source().user(),
                                    endpoints.source().password())
                            : open(
                                    endpoints.mariadb().jdbcUrl() + "pas",
                                    endpoints.mariadb().admin().user(),
                                    endpoints.mariadb().admin().password());
                    Connection there = open(target.jdbcUrl(), target.user(), target.password())) {
                sameCounts(here, there);
                conditionsAddUp(here, there);
                theLedgerIsWhatWasSaid(there, data);
            }
        }
    }

    private static void sameCounts(Connection here, Connection there) throws SQLException {
        long results = one(here, "SELECT count(*) FROM lab_result");
        long readings = one(here, "SELECT count(*) FROM vitals");
        assertThat(results).isGreaterThan(50_000);
        assertThat(readings).isGreaterThan(15_000);
        assertThat(one(there, "SELECT count(*) FROM clinical.observation")).isEqualTo(results + readings);
        assertThat(one(there, "SELECT count(*) FROM clinical.observation WHERE category = 'vital-signs'"))
                .isEqualTo(readings);
        Map.of(
                        "patient", "patient",
                        "patient_identifier", "patient_identifier",
                        "encounter", "encounter",
                        "prescription", "medication_request",
                        "allergy", "allergy_intolerance",
                        "document", "document")
                .forEach((from, to) -> assertThat(one(there, "SELECT count(*) FROM clinical." + to))
                        .as(to)
                        .isEqualTo(one(here, "SELECT count(*) FROM " + from)));
        assertThat(one(there, "SELECT count(*) FROM clinical.document WHERE _handover_raw::text LIKE '%archive%'"))
                .as("raw values of documents are in the object store")
                .isPositive();
        assertThat(one(there, "SELECT count(*) FROM clinical.patient WHERE phone !~ '^[+]1[0-9]{10}$'"))
                .isZero();
    }

    /** Each outcome of the map is there, and together they are all diagnoses. */
    private static void conditionsAddUp(Connection here, Connection there) throws SQLException {
        long sum = 0;
        for (String relation : RELATIONS) {
            long count =
                    one(there, "SELECT count(*) FROM clinical.condition WHERE icd10_relation = '" + relation + "'");
            assertThat(count).as(relation).isPositive();
            sum += count;
        }
        long uncoded = one(here, "SELECT count(*) FROM diagnosis WHERE code IS NULL");
        long unmapped = one(
                there,
                "SELECT count(*) FROM clinical.condition WHERE source_code IS NOT NULL AND icd10_relation IS NULL");
        assertThat(unmapped).isPositive();
        assertThat(sum + uncoded + unmapped).isEqualTo(one(here, "SELECT count(*) FROM diagnosis"));
        assertThat(one(there, "SELECT count(*) FROM clinical.condition"))
                .isEqualTo(one(here, "SELECT count(*) FROM diagnosis"));
    }

    private static void theLedgerIsWhatWasSaid(Connection there, JsonNode data) throws SQLException {
        long said = 0;
        for (JsonNode noted : data.path("notUnderstood")) {
            said += noted.path("count").asLong();
        }
        assertThat(one(there, "SELECT sum(count) FROM handover.finding"))
                .as("nothing was found after the demo had ended")
                .isEqualTo(said);
    }

    private static Connection open(String url, String user, Password password) throws SQLException {
        return DriverManager.getConnection(url, user, password.text());
    }

    private static long one(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static int demo(Path state, String engine, String fault, Path out, Path err)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.handover.deploy.cli.Main",
                "demo",
                "-o",
                "json",
                "--for",
                "10s"));
        command.addAll(List.of("--source", engine, "--fault", fault, "--state", state.toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES))
                    .as("the demo ends")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroy();
        }
    }

    private static JsonNode last(Path out) throws IOException {
        try (MappingIterator<JsonNode> documents =
                new ObjectMapper().readerFor(JsonNode.class).readValues(out.toFile())) {
            List<JsonNode> all = documents.readAll();
            assertThat(all).isNotEmpty();
            return all.get(all.size() - 1);
        }
    }
}
