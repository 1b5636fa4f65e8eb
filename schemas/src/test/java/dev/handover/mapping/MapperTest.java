package dev.handover.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.mapping.ColumnMapping.Constant;
import dev.handover.mapping.ColumnMapping.From;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Translate;
import dev.handover.mapping.operation.Trim;
import dev.handover.mapping.operation.Zoned;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapperTest {
    private static final TableId SOURCE = TableId.parse("pas.public.patient");
    private static final TableId TARGET = TableId.target("clinical", "patient");
    private static final TableSchema PATIENT = new TableSchema(
            SOURCE,
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("dob", ColumnType.text(8), true),
                    new Column("sex_cd", ColumnType.text(1), true),
                    new Column("seen", ColumnType.of(Kind.TIMESTAMP), true),
                    new Column("note", ColumnType.of(Kind.TEXT), true)),
            List.of("id"));

    @Test
    void withoutDeclarationsEveryColumnIsCopied() throws MappingMismatch {
        Mapper mapper = Mapper.bind(TableMapping.copy(SOURCE, TARGET, 1), PATIENT);
        MappedRow mapped = accepted(mapper.map(row("19700101", "M", "2024-01-01 10:00:00", "x")));
        assertThat(mapped.row().cells())
                .isEqualTo(row("19700101", "M", "2024-01-01 10:00:00", "x").cells());
        assertThat(mapped.row().schema().table()).isEqualTo(TARGET);
        assertThat(mapped.raw()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "19431231, 1943-12-31, -",
                "19430230, -, UNPARSABLE",
                "00000000, -, UNPARSABLE",
                "'', -, UNPARSABLE",
                "-, -, -",
            })
    void aBirthDateIsParsedStrictly(@Nullable String text, @Nullable String date, @Nullable Reason reason)
            throws MappingMismatch {
        assertMapped(from("birth_date", "dob", new ParseTime("yyyyMMdd")), row(text, "M", null, null), date, reason);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"M, male, -", "F, female, -", "X, -, UNMAPPED_CODE", "U, -, -", "-, -, -"})
    void aCodeIsTranslatedOrRefused(@Nullable String code, @Nullable String meaning, @Nullable Reason reason)
            throws MappingMismatch {
        Map<String, @Nullable String> codes = new HashMap<>();
        codes.put("M", "male");
        codes.put("F", "female");
        codes.put("U", null);
        assertMapped(
                from("sex", "sex_cd", Translate.ofNullable(codes)), row("19700101", code, null, null), meaning, reason);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "2024-01-31 10:00:00.25, 2024-01-31 15:00:00.25+00, -",
                "2024-07-01 00:00:00, 2024-07-01 04:00:00+00, -",
                "2024-03-10 02:30:00, -, UNREPRESENTABLE",
                "2024-11-03 01:30:00, 2024-11-03 05:30:00+00, -",
                "infinity, infinity, -",
                "0000-00-00 00:00:00, -, UNREPRESENTABLE",
            })
    void aLocalTimeBecomesAnInstantUnlessItsClocksSkippedIt(
            @Nullable String local, @Nullable String instant, @Nullable Reason reason) throws MappingMismatch {
        assertMapped(
                from("seen_at", "seen", new Zoned(ZoneId.of("America/New_York"))),
                row("19700101", "M", local, null),
                instant,
                reason);
    }

    @Test
    void stepsFollowOneAnotherAndTheRawTextIsKept() throws MappingMismatch {
        Mapper mapper = mapper(from("birth_date", "dob", new Trim(), new ParseTime("yyyyMMdd")));
        MappedRow mapped = accepted(mapper.map(row(" 19430101 ", "M", null, null)));
        assertThat(mapped.row().cell("birth_date")).isEqualTo(new Value.Text("1943-01-01"));
        assertThat(mapped.raw()).isEqualTo(Map.of("dob", " 19430101 "));
    }

    @Test
    void whatMayBeNulledKeepsItsRawText() throws MappingMismatch {
        Mapper mapper = mapper(new From(
                "birth_date",
                "dob",
                List.of(new ParseTime("yyyyMMdd")),
                OnFailure.NULL_WITH_RAW,
                OnFailure.DEAD_LETTER));
        MappedRow mapped = accepted(mapper.map(row("unknown", "M", null, null)));
        assertThat(mapped.row().cell("birth_date")).isEqualTo(Cell.NULL);
        assertThat(mapped.raw()).isEqualTo(Map.of("dob", "unknown"));
    }

    /** The zero date of a NOT NULL column: MariaDB's way of saying that a patient lives. */
    @Test
    void aColumnWhoseValueMayBeNulledIsNullableEvenWhenItIsOnlyCopied() throws MappingMismatch {
        TableSchema schema = new TableSchema(
                SOURCE,
                List.of(
                        new Column("id", ColumnType.of(Kind.INT64), false),
                        new Column("death_dt", ColumnType.of(Kind.DATE), false)),
                List.of("id"));
        From death = new From("died_on", "death_dt", List.of(), OnFailure.NULL_WITH_RAW, OnFailure.DEAD_LETTER);
        Mapper mapper = Mapper.bind(new TableMapping(SOURCE, TARGET, 1, List.of(death), Rest.COPY, Set.of()), schema);
        MappedRow mapped =
                accepted(mapper.map(new Row(schema, List.of(new Value.Int(1), new Value.Text("0000-00-00")))));
        assertThat(mapper.target().column("died_on").orElseThrow().nullable()).isTrue();
        assertThat(mapped.row().cell("died_on")).isEqualTo(Cell.NULL);
        assertThat(mapped.raw()).isEqualTo(Map.of("death_dt", "0000-00-00"));
    }

    @Test
    void aConstantIsTheSameInEveryRow() throws MappingMismatch {
        Mapper mapper = mapper(new Constant("system", "pas"));
        assertThat(accepted(mapper.map(row("", "", null, ""))).row().cell("system"))
                .isEqualTo(new Value.Text("pas"));
    }

    @ParameterizedTest
    @CsvSource({"a\0b", "\uD800"})
    void textThatPostgresCannotHoldIsRefusedByName(String note) throws MappingMismatch {
        Mapper mapper = Mapper.bind(TableMapping.copy(SOURCE, TARGET, 1), PATIENT);
        assertThat(rejected(mapper.map(row("19700101", "M", null, note))))
                .isEqualTo(new Rejection(Reason.UNREPRESENTABLE, "note"));
    }

    @Test
    void anUnchangedCellIsNeverMapped() throws MappingMismatch {
        Row partial = new Row(PATIENT, List.of(new Value.Int(1), Cell.NULL, Cell.NULL, Cell.NULL, Cell.UNCHANGED));
        Mapper mapper = Mapper.bind(TableMapping.copy(SOURCE, TARGET, 1), PATIENT);
        assertThat(rejected(mapper.map(partial))).isEqualTo(new Rejection(Reason.UNCHANGED_VALUE_UNKNOWN, "note"));
    }

    @Test
    void everyProblemIsNamedAtOnce() {
        TableMapping mapping = new TableMapping(
                SOURCE,
                TARGET,
                1,
                List.of(
                        From.copy("a", "no_such"),
                        from("b", "seen", new Trim()),
                        from("patient_id", "id", Translate.ofNullable(Map.of("1", "2")))),
                Rest.RAW,
                Set.of("gone"));
        MappingMismatch mismatch = catchThrowableOfType(MappingMismatch.class, () -> Mapper.bind(mapping, PATIENT));
        assertThat(mismatch.problems())
                .extracting(MappingMismatch.Problem::column)
                .containsExactly("gone", "a", "b", "id");
    }

    @Test
    void aKeyColumnMayBeRenamedAndTheKeyStaysTheSame() throws MappingMismatch {
        Mapper mapper = mapper(From.copy("patient_id", "id"));
        Row row = row("19700101", "M", null, null);
        assertThat(mapper.target().key()).containsExactly("patient_id");
        assertThat(accepted(mapper.map(row)).row().key()).isEqualTo(row.key());
    }

    private static void assertMapped(From column, Row row, @Nullable String expected, @Nullable Reason reason)
            throws MappingMismatch {
        Outcome<Mapped> outcome = mapper(column).map(row);
        if (reason != null) {
            assertThat(rejected(outcome)).isEqualTo(new Rejection(reason, column.target()));
        } else {
            assertThat(accepted(outcome).row().cell(column.target()))
                    .isEqualTo(expected == null ? Cell.NULL : new Value.Text(expected));
        }
    }

    private static Mapper mapper(ColumnMapping column) throws MappingMismatch {
        return Mapper.bind(new TableMapping(SOURCE, TARGET, 1, List.of(column), Rest.COPY, Set.of()), PATIENT);
    }

    private static From from(String target, String source, Operation... operations) {
        return new From(target, source, List.of(operations), OnFailure.DEAD_LETTER, OnFailure.DEAD_LETTER);
    }

    private static Row row(@Nullable String dob, @Nullable String sex, @Nullable String seen, @Nullable String note) {
        return new Row(PATIENT, List.of(new Value.Int(1), cell(dob), cell(sex), cell(seen), cell(note)));
    }

    private static Cell cell(@Nullable String text) {
        return text == null ? Cell.NULL : new Value.Text(text);
    }

    private static MappedRow accepted(Outcome<Mapped> outcome) {
        return outcome.fold(MappedRow.class::cast, rejection -> {
            throw new AssertionError("rejected: " + rejection);
        });
    }

    private static Rejection rejected(Outcome<Mapped> outcome) {
        return outcome.fold(
                row -> {
                    throw new AssertionError("accepted");
                },
                rejection -> rejection);
    }
}
