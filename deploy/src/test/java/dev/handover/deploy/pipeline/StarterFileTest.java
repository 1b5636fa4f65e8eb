package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.SourceTable;
import dev.handover.capture.catalog.NotTaken;
import dev.handover.capture.check.Check;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.SourceConfig.Kind;
import dev.handover.deploy.config.TableConfig;
import dev.handover.deploy.config.TlsConfig;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Constraints;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StarterFileTest {
    private static final TlsConfig TLS = new TlsConfig(TlsConfig.Mode.VERIFY_CA, Optional.of("/etc/ca \"x\".pem"));

    static SourceTable table(String schema, String name, String... columns) {
        TableId id = new TableId("pas", schema, name);
        List<Column> all = java.util.Arrays.stream(columns)
                .map(column -> new Column(column, ColumnType.of(dev.handover.row.Kind.INT32), false))
                .toList();
        return new SourceTable(
                id,
                Optional.of(new TableSchema(id, all, List.of(columns[0]))),
                new Constraints(id, List.of(), List.of(), Map.of()),
                12,
                40_960,
                SourceTable.ReplicaIdentity.KEY,
                Optional.empty());
    }

    static SourceTable keyless(String name) {
        TableId id = new TableId("pas", "public", name);
        return new SourceTable(
                id,
                Optional.empty(),
                new Constraints(id, List.of(), List.of(), Map.of()),
                -1,
                -1,
                SourceTable.ReplicaIdentity.NOTHING,
                Optional.of(new SourceTable.Problem("no-key", "table " + id + " has no key", "declare one")));
    }

    private static PipelineConfig read(SourceAddress address, Optional<Path> password, Survey survey) {
        String text = new StarterFile(address, TLS, password).text(survey);
        return PipelineFile.parse("starter.yaml", text);
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MARIADB", "MYSQL"})
    void theFileIsValidForEveryKindOfDatabase(Kind kind) {
        SourceAddress address = new SourceAddress(kind, "o'neil \"cdc\"", "db.example", 7_000, "pas");

        PipelineConfig pipeline = read(address, Optional.of(Path.of("/run/secrets/pas")), Survey.NONE);

        assertThat(pipeline.sources().get(0).kind()).isEqualTo(kind);
        assertThat(pipeline.sources().get(0).user()).isEqualTo("o'neil \"cdc\"");
        assertThat(pipeline.sources().get(0).tls()).isEqualTo(TLS);
        assertThat(pipeline.sources().get(0).password()).hasToString("${file:/run/secrets/pas}");
        assertThat(pipeline.sources().get(0).mariadb().isPresent()).isEqualTo(kind != Kind.POSTGRES);
    }

    @Test
    void everyTableIsNamedAndOneThatCannotBeTakenIsLeftToAPerson() {
        Survey survey = new Survey(
                List.of(table("public", "patient", "id", "mrn"), keyless("bed_move"), table("public", "a.b", "id")),
                List.of(),
                List.of(new NotTaken(new TableId("pas", "public", "v"), "view")),
                List.of(new Check(Check.Level.WARN, "table pas.public.x", "odd", "look")));
        SourceAddress address = new SourceAddress(Kind.POSTGRES, "cdc", "db", 5_432, "pas");

        String text = new StarterFile(address, TLS, Optional.empty()).text(survey);

        assertThat(PipelineFile.parse("starter.yaml", text).tables())
                .extracting(TableConfig::from)
                .containsExactly("pas.public.patient");
        assertThat(PipelineFile.parse("starter.yaml", text).sources().get(0).exclude())
                .isEmpty();
        assertThat(text)
                .contains(
                        "cannot be taken: table pas.public.bed_move has no key",
                        "public.patient  ~12 rows, 40 KiB, key [id]",
                        "id integer not null, mrn integer not null",
                        "public.a.b  ~12 rows",
                        "its name has a dot",
                        "not copied: pas.public.v (view)",
                        "WARN  table pas.public.x: odd",
                        "fix: look");
    }

    @Test
    void namesFromADatabaseCanDoNoHarm() {
        Random random = new Random(20_261_121);
        int[] alphabet = "ab #:-{}[]\"'\\\n\r\t\u0085\u2028\u009b\ufeff\uffff&*!|>%@`,?\u0000é\uD83D\uDE00"
                .codePoints()
                .toArray();
        for (int run = 0; run < 300; run++) {
            StringBuilder name = new StringBuilder("t");
            for (int i = 0; i < 1 + random.nextInt(12); i++) {
                name.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
            }
            Survey survey = new Survey(
                    List.of(table("public", name.toString(), name + "x", "y")),
                    List.of(),
                    List.of(new NotTaken(new TableId("pas", "public", name.toString()), "view")),
                    List.of(new Check(Check.Level.FAIL, name.toString(), name.toString(), name.toString())));
            SourceAddress address = new SourceAddress(Kind.POSTGRES, name.toString(), "db", 1, "pas");

            PipelineConfig pipeline = read(address, Optional.empty(), survey);

            assertThat(pipeline.tables()).extracting(TableConfig::from).containsExactly("pas.public." + name);
            assertThat(pipeline.sources().get(0).user()).isEqualTo(name.toString());
        }
    }
}
