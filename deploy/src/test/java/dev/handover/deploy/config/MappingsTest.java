package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.fault.Fault;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.OnFailure;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Translate;
import dev.handover.mapping.operation.Trim;
import dev.handover.mapping.operation.Zoned;
import dev.handover.row.TableId;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MappingsTest {
    private static final TableId PATIENT = TableId.parse("pas.public.patient");
    private static final TableId RESULT = TableId.parse("lab.lis.result");

    private final Mappings mappings = new Mappings(Samples.read("every-key.yaml"));

    @Test
    void declaredTablesAreMappedAsTheFileSays() {
        OnFailure park = OnFailure.DEAD_LETTER;
        OnFailure raw = OnFailure.NULL_WITH_RAW;
        Map<String, Optional<String>> codes =
                Map.of("M", Optional.of("male"), "F", Optional.of("female"), "9", Optional.empty());

        assertThat(mappings.of(PATIENT))
                .isEqualTo(new TableMapping(
                        PATIENT,
                        TableId.target("clinical", "patient"),
                        4,
                        List.of(
                                ColumnMapping.From.copy("patient_id", "patient_id"),
                                new ColumnMapping.From("mrn", "mrn", List.of(new Trim()), park, park),
                                new ColumnMapping.From(
                                        "birth_date", "dob", List.of(new ParseTime("yyyyMMdd")), raw, park),
                                new ColumnMapping.From("sex", "sex_cd", List.of(Translate.of(codes)), park, raw),
                                new ColumnMapping.From(
                                        "updated_at",
                                        "upd_ts",
                                        List.of(new Zoned(ZoneId.of("America/New_York"))),
                                        park,
                                        park),
                                new ColumnMapping.Constant("facility", "1007")),
                        Rest.COPY,
                        Set.of("photo")));
    }

    @Test
    void otherTablesAreCopied() {
        assertThat(mappings.of(RESULT)).isEqualTo(TableMapping.copy(RESULT, TableId.target("clinical", "result"), 3));
    }

    @Test
    void aDeclaredTableThatIsNotCapturedIsRefused() {
        assertThatThrownBy(() -> mappings.of(List.of(RESULT)))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("pas.public.patient");
    }

    @Test
    void twoTablesNeverBecomeOne() {
        assertThatThrownBy(() -> mappings.of(List.of(PATIENT, RESULT, TableId.parse("pas.other.result"))))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("lab.lis.result")
                .hasMessageContaining("pas.other.result");
    }
}
