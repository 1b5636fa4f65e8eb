package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.handover.deploy.stack.Service;
import dev.handover.fault.ExitCode;
import dev.handover.reconciler.RunReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run as a sealed document, checked again while the databases move on, after somebody altered it, or a row. */
class CertificateIT {
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before a test
    private Path directory;

    @Test
    void whatWasProvedCanBeCheckedAgain() throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE);
                Connection connection = pipeline.source("");
                Statement source = connection.createStatement()) {
            source.execute("CREATE TABLE ward (id int PRIMARY KEY, name text);"
                    + " CREATE TABLE visit (id int PRIMARY KEY, ward int, day date);"
                    + " INSERT INTO ward SELECT i, 'ward ' || i FROM generate_series(1, 40) i;"
                    + " INSERT INTO visit SELECT i, i % 40, date '2026-01-01' + i FROM generate_series(1, 900) i");
            pipeline.describe(pipeline.endpoints().source().database(), "    postgres: {heartbeat: 1s}\n", "");
            pipeline.run();
            pipeline.awaitLoaded(2);
            RunReport run = pipeline.compare();
            Reports.assertConverged(run, 2);

            certifies(pipeline, run);
            staysTrueWhileRowsChange(pipeline, source);
            findsWhatWasAltered(pipeline);
            findsARowThatWasAltered(pipeline, run);
        }
    }

    private void certifies(LivePipeline pipeline, RunReport run) throws Exception {
        LivePipeline.Ran certified = recon(pipeline, "certify", "--out", file("proof.json"));
        assertThat(certified.status())
                .as(certified.out() + pipeline.complaint())
                .isZero();
        assertThat(certified.out()).startsWith("CERTIFIED  tables=2 unverified=0  run " + run.run());

        JsonNode document = JSON.readTree(Files.readString(directory.resolve("proof.json")));
        JsonNode certificate = document.get("certificate");
        assertThat(document.get("sha256").asText())
                .as("hashed by another hand")
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(canonical(certificate).getBytes(StandardCharsets.UTF_8))));
        assertThat(certificate.get("status").asText()).isEqualTo("CERTIFIED");
        assertThat(certificate.get("why")).isEmpty();
        assertThat(certificate.get("unverified")).isEmpty();
        assertThat(certificate.get("digestKey").asText()).matches("key#[0-9a-f]{16}");
        assertThat(certificate.at("/sources/0/address").asText())
                .isEqualTo("127.0.0.1:" + pipeline.endpoints().source().port() + "/"
                        + pipeline.endpoints().source().database());
        assertThat(certificate.at("/progress/0/committedAt").asText())
                .as("heartbeats are applied")
                .isNotEmpty();
        assertThat(certificate.get("tables")).hasSize(2);
        for (JsonNode table : certificate.get("tables")) {
            JsonNode sums = table.get("sums");
            assertThat(sums.get("source").asText()).matches("[0-9a-f]{64}");
            assertThat(sums.get("target")).isEqualTo(sums.get("source"));
            assertThat(sums.get("mappingVersion").asInt()).isEqualTo(1);
            assertThat(sums.at("/place/high").asText()).isNotEmpty();
            assertThat(table.get("ageSeconds").asLong()).isBetween(0L, 600L);
        }
        assertThat(certificate.at("/tables/0/sums/sourceRows").asLong()).isEqualTo(900);
        String page = Files.readString(directory.resolve("proof.html"));
        assertThat(page).contains(">CERTIFIED<", document.get("sha256").asText());
        assertThat(page).as("it asks for nothing else").doesNotContain("http", "src=", "href=", "<script", "url(");

        assertThat(recon(pipeline, "certify", "--out", file("proof.json")).status())
                .as("nothing is overwritten")
                .isEqualTo(ExitCode.USAGE.number());
        LivePipeline.Ran cohort = recon(pipeline, "certify", "--cohort", "pilot", "--out", file("cohort"));
        assertThat(cohort.status()).isEqualTo(ExitCode.USAGE.number());
        assertThat(pipeline.complaint()).contains("no cohort", "--table: clinical.visit, clinical.ward");
        assertThat(directory.resolve("cohort.json")).doesNotExist();
    }

    private void staysTrueWhileRowsChange(LivePipeline pipeline, Statement source) throws Exception {
        LivePipeline.Ran same = verify(pipeline, "proof.json");
        assertThat(same.status()).as(same.out() + pipeline.complaint()).isZero();
        assertThat(states(same)).isEqualTo(Map.of("clinical.visit", "unchanged", "clinical.ward", "unchanged"));

        source.execute("UPDATE visit SET ward = 7 WHERE id < 100; DELETE FROM visit WHERE id > 880");
        pipeline.until("the deletions", WAIT_MAX, () -> pipeline.number("SELECT count(*) FROM clinical.visit") == 880);
        LivePipeline.Ran moved = verify(pipeline, "proof.json");
        assertThat(moved.status()).as(moved.out()).isZero();
        assertThat(states(moved))
                .isEqualTo(Map.of("clinical.visit", "changed-and-equal", "clinical.ward", "unchanged"));
        assertThat(pipeline.number("SELECT count(*) FROM handover.recon_run"))
                .as("checking keeps no run")
                .isEqualTo(1);
    }

    private void findsWhatWasAltered(LivePipeline pipeline) throws Exception {
        String text = Files.readString(directory.resolve("proof.json"));
        Files.writeString(
                directory.resolve("digit.json"), text.replaceFirst("\"sourceRows\" : 900", "\"sourceRows\" : 901"));
        LivePipeline.Ran digit = verify(pipeline, "digit.json");
        assertThat(digit.status()).isEqualTo(ExitCode.NO.number());
        assertThat(digit.out()).contains("its SHA-256 is not that of what it says");

        ObjectNode hashed = (ObjectNode) JSON.readTree(Files.readString(directory.resolve("digit.json")));
        hashed.put(
                "sha256",
                HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(canonical(hashed.get("certificate")).getBytes(StandardCharsets.UTF_8))));
        Files.writeString(directory.resolve("hashed.json"), hashed.toString());
        LivePipeline.Ran anew = verify(pipeline, "hashed.json");
        assertThat(anew.status()).isEqualTo(ExitCode.NO.number());
        assertThat(anew.out()).contains("its seal is not that of what it says");

        Path key = directory.resolve("secrets/digest-key");
        String right = Files.readString(key);
        Files.writeString(key, "fedcba9876543210".repeat(4));
        LivePipeline.Ran other = verify(pipeline, "proof.json");
        Files.writeString(key, right);
        assertThat(other.status()).isEqualTo(ExitCode.USAGE.number());
        assertThat(pipeline.complaint()).contains("is of digest key key#", "set digest.key");
    }

    private void findsARowThatWasAltered(LivePipeline pipeline, RunReport first) throws Exception {
        atTarget(pipeline, "UPDATE clinical.ward SET name = 'ward 99' WHERE id = 9");
        LivePipeline.Ran rogue = verify(pipeline, "proof.json");
        assertThat(rogue.status()).isEqualTo(ExitCode.NO.number());
        assertThat(states(rogue)).isEqualTo(Map.of("clinical.visit", "changed-and-equal", "clinical.ward", "differ"));
        assertThat(rogue.out()).contains("THE CERTIFICATE DOES NOT HOLD");

        RunReport diverged = pipeline.compare();
        LivePipeline.Ran refused = recon(pipeline, "certify", "--out", file("refused.json"));
        assertThat(refused.status()).isEqualTo(ExitCode.NO.number());
        assertThat(refused.out())
                .startsWith("NOT CERTIFIED  tables=2 unverified=1  run " + diverged.run())
                .contains("why: table clinical.ward is diverged: 1 different");
        assertThat(Files.readString(directory.resolve("refused.html"))).contains(">NOT CERTIFIED<");
        LivePipeline.Ran nothing = verify(pipeline, "refused.json");
        assertThat(nothing.status()).isEqualTo(ExitCode.NO.number());
        assertThat(nothing.out()).contains("NOT CERTIFIED: there is nothing to hold");

        LivePipeline.Ran one = recon(pipeline, "certify", "--table", "clinical.visit", "--out", file("visit.json"));
        assertThat(one.status()).as(one.out()).isZero();
        LivePipeline.Ran alone = verify(pipeline, "visit.json");
        assertThat(alone.status()).as(alone.out()).isZero();
        assertThat(states(alone)).isEqualTo(Map.of("clinical.visit", "unchanged"));
        LivePipeline.Ran late = recon(pipeline, "certify", "--run", first.run(), "--out", file("late.json"));
        assertThat(late.status()).isEqualTo(ExitCode.NO.number());
        assertThat(late.out()).contains("was found diverged by a newer run, " + diverged.run());
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private LivePipeline.Ran verify(LivePipeline pipeline, String name) throws Exception {
        return recon(pipeline, "certify", "--verify", file(name), "--timeout", "60s");
    }

    private static LivePipeline.Ran recon(LivePipeline pipeline, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("recon"));
        all.addAll(Arrays.asList(words));
        all.addAll(List.of("-c", pipeline.file().toString()));
        return pipeline.command(all.toArray(String[]::new));
    }

    private static Map<String, String> states(LivePipeline.Ran ran) {
        Map<String, String> states = new TreeMap<>();
        ran.out()
                .lines()
                .map(line -> line.split("\t"))
                .filter(cells -> cells.length == 5)
                .forEach(cells -> states.put(cells[0], cells[2]));
        return states;
    }

    private static void atTarget(LivePipeline pipeline, String sql) throws SQLException {
        try (Connection target = pipeline.target();
                Statement statement = target.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Names in order, no white space: written anew from what the README says. */
    private static String canonical(JsonNode node) {
        if (node.isObject()) {
            Map<String, String> members = new TreeMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), canonical(member.getValue())));
            StringBuilder text = new StringBuilder("{");
            members.forEach((name, value) -> text.append(text.length() > 1 ? "," : "")
                    .append('"')
                    .append(name)
                    .append("\":")
                    .append(value));
            return text.append('}').toString();
        }
        if (node.isArray()) {
            List<String> elements = new ArrayList<>();
            node.forEach(element -> elements.add(canonical(element)));
            return "[" + String.join(",", elements) + "]";
        }
        return node.toString();
    }
}
