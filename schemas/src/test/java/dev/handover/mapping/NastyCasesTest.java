package dev.handover.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.mapping.ColumnMapping.From;
import dev.handover.mapping.ColumnMapping.Joined;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.operation.CharacterSet;
import dev.handover.mapping.operation.Comparator;
import dev.handover.mapping.operation.DecimalScale;
import dev.handover.mapping.operation.Identifier;
import dev.handover.mapping.operation.NumberForm;
import dev.handover.mapping.operation.ParseNumber;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Phone;
import dev.handover.mapping.operation.Sentinels;
import dev.handover.mapping.operation.Split;
import dev.handover.mapping.operation.Translate;
import dev.handover.mapping.operation.Trim;
import dev.handover.mapping.operation.UnicodeForm;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cases that were seen in real clinical databases, as far as the mapping alone decides them. A test's name begins with
 * the number of its case. {@link OneColumn} inverts every mapping that succeeds, so each of these also shows that the
 * source's value is there afterwards; a line tells the value, then "raw" where it is kept beside the row, then what was
 * found.
 */
class NastyCasesTest {
    private static final ColumnType TEXT = ColumnType.of(Kind.TEXT);

    @ParameterizedTest
    @CsvSource({
        "> 7000 (HIGH), 7000 raw",
        "< 6, 6 raw",
        "+++, null raw invalid",
        "O RH+, null raw invalid",
        "Multiple results, null raw invalid",
        "12.50, 12.50"
    })
    void case02ALaboratoryResultIsANumberOrItsRawText(String text, String line) {
        assertThat(OneColumn.of(
                                TEXT,
                                OnFailure.NULL_WITH_RAW,
                                new Comparator(NumberForm.PLAIN, List.of("(HIGH)", "(LOW)")))
                        .map(text)
                        .line())
                .isEqualTo(line);
    }

    @Test
    void case03AgeAndBirthDateThatDisagreeBothArrive() throws MappingMismatch {
        TableSchema schema =
                table(new Column("PAT_AGE", ColumnType.of(Kind.INT32), true), new Column("PAT_BDATE", TEXT, true));
        Mapper mapper = Mapper.bind(
                mapping(
                        new From("age", "PAT_AGE", List.of(), OnFailure.DEAD_LETTER, OnFailure.DEAD_LETTER),
                        new From(
                                "birth_date",
                                "PAT_BDATE",
                                List.of(new ParseTime("yyyy-MM-dd")),
                                OnFailure.DEAD_LETTER,
                                OnFailure.DEAD_LETTER)),
                schema);
        assertThat(cells(mapper, new Value.Int(0), text("1961-05-04"))).containsExactly("0", "1961-05-04");
        assertThat(cells(mapper, new Value.Int(62), Cell.NULL)).containsExactly("62", "null");
    }

    @Test
    void case04ABackslashInATelephoneNumberIsNoNumberAndIsKept() {
        OneColumn column = OneColumn.of(TEXT, OnFailure.KEEP_RAW, new Phone("ES"));
        assertThat(column.map("+3451231\\234").line()).isEqualTo("+3451231\\234 raw invalid");
        assertThat(OneColumn.of(TEXT).map("+3451231\\234").line()).isEqualTo("+3451231\\234");
    }

    @Test
    void case05ATypingErrorIsNotCorrected() {
        assertThat(OneColumn.of(TEXT).map("6months 0ld").line()).isEqualTo("6months 0ld");
        assertThat(OneColumn.of(
                                TEXT,
                                OnFailure.NULL_WITH_RAW,
                                new ParseNumber(ParseNumber.Form.INTEGER, NumberForm.PLAIN))
                        .map("6months 0ld")
                        .line())
                .isEqualTo("null raw invalid");
    }

