package dev.handover.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.config.Samples;
import dev.handover.deploy.config.SourceSchemas;
import dev.handover.deploy.pipeline.SchemaRecord;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

final class CommandTreeTest {
    private Path directory = Path.of(".");

    @BeforeEach
    void pipelineFiles(@TempDir Path temporary) throws IOException {
        directory = temporary;
        for (String name : List.of("smallest.yaml", "every-key.yaml", "wrong.yaml")) {
            Files.writeString(directory.resolve(name), Samples.resource("/dev/handover/deploy/config/" + name));
        }
        Path maps = Files.createDirectories(directory.resolve("maps"));
        for (String name : List.of("icd.csv", "flagged.csv", "gem.txt", "sex.json", "units.csv")) {
            Files.writeString(maps.resolve(name), Samples.resource("/dev/handover/deploy/config/maps/" + name));
        }
        String tables = "tables:\n  - from: pas.public.patient\n    to: clinical.patient\n    columns:\n";
        recorded("fits.yaml", tables + "      \"*\": {from: \"*\"}\n      born: {from: dob, parse: yyyyMMdd}\n");
        recorded(
                "unfit.yaml", tables + "      id: {from: id, trim: true}\n      born: {from: dob, timezone: source}\n");
    }

    /** A pipeline file with the recorded schema of its one table. */
    private void recorded(String name, String tables) throws IOException {
        Files.writeString(
                directory.resolve(name), Samples.resource("/dev/handover/deploy/config/smallest.yaml") + tables);
        TableId table = TableId.parse("pas.public.patient");
        TableSchema schema = new TableSchema(
                table,
                List.of(
                        new Column("id", ColumnType.of(Kind.INT64), false),
                        new Column("dob", ColumnType.text(8), true)),
                List.of("id"));
        Files.writeString(
                SchemaRecord.beside(directory.resolve(name)),
                SchemaRecord.text(SourceSchemas.of(Set.of("pas"), Map.of(table, schema), Map.of())));
    }

    @ParameterizedTest
    @CsvSource({
        "validate-smallest,  0, validate -c DIR/smallest.yaml -o json",
        "validate-every-key, 0, -o json validate -c DIR/every-key.yaml",
        "validate-wrong,     2, validate -c DIR/wrong.yaml -o json",
        "validate-wrong-text, 2, validate -c DIR/wrong.yaml",
        "validate-fits,      0, validate -c DIR/fits.yaml -o json",
        "validate-unfit,     2, validate -c DIR/unfit.yaml",
        "coverage-offline,   0, mapping coverage clinical.patient -c DIR/fits.yaml",
        "explain-offline,    0, mapping explain clinical.patient.born -c DIR/fits.yaml",
        "validate-missing,   2, validate -c DIR/missing.yaml --output json",
        "usage-command,      2, valdate -o json",
        "help-exit-codes,    0, help exit-codes -o json",
        "help,               0, --help",
        "help-validate,      0, help validate",
        "help-bench,         0, bench --help",
        "help-plan,          0, help plan",
        "help-snapshot,      0, snapshot --help",
        "help-snapshot-start, 0, snapshot start --help",
        "config-schema,      0, config schema",
    })
    void everyAnswerKeepsItsShape(String golden, int exit, String line) throws IOException {
        Ran ran = run(line);

        assertThat(ran.exit().number()).isEqualTo(exit);
        Golden.compare(golden, ran.text().replace(directory.toString(), "DIR"));
    }

