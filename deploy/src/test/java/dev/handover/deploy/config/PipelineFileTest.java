package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.handover.capture.LoadCondition;
import dev.handover.capture.LoadCondition.Measure;
import dev.handover.fault.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PipelineFileTest {
    @Test
    void absentKeysHaveTheirDefaults() {
        PipelineConfig pipeline = Samples.read("smallest.yaml");

        assertThat(pipeline.secrets().env().allow()).containsExactly("HANDOVER_[A-Z0-9_]+");
        assertThat(pipeline.secrets().file().roots()).isEmpty();
        assertThat(pipeline.secrets().dir().roots()).containsExactly("/run/secrets");
        assertThat(pipeline.topicPrefix()).isEqualTo("st-elsewhere");
        assertThat(pipeline.kafka().topics())
                .isEqualTo(new KafkaConfig.Topics(Optional.empty(), 12, 3, 2, Duration.ofDays(7)));
        assertThat(pipeline.kafka().security().protocol()).isEqualTo(KafkaConfig.Protocol.PLAINTEXT);
        assertThat(pipeline.registry().compatibility()).isEqualTo(RegistryConfig.Compatibility.BACKWARD_TRANSITIVE);
        SourceConfig source = pipeline.sources().get(0);
        assertThat(source.portOrUsual()).isEqualTo(5432);
        assertThat(source.tls().mode()).isEqualTo(TlsConfig.Mode.VERIFY_FULL);
        assertThat(source.postgres().slotOf("st-elsewhere", "pas")).isEqualTo("handover_st_elsewhere_pas");
        assertThat(source.postgres().heartbeat()).isEqualTo(Duration.ofSeconds(5));
        assertThat(source.postgres().maxRetainedWal()).isEqualTo(DataSize.parse("40GiB"));
        assertThat(source.clock().timezone()).isEqualTo("UTC");
        assertThat(source.load().fetchRows()).isEqualTo(10_000);
        assertThat(pipeline.sinks().get(0).transactions()).isEqualTo(SinkConfig.Transactions.BATCH);
        assertThat(pipeline.sinks().get(0).write())
                .isEqualTo(new SinkConfig.Write(
                        2000, Duration.ofMillis(200), DataSize.parse("16MiB"), Duration.ofMillis(250)));
        assertThat(pipeline.reconcile())
                .isEqualTo(
                        new ReconcileConfig(Duration.ofSeconds(60), 2, Duration.ofSeconds(10), Duration.ofSeconds(60)));
        assertThat(pipeline.telemetry().logs())
                .isEqualTo(new TelemetryConfig.Logs(TelemetryConfig.Format.AUTO, TelemetryConfig.Level.INFO));
    }

    @Test
    void everyKeyIsMapped() {
        PipelineConfig pipeline = Samples.read("every-key.yaml");
        Map<String, Object> leaves = new LinkedHashMap<>();
        Leaves.collect(pipeline, "", leaves);

        var mapped = new TreeSet<>(leaves.keySet());
        for (ConfigReference.Entry entry : ConfigReference.entries()) {
            if (!entry.type().equals("section")
                    && !entry.type().equals("list")
                    && !entry.type().equals("map")) {
                assertThat(mapped)
                        .as("a value for %s that is not its default", entry.path())
                        .contains(entry.path());
                assertThat(String.valueOf(leaves.get(entry.path())))
                        .as(entry.path())
                        .isNotEqualTo(entry.absent());
            }
        }
        assertThat(pipeline.tables().get(0).columns().keySet())
                .as("columns keep their order")
                .containsExactly("patient_id", "mrn", "birth_date", "sex", "updated_at", "facility", "*");
        assertThat(pipeline.sinks().get(1).jdbcUrl()).isEqualTo("jdbc:postgresql://second.example:5434/clinical");
    }

    @Test
    void allErrorsComeAtOnceWithTheirPlace() {
        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> Samples.read("wrong.yaml"));

        assertThat(invalid.problems())
                .extracting(problem ->
                        problem.line() + ":" + problem.column() + " " + problem.code() + " " + problem.path())
                .containsExactly(
                        "1:1 missing-key digest",
                        "3:32 unknown-key metadata.ownr",
                        "6:23 value kafka.topics.minInsync",
                        "6:37 value kafka.topics.retention",
                        "7:18 value kafka.client.acks",
                        "8:57 value registry.compatibility",
                        "11:11 value sources[0].kind",
                        "15:15 value sources[0].password",
                        "16:47 value sources[0].postgres.maxRetainedWal",
                        "17:5 unknown-key sources[0].pasword",
                        "18:11 duplicate-name sources[1].name",
                        "21:11 value sources[1].port",
                        "24:15 secret-not-allowed sources[1].password",
                        "25:23 value sources[1].clock.timezone",
                        "26:5 missing-key sources[2].host",
                        "26:31 unknown-key sources[2].hots",
                        "26:59 value sources[2].password",
                        "26:81 type sources[2].database",
                        "28:11 unknown-source tables[0].from",
                        "29:5 unknown-key tables[0].cohrt",
                        "32:66 value tables[0].columns.sex.onUnmapped",
                        "33:33 value tables[0].columns.both.constant",
                        "34:13 value tables[0].columns.kept",
                        "36:5 duplicate-key tables[0].drop",
                        "38:40 value sinks[0].url",
                        "38:127 secret-not-allowed sinks[0].password",
                        "40:49 value rules[0].target.table",
                        "41:12 duplicate-name rules[1].name",
                        "41:26 value rules[1].kind",
                        "42:80 value rules[2].target.columns",
                        "43:94 value rules[3].tolerance",
                        "46:46 value rules[4].target.columns",
                        "47:21 unknown-source rules[4].source.table",
                        "50:20 unknown-source rules[5].source.name",
                        "51:19 value rules[5].target.sql",
                        "52:70 value rules[6].target.where");
        assertThat(invalid.problems())
                .allSatisfy(problem -> assertThat(problem.hint()).isNotBlank());
    }

    @Test
    void noSecretIsRepeatedInAnError() {
        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> Samples.read("wrong.yaml"));

        assertThat(invalid.problems())
                .allSatisfy(problem -> assertThat(problem.toString()).doesNotContain("ZZSECRET"));
        assertThat(invalid.problems()).allSatisfy(problem -> assertThat(String.valueOf(invalid.excerpt(problem)))
                .doesNotContain("ZZSECRET"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ownr | did you mean 'owner'?",
                "LABELS | did you mean 'labels'?",
                "something | known here: name, owner, labels"
            })
    void unknownKeysAreRefusedWithTheNearestKnownOne(String key, String hint) {
        String text =
                Samples.text("smallest.yaml").replace("{name: st-elsewhere}", "{name: st-elsewhere, " + key + ": x}");

        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", text));

        assertThat(invalid.problems()).extracting(Problem::hint).containsExactly(hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sex: {from: s, limits: {sentinal: {warn: 1}}} | tables[0].columns.sex.limits.sentinal | did you mean 'sentinel'?",
                "sex: {from: s, limits: {sentinel: {}}}        | tables[0].columns.sex.limits.sentinel | give warn, stop, or both",
                "sex: {from: s, limits: {invalid: {stop: 1.5}}} | tables[0].columns.sex.limits.invalid.stop | 'it must match [0-9]{1,12}|[0-9]{1,3}(\\.[0-9]{1,6})?%'",
                "'\"*\": {from: \"*\", limits: {invalid: {stop: 1}}}' | tables[0].columns.*.limits | move limits to the table, beside columns",
            })
    void limitsAreRefusedWhereTheyStand(String column, String path, String hint) {
        String text = Samples.text("smallest.yaml")
                + "tables:\n  - from: pas.public.patient\n    to: clinical.patient\n    columns:\n      " + column
                + "\n";

        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", text));

        assertThat(invalid.problems()).extracting(Problem::path, Problem::hint).containsExactly(tuple(path, hint));
    }

    @Test
    void conditionsUnderWhichALoadWaitsAreRead() {
        assertThat(PauseWhen.parse("active_sessions > 180 || replica_lag>1500ms||replica_lag > 2m"))
                .containsExactly(
                        new LoadCondition(Measure.ACTIVE_SESSIONS, 180),
                        new LoadCondition(Measure.REPLICA_LAG, 1_500),
                        new LoadCondition(Measure.REPLICA_LAG, 120_000));
        assertThat(Samples.read("smallest.yaml").sources().get(0).load().conditions())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "active_sessions >= 3  | 'active_sessions >= 3' is no condition |"
                        + " `write active_sessions > 180, or replica_lag > 30s, or both joined by ||`",
                "active_sesions > 3    | nothing is measured that is called 'active_sesions' |"
                        + " did you mean 'active_sessions'?",
                "active_sessions > 30s | '30s' is no number of sessions |"
                        + " `write active_sessions > 180, or replica_lag > 30s, or both joined by ||`",
                "replica_lag > 30      | '30' is no duration |"
                        + " `write active_sessions > 180, or replica_lag > 30s, or both joined by ||`",
            })
    void aConditionThatIsNotUnderstoodIsRefusedWhereItStands(String condition, String message, String hint) {
        assertPauseWhenIsRefused(Samples.text("smallest.yaml"), condition, message, hint);
    }

    private static void assertPauseWhenIsRefused(String text, String condition, String message, String hint) {
        String file = text.replace("database: pas,", "database: pas, load: {pauseWhen: \"" + condition + "\"},");

        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", file));

        assertThat(invalid.problems())
                .extracting(Problem::path, Problem::message, Problem::hint)
                .containsExactly(tuple("sources[0].load.pauseWhen", message, hint));
        Problem problem = invalid.problems().get(0);
        assertThat(file.lines().toList().get(problem.line() - 1).substring(problem.column() - 1))
                .startsWith("\"" + condition);
    }

    @Test
    void onlyPostgresqlIsTapped() {
        String file = Samples.text("smallest.yaml")
                .replace("kind: postgres, host", "kind: mariadb, mariadb: {serverId: 7}, tap: on, host");

        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", file));

        assertThat(invalid.problems())
                .extracting(Problem::path, Problem::message, Problem::hint)
                .containsExactly(tuple(
                        "sources[0].tap",
                        "a mariadb source cannot be tapped",
                        "take  tap: on  out; recon run compares it"));
    }

    @Test
    void theLagOfReplicasIsAskedOfPostgresqlOnly() {
        assertPauseWhenIsRefused(
                Samples.text("smallest.yaml")
                        .replace("kind: postgres, host", "kind: mariadb, mariadb: {serverId: 7}, host"),
                "active_sessions > 3 || replica_lag > 30s",
                "a mariadb source does not tell how far its replicas are behind",
                "take replica_lag out; active_sessions can be asked for");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: [1' | syntax",
                "'a: &x {b: *y}' | syntax",
                "'- 1' | type",
                "'' | syntax",
                "'{? [x] : y}' | type",
            })
    void whatIsNoPipelineFileIsRefused(String text, String code) {
        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", text));

        assertThat(invalid.problems()).extracting(Problem::code).contains(code);
    }

    @ParameterizedTest
    @CsvSource({
        "heldBytes: 32MiB, heldBytes: 512KiB",
        "markTime: 100ms, markTime: 10ms",
        "markTime: 100ms, markTime: 2m"
    })
    void whatWholeTransactionsCannotDoWithIsRefused(String right, String wrong) {
        String text = Samples.text("every-key.yaml").replace(right, wrong);
        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", text));

        assertThat(invalid.problems())
                .extracting(problem -> problem.code() + " " + problem.path())
                .contains("value sinks[0].write." + wrong.substring(0, wrong.indexOf(':')));
    }

    @Test
    void anchorsMayBeUsed() {
        String text = Samples.text("smallest.yaml")
                .replace(
                        "user: handover, password: \"${dir:/run/secrets:pas}\"",
                        "user: &user handover, password: &p \"${dir:/run/secrets:pas}\"")
                .replace("user: handover, password: \"${dir:/run/secrets:cloud}\"", "user: *user, password: *p");

        assertThat(PipelineFile.parse("p", text).sinks().get(0).password().name())
                .isEqualTo("pas");
    }

    @Test
    void aMissingFileSaysWhichAndWhatToDo() {
        assertThatThrownBy(() -> PipelineFile.read(Path.of("no-such-pipeline.yaml")))
                .isInstanceOfSatisfying(Fault.class, fault -> {
                    assertThat(fault.code()).isEqualTo("config-missing");
                    assertThat(fault.hint()).contains("-c FILE");
                })
                .hasMessageContaining("no-such-pipeline.yaml");
    }

    @Test
    void theExampleOfTheHelpIsValid() {
        List<String> help = Samples.resource("/dev/handover/deploy/cli/help/config.txt")
                .lines()
                .toList();
        String example = String.join(
                "\n",
                help.stream()
                        .skip(2)
                        .takeWhile(line -> !line.isBlank())
                        .map(line -> line.substring(2))
                        .toList());

        assertThat(PipelineFile.parse("example", example).sources()).hasSize(1);
    }
}
