package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.fault.Fault;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.OnFailure;
import dev.handover.mapping.Operation;
import dev.handover.mapping.RowRule;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.TableMapping.RawPlace;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.cel.CelExpression;
import dev.handover.mapping.cel.CelRule;
import dev.handover.mapping.operation.Case;
import dev.handover.mapping.operation.CharacterSet;
import dev.handover.mapping.operation.Codes;
import dev.handover.mapping.operation.Codes.OnApproximate;
import dev.handover.mapping.operation.Codes.OnMany;
import dev.handover.mapping.operation.Codes.OnNoMap;
import dev.handover.mapping.operation.Comparator;
import dev.handover.mapping.operation.DecimalScale;
import dev.handover.mapping.operation.Identifier;
import dev.handover.mapping.operation.Known;
import dev.handover.mapping.operation.NumberForm;
import dev.handover.mapping.operation.ParseNumber;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Phone;
import dev.handover.mapping.operation.Sentinels;
import dev.handover.mapping.operation.Split;
import dev.handover.mapping.operation.Translate;
import dev.handover.mapping.operation.Trim;
import dev.handover.mapping.operation.Truncate;
import dev.handover.mapping.operation.UnicodeForm;
import dev.handover.mapping.operation.UnitConversion;
import dev.handover.mapping.operation.Zoned;
import dev.handover.mapping.unit.Conversion;
import dev.handover.mapping.unit.Quantities;
import dev.handover.mapping.unit.Rational;
import dev.handover.mapping.unit.Rounding;
import dev.handover.mapping.unit.Ucum;
import dev.handover.mapping.unit.Unit;
import dev.handover.mapping.unit.UnitPolicy;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import java.math.RoundingMode;
import java.text.Normalizer;
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

        assertThat(mappings.of(PATIENT).get(0))
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
                        Set.of("photo"),
                        Optional.of(new RowRule("has-record-number", new CelRule("!blank(row.mrn)"))),
                        List.of("facility", "patient_id"),
                        RawPlace.ARCHIVE));
    }

    @Test
    void everyOperationIsMadeInTheFixedOrder() {
        TableMapping second = mappings.of(PATIENT).get(1);
        assertThat(second.target()).isEqualTo(TableId.target("clinical", "person"));
        assertThat(second.rest()).isEqualTo(Rest.DROP);
        assertThat(second.dropped()).isEmpty();
        NumberForm english = new NumberForm(",", ".");
        assertThat(second.columns())
                .containsExactly(
                        ColumnMapping.From.copy("patient_id", "patient_id"),
                        from("note", "note", CharacterSet.of("UTF-8", "windows-1252")),
                        from("remark", "remark", CharacterSet.repaired("windows-1252", "UTF-8")),
                        from(
                                "family",
                                "name",
                                new UnicodeForm(Normalizer.Form.NFC),
                                new Case(Case.Form.UPPER),
                                new Split("^", 1, false)),
                        from(
                                "value",
                                "val",
                                Sentinels.of(Map.of("-", Optional.empty(), "___", Optional.empty())),
                                new Comparator(english, List.of("(HIGH)"))),
                        new ColumnMapping.Part("value_comparator", "value", "comparator"),
                        from("price", "amount", new DecimalScale(10, 2, RoundingMode.HALF_UP)),
                        from(
                                "ssn",
                                "ss",
                                new Identifier("http://hl7.org/fhir/sid/us-ssn", "- ", Optional.of("[0-9]{9}"))),
                        from("phone", "tel", new Phone("US")),
                        from("area", "area", new Truncate(20), new Known(Set.of("N", "S", "1"))),
                        new ColumnMapping.Joined("full_name", List.of("first", "last"), ", "),
                        from("diagnosis", "dx", codes()),
                        from("weight", "wt", weight()),
                        new ColumnMapping.Computed(
                                "adult",
                                new CelExpression("row.dob < '20061121'", Optional.of(ColumnType.of(Kind.BOOLEAN))),
                                OnFailure.DEAD_LETTER),
                        from(
                                "german",
                                "amount_text",
                                new ParseNumber(ParseNumber.Form.DECIMAL, new NumberForm(".", ","))));
    }

    private Codes codes() {
        Codes.Policies policies = new Codes.Policies(OnApproximate.NULL_WITH_RAW, OnMany.FIRST, OnNoMap.NULL_WITH_RAW);
        return new Codes(mappings.maps().codes("icd"), List.of("dx_version"), policies);
    }

    private UnitConversion weight() {
        Ucum ucum = Ucum.standard();
        Unit kilogram = ucum.require("kg");
        Conversion stone = Conversion.declared(ucum.require("[stone_av]"), kilogram, Rational.parse("6.35029318"));
        return new UnitConversion(
                "wt_unit",
                new Quantities(
                        ucum,
                        new Quantities.Spec(
                                mappings.maps().units("units"),
                                UnitPolicy.MAP_THEN_UCUM,
                                Set.of(kilogram, ucum.require("[lb_av]")),
                                Optional.of(kilogram),
                                List.of(stone),
                                Optional.of(new Rounding(2, RoundingMode.HALF_EVEN)))));
    }

    @Test
    void everyMapOfTheFileIsRead() {
        Maps maps = mappings.maps();
        assertThat(maps.codes().keySet()).containsExactlyInAnyOrder("icd", "flagged", "gem", "sex");
        assertThat(maps.units().keySet()).containsExactly("units");
        assertThat(mappings.maps()).as("read once").isSameAs(maps);
    }

    private static ColumnMapping.From from(String target, String source, Operation... operations) {
        return new ColumnMapping.From(
                target, source, List.of(operations), OnFailure.DEAD_LETTER, OnFailure.DEAD_LETTER);
    }

    @Test
    void otherTablesAreCopied() {
        assertThat(mappings.of(RESULT))
                .containsExactly(TableMapping.copy(RESULT, TableId.target("clinical", "result"), 1));
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