    @Test
    void case06KeysThatLookLikeDecimalsStayTexts() {
        Set<String> keys = new HashSet<>();
        for (String key : List.of("03.01", "03.02", "03.022")) {
            assertThat(OneColumn.of(TEXT).map(key).line()).isEqualTo(key);
            keys.add(key);
        }
        assertThat(keys).hasSize(3);
        // a mapping that reads them as numbers keeps what it loses
        assertThat(OneColumn.of(TEXT, new ParseNumber(ParseNumber.Form.DECIMAL, NumberForm.PLAIN))
                        .map("03.01")
                        .line())
                .isEqualTo("3.01 raw");
    }

    @Test
    void case07CodesThatWereRewrittenToWordsMeanTheSame() {
        Map<String, Optional<String>> codes = Map.of(
                "1", Optional.of("major"),
                "2", Optional.of("minor"),
                "MAJOR", Optional.of("major"));
        OneColumn column = OneColumn.of(ColumnType.text(10), Translate.of(codes));
        assertThat(column.map("1").line()).isEqualTo("major raw");
        assertThat(column.map("MAJOR").line()).isEqualTo("major raw");
        assertThat(column.map("2").line()).isEqualTo("minor");
        assertThat(column.map("3").rejected()).isEqualTo("unmapped-code");
    }

    @Test
    void case11And12AZeroDateIsNotTheSameAsNull() throws MappingMismatch {
        TableSchema schema = table(new Column("financial_review", ColumnType.of(Kind.TIMESTAMP), true));
        From reviewed = new From(
                "reviewed_at",
                "financial_review",
                List.of(Sentinels.of(Map.of("0000-00-00 00:00:00", Optional.empty()))),
                OnFailure.DEAD_LETTER,
                OnFailure.DEAD_LETTER);
        Mapper mapper = Mapper.bind(mapping(reviewed), schema);
        MappedRow zero = mapped(mapper, text("0000-00-00 00:00:00"));
        MappedRow none = mapped(mapper, Cell.NULL);
        assertThat(zero.row()).isEqualTo(none.row());
        assertThat(zero.raw()).isEqualTo(Map.of("financial_review", "0000-00-00 00:00:00"));
        assertThat(none.raw()).isEmpty();
    }