    @Test
    void theVersionHasItsShape() {
        assertThat(run("version -o json").out())
                .contains("\"kind\" : \"Version\"", "\"version\" : \"0.", "\"revision\"", "\"java\"", "\"system\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "valdate                | unknown command 'valdate' | did you mean 'validate'?",
                "validate --confg x     | unknown flag '--confg' | did you mean '--config'?",
                "config shema           | unknown command 'shema' | did you mean 'schema'?",
                "config                 | 'handover config' needs a further word | one of: schema",
                "mapping                | 'handover mapping' needs a further word | one of: coverage, explain, test",
                "mapping test T --sample 0 | --sample is 1 to 100000 | write it as --sample 10000",
                "snapshot stop          | unknown command 'stop' | see: handover snapshot --help",
                "snapshot pause --source laab -c DIR/every-key.yaml | no source is named 'laab' | did you mean 'lab'?",
                "snapshot start         | Missing required option: '--table=SOURCE.TABLE'"
                        + " | see: handover snapshot start --help",
                "snapshot start --table laab.x.y -c DIR/every-key.yaml"
                        + " | table 'laab.x.y' is of no source of this pipeline"
                        + " | name it source.schema.table; sources are: pas, lab",
                "validate too many      | unknown word 'too' | see: handover validate --help",
                "bench --rows 10        | --rows is 1600 to 100000000 | write it as --rows 200000",
                "bench --for 1s         | --for is 5 s to 1 h | write it as --for 30s",
                "bench --rate 0         | --rate is 2 to 100000 changes a second | write it as --rate 1000",
                "bench --rate 90000 --for 10m | --rate for --for is more than 10000000 changes"
                        + " | take a shorter time or a lower rate",
                "help exit-code         | no help on 'exit-code' | did you mean 'exit-codes'?",
                "validate -o xml        | Invalid value for option '--output' | see: handover validate --help",
                "validate --timeout 5   | expected a duration with a unit | see: handover validate --help",
            })
    void wrongUsageExitsTwoAndNamesTheRemedy(String line, String message, String hint) {
        Ran ran = run(line);

        assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(message).endsWith("hint:  " + hint + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help", "-h", "validate --help", "config --help", "config schema -h"})
    void helpIsAnAnswer(String line) {
        Ran ran = run(line);

        assertThat(ran.exit()).isEqualTo(ExitCode.DONE);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).contains("Usage: handover", "Exit codes: handover help exit-codes");
    }

    @Test
    void theTopicOnExitCodesNamesEveryCode() {
        String text = run("help exit-codes").out();

        for (ExitCode code : ExitCode.values()) {
            assertThat(text).containsPattern("(?m)^  " + code.number() + " ");
        }
    }

    @Test
    void everyTopicHasAText() {
        for (String topic : HelpCommand.TOPICS) {
            assertThat(run("help " + topic).out()).as(topic).hasSizeGreaterThan(300);
        }
    }

    /** A command that fails in the way that a test wants. */
    @Command(name = "fail", description = "Fail.")
    private record Failing(RuntimeException failure) implements dev.handover.deploy.cli.Command {
        @Override
        public Answer run(Session session) {
            throw failure;
        }
    }

    @Test
    void aFaultIsPrintedWithItsHintAndItsExitCode() {
        var fault = Fault.causedBy(
                new IllegalStateException("ZZPHI"), ExitCode.UNREACHABLE, "source-down", "pas is down", "start it");

        Ran text = run("fail", Map.of(), new Failing(fault));
        Ran json = run("fail -o json", Map.of(), new Failing(fault));

        assertThat(text.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(text.err()).isEqualTo("error: pas is down\nhint:  start it\n");
        assertThat(json.err()).contains("\"code\" : \"source-down\"", "\"hint\" : \"start it\"");
        assertThat(json.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "fail -v -v", "fail -o json", "fail -v -v -o json"})
    void theMessageOfAForeignExceptionIsNeverPrinted(String line) {
        var foreign = new IllegalStateException("ZZPHI", new IOException("ZZPHI"));

        Ran ran = run(line, Map.of("HANDOVER_DEBUG", "1"), new Failing(foreign));

        assertThat(ran.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err()).contains("java.lang.IllegalStateException").doesNotContain("ZZPHI");
    }

    @Test
    void stackTracesComeOnlyWhenAskedFor() {
        var foreign = new Failing(new IllegalStateException("x"));

        assertThat(run("fail", Map.of(), foreign).err()).doesNotContain("    at ");
        assertThat(run("fail -v", Map.of(), foreign).err()).doesNotContain("    at ");
        assertThat(run("fail -v -v", Map.of(), foreign).err()).contains("    at dev.handover");
        assertThat(run("fail", Map.of("HANDOVER_DEBUG", "1"), foreign).err()).contains("    at dev.handover");
    }

    @Test
    void theConfigurationMayBeNamedByTheEnvironment() {
        Map<String, String> environment =
                Map.of("HANDOVER_CONFIG", directory.resolve("smallest.yaml").toString());

        assertThat(run("validate", environment).exit()).isEqualTo(ExitCode.DONE);
    }

    private Ran run(String line) {
        return run(line, Map.of());
    }

    private Ran run(String line, Map<String, String> environment, dev.handover.deploy.cli.Command... more) {
        return Ran.of(line.replace("DIR", directory.toString()), environment, Terminal.People.none(), more);
    }
}
