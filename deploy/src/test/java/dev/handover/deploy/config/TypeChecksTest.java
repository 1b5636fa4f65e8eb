package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TypeChecksTest {
    private static final TableId PATIENT = TableId.parse("pas.public.patient");
    private static final TableId VISIT = TableId.parse("pas.public.visit");
    private static final SourceSchemas SCHEMAS = SourceSchemas.of(
            Set.of("pas"),
            Map.of(
                    PATIENT,
                    new TableSchema(
                            PATIENT,
                            List.of(
                                    new Column("id", ColumnType.of(Kind.INT64), false),
                                    new Column("sex", ColumnType.text(1), true),
                                    new Column("seen", ColumnType.of(Kind.DATE), true)),
                            List.of("id"))),
            Map.of(VISIT, "table pas.public.visit has no key"));

    private static InvalidPipeline refused(String tables) {
        String text = Samples.text("smallest.yaml") + tables;
        return catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", text, Optional.of(SCHEMAS)));
    }

    @Test
    void whatDoesNotFitIsToldAllAtOnceEachAtItsPlace() {
        // the file before them has 11 lines
        InvalidPipeline invalid = refused("""
                tables:
                  - from: pas.public.patient
                    to: clinical.patient
                    columns:
                      patient_id: {from: id, trim: true}
                      sex: {from: sexx, map: {M: male}}
                      seen_on:
                        from: seen
                        timezone: Europe/London
                      name: {from: nm}
                    drop: [seen, photo]
                  - from: pas.public.patients
                    to: clinical.patients
                  - from: pas.public.visit
                    to: clinical.visit
                  - from: lab.public.result
                    to: clinical.result
                """.replaceFirst("drop: \\[seen, ", "drop: ["));

        int tables = (int) Samples.text("smallest.yaml").lines().count() + 1;
        assertThat(invalid.problems())
                .extracting(problem -> problem.line() - tables + ":" + problem.column() + " " + problem.code() + " "
                        + problem.path() + " " + problem.message())
                .containsExactlyInAnyOrder(
                        "4:7 mapping tables[0].columns column \"id\": is a key column of table pas.public.patient and must"
                                + " be copied, under this or another name",
                        "4:36 mapping tables[0].columns.patient_id.trim column \"patient_id\": trim cannot take int64",
                        "5:19 mapping tables[0].columns.sex.from column \"sex\": table pas.public.patient has no column"
                                + " \"sexx\"",
                        "8:19 mapping tables[0].columns.seen_on.timezone column \"seen_on\": timezone cannot take date",
                        "9:20 mapping tables[0].columns.name.from column \"name\": table pas.public.patient has no column"
                                + " \"nm\"",
                        "10:12 mapping tables[0].drop[0] column \"photo\": is dropped, but table pas.public.patient has no"
                                + " such column",
                        "11:11 table-not-captured tables[1].from no such table is captured",
                        "13:11 table-refused tables[2].from table pas.public.visit has no key",
                        "15:11 unknown-source tables[3].from no source is named 'lab'");
    }

    @Test
    void aMistakeElsewhereHidesNoTypeThatDoesNotFit() {
        String text = Samples.text("smallest.yaml")
                        .replace("{name: st-elsewhere}", "{nam: x}")
                        .replace("user: handover, password: \"${dir:/run/secrets:cloud}\"", "password: y")
                + """
                tables:
                  - from: pas.public.visits
                  - from: pas.public.patient
                    to: clinical.patient
                    columns:
                      patient_id: {from: id, trim: true}
                """;

        InvalidPipeline invalid =
                catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", text, Optional.of(SCHEMAS)));

        assertThat(invalid.problems())
                .extracting(problem -> problem.code() + " " + problem.path())
                .containsExactly(
                        "missing-key metadata.name",
                        "unknown-key metadata.nam",
                        "missing-key sinks[0].user",
                        "value sinks[0].password",
                        "missing-key tables[0].to",
                        "mapping tables[1].columns",
                        "mapping tables[1].columns.patient_id.trim");
    }
}