    @Test
    void case13OneNumberOnTwoPatientsStaysTwo() throws MappingMismatch {
        TableSchema schema = table(new Column("ss", TEXT, true));
        From ssn = new From(
                "ssn",
                "ss",
                List.of(new Identifier("http://hl7.org/fhir/sid/us-ssn", "-", Optional.of("[0-9]{9}"))),
                OnFailure.NULL_WITH_RAW,
                OnFailure.DEAD_LETTER);
        Mapper mapper = Mapper.bind(mapping(ssn), schema);
        MappedRow dashed = mapped(mapper, text("555-11-1111"));
        MappedRow bare = mapped(mapper, text("555111111"));
        assertThat(dashed.row().cell("ssn")).isEqualTo(bare.row().cell("ssn"));
        assertThat(dashed.raw()).isEqualTo(Map.of("ss", "555-11-1111"));
        assertThat(bare.raw()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Female, female", "Male, male", "'', null raw unmapped"})
    void case14AnEmptySexIsNotInvented(String sex, String line) {
        Map<String, Optional<String>> codes = Map.of("Female", Optional.of("female"), "Male", Optional.of("male"));
        assertThat(OneColumn.of(TEXT, OnFailure.NULL_WITH_RAW, Translate.of(codes))
                        .map(sex)
                        .line())
                .isEqualTo(line);
        // 'Mr.' beside 'Female' is for people to judge
        assertThat(OneColumn.of(TEXT).map("Mr.").line()).isEqualTo("Mr.");
    }

    @ParameterizedTest
    @CsvSource({"71.4, 71.40", "0.0, null raw sentinel", "0.1, 0.10", "180.34, 180.34"})
    void case19AWeightOfZeroWasNotTakenAndAFloatIsWhatItsDatabaseShows(String weight, String line) {
        OneColumn column = OneColumn.of(
                ColumnType.of(Kind.FLOAT32),
                Sentinels.of(Map.of("0.00", Optional.empty())),
                new DecimalScale(5, 2, RoundingMode.UNNECESSARY));
        assertThat(column.map(weight).line()).isEqualTo(line);
    }

    @Test
    void case21LeadingZerosAndBackslashesSurvive() {
        OneColumn vaccine =
                OneColumn.of(TEXT, new Identifier("http://hl7.org/fhir/sid/cvx", "", Optional.of("[0-9]{3}")));
        assertThat(vaccine.map("024").line()).isEqualTo("024");
        assertThat(OneColumn.of(TEXT).map("^\\d{3}\\s$ {\"a\": \"\\n\"}").line())
                .isEqualTo("^\\d{3}\\s$ {\"a\": \"\\n\"}");
    }

    @Test
    void case24AZeroDateOfDeathMeansAlive() {
        OneColumn death = OneColumn.of(ColumnType.of(Kind.DATE), Sentinels.of(Map.of("0000-00-00", Optional.empty())));
        assertThat(death.map("0000-00-00").line()).isEqualTo("null raw sentinel");
        assertThat(death.map("1970-01-01").line()).isEqualTo("1970-01-01");
        // without a word about it, it is a dead letter and not a date
        assertThat(OneColumn.of(ColumnType.of(Kind.DATE)).map("0000-00-00").rejected())
                .isEqualTo("unrepresentable");
    }

    @Test
    void case25ABlankIsNeitherNullNorEmpty() {
        OneColumn copied = OneColumn.of(TEXT);
        assertThat(copied.map(" ").text())
                .isEqualTo(" ")
                .isNotEqualTo(copied.map("").text());
        OneColumn cleaned = OneColumn.of(TEXT, Sentinels.of(Map.of(" ", Optional.empty())));
        assertThat(cleaned.map(" ").line()).isEqualTo("null raw sentinel");
        assertThat(cleaned.map("").line()).isEmpty();
    }

    @Test
    void case27Utf8InALatin1ColumnIsRepairedAndItsBytesAreThere() {
        OneColumn column = OneColumn.of(TEXT, CharacterSet.repaired("windows-1252", "UTF-8"));
        assertThat(column.map("MÃ¼llerian duct").line()).isEqualTo("Müllerian duct");
        OneColumn bytes = OneColumn.of(ColumnType.of(Kind.BYTES), CharacterSet.of("UTF-8", "windows-1252"));
        assertThat(bytes.map(new Value.Bytes("Müllerian".getBytes(StandardCharsets.UTF_8)))
                        .line())
                .isEqualTo("Müllerian");
    }

    @Test
    void case28WhatWasDamagedBeforeStaysAsItIs() {
        assertThat(OneColumn.of(TEXT, CharacterSet.repaired("windows-1252", "UTF-8"))
                        .map("CïTE D IVOIRE")
                        .line())
                .isEqualTo("CïTE D IVOIRE raw fallback");
    }

    @Test
    void case29PaddingGoesAndAnEntityStays() {
        OneColumn column = OneColumn.of(TEXT, new Trim());
        assertThat(column.map("SENILITY   ").line()).isEqualTo("SENILITY raw");
        assertThat(column.map("HODGKIN&#146;S DISEASE").line()).isEqualTo("HODGKIN&#146;S DISEASE");
    }

    @Test
    void case30ABirthDateOfThreeTextsIsJoinedAndItsPartsAreKept() throws MappingMismatch {
        TableSchema schema = table(
                new Column("year_of_birth", TEXT, true),
                new Column("month_of_birth", TEXT, true),
                new Column("date_of_birth", TEXT, true));
        Mapper mapper = Mapper.bind(
                mapping(new Joined("birth", List.of("year_of_birth", "month_of_birth", "date_of_birth"), "-")), schema);
        MappedRow mapped = mapped(mapper, text("1815"), text("03"), text("07"));
        assertThat(mapped.row().cell("birth")).isEqualTo(text("1815-03-07"));
        assertThat(mapped.raw())
                .isEqualTo(Map.of("year_of_birth", "1815", "month_of_birth", "03", "date_of_birth", "07"));
        OneColumn renewed =
                OneColumn.of(ColumnType.of(Kind.DATE), Sentinels.of(Map.of("2051-01-05", Optional.of("infinity"))));
        assertThat(renewed.map("2051-01-05").line()).isEqualTo("infinity sentinel");
    }

    @Test
    void case31ProseIsCopiedAndAnEmptyTypeIsCounted() {
        String prose = "in mmol/L (nn.n) Range:2.0-12.0";
        assertThat(OneColumn.of(TEXT).map(prose).line()).isEqualTo(prose);
        assertThat(OneColumn.of(TEXT, OnFailure.NULL_WITH_RAW, Translate.of(Map.of("A1C", Optional.of("4548-4"))))
                        .map("")
                        .line())
                .isEqualTo("null raw unmapped");
    }

    @Test
    void case32ABlankMiddleNameIsNotPadding() {
        assertThat(OneColumn.of(TEXT).map(" ").line()).isEqualTo(" ");
        // char(n) travels without the blanks that pad it, on both sides
        ColumnType padded = new ColumnType(Kind.CHAR, 38, 0, "char");
        OneColumn uuid = OneColumn.of(padded, new Trim());
        assertThat(uuid.map(PostgresText.parse(padded, "da7f524f-27ce-4bb2-86d6-6d1d05312bd5  "))
                        .line())
                .isEqualTo("da7f524f-27ce-4bb2-86d6-6d1d05312bd5");
    }

    @ParameterizedTest
    @CsvSource({
        "___, null raw sentinel, null, null",
        "2.0, 2.0, null, null",
        "2, 2, null, null",
        "35/., null raw invalid, null, null",
        "0-2, null raw, 0, 2",
        ">300, 300 raw, null, null",
        ">=1.035, 1.035 raw, null, null",
        "=>16, 16 raw, null, null"
    })
    void case33ResultsAsMimicWritesThem(String text, String line, String low, String high) {
        OneColumn.Result result = OneColumn.of(
                        TEXT,
                        OnFailure.NULL_WITH_RAW,
                        Sentinels.of(Map.of("___", Optional.empty())),
                        new Comparator(NumberForm.PLAIN, List.of()))
                .map(text);
        assertThat(result.line()).isEqualTo(line);
        assertThat(result.text("low")).isEqualTo(low);
        assertThat(result.text("high")).isEqualTo(high);
    }

    @Test
    void case34AnEmptyUnitAndABlankOneDifferAndADateMayBeFarAhead() {
        OneColumn unit = OneColumn.of(TEXT, Sentinels.of(Map.of(" ", Optional.of(""))));
        assertThat(unit.map(" ").line()).isEqualTo(" sentinel");
        assertThat(unit.map("").line()).isEqualTo(" raw");
        assertThat(OneColumn.of(TEXT, new ParseTime("yyyy-MM-dd HH:mm:ss"))
                        .map("2202-12-31 23:59:00")
                        .line())
                .isEqualTo("2202-12-31 23:59:00");
    }

    @Test
    void case35DosesNumbersAndListsOfAPrescription() {
        OneColumn ndc = OneColumn.of(
                TEXT,
                Sentinels.of(Map.of("0", Optional.empty())),
                new Identifier("http://hl7.org/fhir/sid/ndc", "", Optional.of("[0-9]{11}")));
        assertThat(ndc.map("0").line()).isEqualTo("null raw sentinel");
        assertThat(ndc.map("00074729501").line()).isEqualTo("00074729501");
        OneColumn gsn = OneColumn.of(TEXT, new Split(" ", 1, true));
        assertThat(gsn.map("001723 019412 ").line()).isEqualTo("001723 raw");
        OneColumn dose = OneColumn.of(TEXT, new Comparator(new NumberForm(",", "."), List.of()));
        assertThat(dose.map("500,000").line()).isEqualTo("500000");
        assertThat(dose.map("50-100").text("high")).isEqualTo("100");
        OneColumn amount = OneColumn.of(TEXT, new ParseNumber(ParseNumber.Form.DECIMAL, NumberForm.PLAIN));
        assertThat(amount.map("2.0000001043081284").line()).isEqualTo("2.0000001043081284");
    }

    @Test
    void case36UnitsThatLookAlikeAndADateThatIsReadOneWay() {
        OneColumn unit = OneColumn.of(TEXT, new Trim(), new UnicodeForm(Normalizer.Form.NFKC));
        assertThat(unit.map("\u00b5mol/l").text())
                .isEqualTo(unit.map("\u03bcmol/l").text());
        assertThat(unit.map("\u00b5mol/l").raw()).isEqualTo("\u00b5mol/l");
        assertThat(unit.map("mmol/l 24h ").line()).isEqualTo("mmol/l 24h raw");
        // the letter l for the letter I is for a map of local units to know
        assertThat(unit.map("mlU/ml").line()).isEqualTo("mlU/ml");
        OneColumn date = OneColumn.of(TEXT, new ParseTime("dd/MM/yyyy"));
        assertThat(date.map("24/07/1971").line()).isEqualTo("1971-07-24");
        assertThat(date.map("10/10/1990").line()).isEqualTo("1990-10-10");
        assertThat(date.map("07/24/1971").rejected()).isEqualTo("unparsable");
    }

    @ParameterizedTest
    @CsvSource({"10939881000119105", "16335031000119103"})
    void aCodeBeyondTheDigitsOfADoubleIsExact(String code) {
        assertThat(OneColumn.of(TEXT, new ParseNumber(ParseNumber.Form.INTEGER, NumberForm.PLAIN))
                        .map(code)
                        .line())
                .isEqualTo(code);
        assertThat(OneColumn.of(ColumnType.of(Kind.INT64), new DecimalScale(18, 0, RoundingMode.UNNECESSARY))
                        .map(code)
                        .line())
                .isEqualTo(code);
    }

    private static TableSchema table(Column... columns) {
        List<Column> all = new ArrayList<>(List.of(new Column("id", ColumnType.of(Kind.INT64), false)));
        all.addAll(List.of(columns));
        return new TableSchema(TableId.parse("legacy.public.t"), all, List.of("id"));
    }

    private static TableMapping mapping(ColumnMapping... columns) {
        List<ColumnMapping> all = new ArrayList<>(List.of(From.copy("id", "id")));
        all.addAll(List.of(columns));
        return new TableMapping(
                TableId.parse("legacy.public.t"), TableId.target("clinical", "t"), 1, all, Rest.RAW, Set.of());
    }

    private static MappedRow mapped(Mapper mapper, Cell... cells) {
        List<Cell> all = new ArrayList<>(List.of(new Value.Int(1)));
        all.addAll(List.of(cells));
        Row row = new Row(mapper.source(), all);
        return mapper.map(row)
                .fold(
                        found -> {
                            MappedRow mapped = (MappedRow) found;
                            assertThat(mapper.invert(mapped.row(), mapped.raw()))
                                    .isEqualTo(row);
                            return mapped;
                        },
                        rejection -> {
                            throw new AssertionError("rejected: " + rejection);
                        });
    }

    private static List<String> cells(Mapper mapper, Cell... cells) {
        MappedRow mapped = mapped(mapper, cells);
        return mapped.row().cells().stream()
                .skip(1)
                .map(cell -> cell instanceof Value value ? dev.handover.row.CanonicalText.of(value) : "null")
                .toList();
    }

    private static Cell text(String text) {
        return new Value.Text(text);
    }
}
