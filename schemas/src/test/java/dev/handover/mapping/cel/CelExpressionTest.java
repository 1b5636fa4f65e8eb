package dev.handover.mapping.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handover.mapping.ColumnMapping.Expression;
import dev.handover.mapping.InvalidExpression;
import dev.handover.mapping.InvalidExpression.Issue;
import dev.handover.mapping.InvalidExpression.Spot;
import dev.handover.mapping.RowRule;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.CodeMapBuilder;
import dev.handover.mapping.code.InvalidCodeMap;
import dev.handover.mapping.code.KeyPart;
import dev.handover.mapping.code.Place;
import dev.handover.mapping.code.Relation;
import dev.handover.mapping.code.Several;
import dev.handover.mapping.code.Target;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.Samples;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelExpressionTest {
    private static final CodeMap KINDS = kinds("numeric");

    private static final TableSchema TABLE = new TableSchema(
            TableId.parse("pas.public.visit"),
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("age", ColumnType.of(Kind.INT32), true),
                    new Column("name", ColumnType.text(40), true),
                    new Column("born", ColumnType.of(Kind.DATE), true),
                    new Column("dose", ColumnType.decimal(20, 4), true),
                    new Column("weight", ColumnType.of(Kind.FLOAT64), true),
                    new Column("alive", ColumnType.of(Kind.BOOLEAN), true),
                    new Column("scan", ColumnType.of(Kind.BYTES), true),
                    new Column("serial", ColumnType.of(Kind.UINT64), true),
                    new Column("In Use", ColumnType.text(5), true),
                    new Column("none", ColumnType.text(5), true)),
            List.of("id"));

    private static final Row ROW = new Row(
            TABLE,
            List.of(
                    new Value.Int(7),
                    new Value.Int(44),
                    new Value.Text(" Ortega"),
                    new Value.Text("1943-02-28"),
                    new Value.Decimal("0.1000"),
                    new Value.Real(71.5),
                    new Value.Bool(true),
                    new Value.Bytes(new byte[] {1, 2}),
                    new Value.Decimal("18446744073709551615"),
                    new Value.Text("yes"),
                    Cell.NULL));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "row.age + 1 | bigint 45",
                "row.weight * 2.0 | double precision 143.0",
                "row.name.trim().upperAscii() | text ORTEGA",
                "row.name.substring(1, 3) | text Or",
                "row.alive | boolean t",
                "row.scan | bytea \\x0102",
                "row.dose | numeric 0.1000",
                "row.none | text null",
                "row.none == null ? 'nobody' : row.none | text nobody",
                "has(row.none) | boolean f",
                "has(row.name) | boolean t",
                "blank(row.none) && !blank(row.name) | boolean t",
                "row.`In Use` | text yes",
                "row.born < '1950-01-01' | boolean t",
                "row.age in [1, 44] | boolean t",
                "[1, 2, 3].exists(n, n * 22 == row.age) | boolean t",
                "row.name.matches('^ [A-Z]') | boolean t",
                // exact where a double is not
                "row.dose + decimal('0.2') | numeric 0.3000",
                "row.dose + decimal('0.2') == decimal('0.3') | boolean t",
                "row.dose * 3 | numeric 0.3000",
                "1 - row.dose > row.dose | boolean t",
                "row.dose == null | boolean f",
                "row.serial | numeric 18446744073709551615",
                "row.serial > 9223372036854775807 | boolean t",
                "string(row.dose) + ' g' | text 0.1000 g",
                "decimal(row.age) == decimal('44.0') | boolean t",
            })
    void anExpressionHasTheTypeAndTheValueThatItSays(String text, String expected) {
        Expression.Bound expression = new CelExpression(text, Optional.empty()).bind(TABLE);
        assertThat(expression.type().postgres() + " " + text(expression.evaluate(ROW)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "row.zzz | 1:4 undefined field 'zzz'",
                "nope | 1:1 undeclared reference to 'nope'",
                "now() | 1:4 undeclared reference to 'now'",
                "random() | 1:7 undeclared reference to 'random'",
                "row.age + 'x' | 1:9 found no matching overload for '+' applied to '(int, string)'",
                "row.age + 1.5 | 1:9 found no matching overload for '+' applied to '(int, double)'",
                // what would lose digits
                "row.dose / 3 | 1:10 found no matching overload for '/' applied to '(decimal, int)'",
                "row.dose * 0.5 | 1:10 found no matching overload for '*' applied to '(decimal, double)'",
                "row.dose < 0.5 | 1:10 found no matching overload for '<' applied to '(decimal, double)'",
                "double(row.dose) | 1:7 found no matching overload for 'double' applied to '(decimal)'",
                "row | 1:1 name a column of the row",
                "[1].exists(row, row > 0) | 1:11 the name row is taken: call the element otherwise",
                "[row.age] | 1:1 gives list, which is no value of a column",
                "dyn(row.age) | 1:1 gives a value of any type: declare the column's with  type",
                "timestamp('2024-01-01T00:00:00Z') | 1:1 gives google.protobuf.Timestamp, which is no value of a column",
            })
    void whatDoesNotFitIsRefusedAtItsPlace(String text, String expected) {
        InvalidExpression invalid = catchThrowableOfType(
                InvalidExpression.class, () -> new CelExpression(text, Optional.empty()).bind(TABLE));
        Issue first = invalid.issues().get(0);
        assertThat(first.at().line() + ":" + first.at().character() + " " + first.fact())
                .isEqualTo(expected);
    }

    @Test
    void theGrammarIsCheckedWithoutATable() {
        CelExpression.check("row.nobody_knows > 3");
        InvalidExpression invalid =
                catchThrowableOfType(InvalidExpression.class, () -> CelExpression.check("row.age >\n  3 +"));
        assertThat(invalid.issues().get(0).at()).isEqualTo(new InvalidExpression.Spot(2, 6));
    }

    @Test
    void everyMistakeOfAnExpressionIsToldWithItsLine() {
        InvalidExpression invalid = catchThrowableOfType(InvalidExpression.class, () -> new CelExpression(
                        "row.age > 3\n  && row.nam == 'x'\n  && row.bron == null", Optional.empty())
                .bind(TABLE));
        assertThat(invalid.issues())
                .extracting(issue -> issue.at().line() + ":" + issue.at().character())
                .containsExactly("2:9", "3:9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "DATE | row.born | 1943-02-28",
                "DATE | '2024-02-30' | refused",
                "DATE | '2024-2-3' | refused",
                "DATE | row.born == null ? null : row.born | 1943-02-28",
                "TIMESTAMP | row.born + ' 10:30' | 1943-02-28 10:30:00",
                "TIMESTAMP | '2024-01-31T10:00:00.250' | 2024-01-31 10:00:00.25",
                "TIMESTAMP | '2024-01-31 10:00:00.0000001' | refused",
                "TIMESTAMPTZ | '2024-01-31 10:00:00+02' | 2024-01-31 08:00:00+00",
                "TIMESTAMPTZ | '2024-01-31 10:00:00' | refused",
                "TIME | '24:00:00' | refused",
                "TIME | '07:05' | 07:05:00",
                "UUID | '6BA7B810-9DAD-11D1-80B4-00C04FD430C8' | 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                "UUID | '1-1-1-1-1' | refused",
                "INT16 | row.age * 1000 | refused",
                "INT32 | row.dose * 10 | 1",
                "INT32 | row.dose | refused",
                "UINT64 | row.serial + 1 | refused",
                "UINT64 | -1 | refused",
                "FLOAT32 | 0.5 | 0.5",
                "FLOAT32 | 0.1 | refused",
                "TEXT | row.age > 3 ? dyn('adult') : null | adult",
                "TEXT | row.age > 300 ? dyn('adult') : null | null",
                "TEXT | row.age > 3 ? dyn(3) : null | refused",
                "INT64 | null | null",
                "INT64 | row.age / 0 | refused",
                "INT64 | row.age + 9223372036854775807 | refused",
                "INT64 | int(row.name) | refused",
                "INT64 | size(row.none) | refused",
                "TEXT | row.name.substring(90) | refused",
                "DECIMAL | decimal('1e9') | refused",
            })
    void aDeclaredTypeIsTakenStrictly(Kind kind, String text, String expected) {
        Expression.Bound expression = new CelExpression(text, Optional.of(ColumnType.of(kind))).bind(TABLE);
        assertThat(expression.type().kind()).isEqualTo(kind);
        if (expected.equals("refused")) {
            assertThatThrownBy(() -> expression.evaluate(ROW))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasNoCause()
                    .message()
                    .doesNotContain("Ortega")
                    .doesNotContain("2024");
        } else {
            assertThat(text(expression.evaluate(ROW))).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.10", "0.12, 0.12", "0.123, refused", "1000, refused", "-999.99, -999.99"})
    void aDeclaredScaleNeitherRoundsNorOverflows(String number, String expected) {
        Expression.Bound expression =
                new CelExpression("decimal('" + number + "')", Optional.of(ColumnType.decimal(5, 2))).bind(TABLE);
        if (expected.equals("refused")) {
            assertThatThrownBy(() -> expression.evaluate(ROW)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(text(expression.evaluate(ROW))).isEqualTo(expected);
        }
    }

    @Test
    void aTextIsNotCutToItsColumn() {
        Expression.Bound expression = new CelExpression("row.name", Optional.of(ColumnType.text(5))).bind(TABLE);
        assertThatThrownBy(() -> expression.evaluate(ROW)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'x' | BOOLEAN",
                "1 | TEXT",
                "1.5 | DECIMAL",
                "1.5 | INT64",
                "row.dose | FLOAT64",
                "true | INT16",
                "'2024-01-01' | JSONB"
            })
    void aDeclaredTypeThatNoResultHasIsRefusedAtOnce(String text, Kind kind) {
        CelExpression expression = new CelExpression(text, Optional.of(ColumnType.of(kind)));
        assertThatThrownBy(() -> expression.bind(TABLE)).isInstanceOf(InvalidExpression.class);
    }

    @Test
    void anExpressionReadsTheColumnsThatItSelectsAndNoOthers() {
        Expression.Bound expression = new CelExpression(
                        "has(row.none) ? row.name : [row.born].map(b, b + string(row.age))[0]", Optional.empty())
                .bind(TABLE);
        assertThat(expression.reads()).isEqualTo(Set.of("none", "name", "born", "age"));
    }

    /** A column of any kind has a type in CEL, and passes as it is or as its canonical text. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindCanBeRead(Kind kind) {
        ColumnType type = kind == Kind.NATIVE ? ColumnType.postgres("int4range") : ColumnType.of(kind);
        TableSchema schema = new TableSchema(
                TableId.parse("a.b.c"),
                List.of(new Column("id", ColumnType.of(Kind.INT64), false), new Column("v", type, true)),
                List.of("id"));
        Expression.Bound expression = new CelExpression("row.v", Optional.empty()).bind(schema);
        Samples samples = new Samples(3);
        int read = 0;
        for (int i = 0; i < 200; i++) {
            Value value = samples.value(type);
            if (!List.of("NaN", "Infinity", "-Infinity").contains(CanonicalText.of(value))
                    || value instanceof Value.Real) {
                Cell made = expression.evaluate(new Row(schema, List.of(new Value.Int(1), value)));
                assertThat(made).isEqualTo(CanonicalText.as(expression.type(), value));
                read++;
            }
        }
        assertThat(read).isPositive();
        assertThat(expression.evaluate(new Row(schema, List.of(new Value.Int(1), Cell.NULL))))
                .isEqualTo(Cell.NULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void aDecimalThatIsNoNumberGivesNoAnswer(String odd) {
        List<Cell> cells = new ArrayList<>(ROW.cells());
        cells.set(TABLE.ordinal("dose"), new Value.Decimal(odd));
        Expression.Bound expression = new CelExpression("row.dose > 1", Optional.empty()).bind(TABLE);
        assertThatThrownBy(() -> expression.evaluate(new Row(TABLE, cells)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anExpressionThatTakesTooLongGivesNoAnswer() {
        String tens = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
        String text = "%s.all(a, %s.all(b, %s.all(c, %s.all(d, %s.all(e, true)))))".replace("%s", tens);
        Expression.Bound expression = new CelExpression(text, Optional.empty()).bind(TABLE);
        assertThatThrownBy(() -> expression.evaluate(ROW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ITERATION_BUDGET_EXCEEDED");
    }

    @Test
    void anExpressionThatIsTooLongOrTooDeepIsRefused() {
        CelExpression tooLong =
                new CelExpression("'" + "x".repeat(CelProgram.EXPRESSION_CHARACTERS_MAX) + "'", Optional.empty());
        CelExpression tooDeep = new CelExpression("(".repeat(1_500) + "1" + ")".repeat(1_500), Optional.empty());
        assertThatThrownBy(() -> tooLong.bind(TABLE)).isInstanceOf(InvalidExpression.class);
        assertThatThrownBy(() -> tooDeep.bind(TABLE)).isInstanceOf(InvalidExpression.class);
    }

    @Test
    void oneProgramServesManyThreads() throws Exception {
        Expression.Bound expression =
                new CelExpression("row.name.trim() + string(row.age)", Optional.empty()).bind(TABLE);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Long>> wrong = Stream.of(1, 2, 3, 4)
                    .map(start -> pool.submit(() -> wrong(expression, start)))
                    .toList();
            for (Future<Long> each : wrong) {
                assertThat(each.get()).isZero();
            }
        } finally {
            pool.shutdown();
        }
    }

    private static long wrong(Expression.Bound expression, int start) {
        long wrong = 0;
        for (int i = 0; i < 5_000; i++) {
            List<Cell> cells = new ArrayList<>(ROW.cells());
            cells.set(TABLE.ordinal("age"), new Value.Int(start * 10_000L + i));
            Cell made = expression.evaluate(new Row(TABLE, cells));
            wrong += made.equals(new Value.Text("Ortega" + (start * 10_000L + i))) ? 0 : 1;
        }
        return wrong;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"row.age > 18 | true", "row.name == 'x' | false", "row.alive | true", "row.none == 'x' | false"})
    void aRuleSaysWhetherARowStays(String text, boolean stays) {
        assertThat(new CelRule(text).bind(TABLE).test(ROW)).isEqualTo(stays);
    }

    @Test
    void aRuleThatGivesNullIsNoAnswer() {
        RowRule.Predicate.Bound rule = new CelRule("row.alive").bind(TABLE);
        List<Cell> cells = new ArrayList<>(ROW.cells());
        cells.set(TABLE.ordinal("alive"), Cell.NULL);
        assertThatThrownBy(() -> rule.test(new Row(TABLE, cells))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"row.age", "'x'", "null", "dyn(true)"})
    void aRuleThatIsNoQuestionIsRefused(String text) {
        assertThatThrownBy(() -> new CelRule(text).bind(TABLE)).isInstanceOf(InvalidExpression.class);
    }

    @Test
    void expressionsOfTheSameTextAndTypeAreEqual() {
        assertThat(new CelExpression("row.age", Optional.empty()))
                .isEqualTo(new CelExpression("row.age", Optional.empty()))
                .isNotEqualTo(new CelExpression("row.age", Optional.of(ColumnType.of(Kind.INT16))));
        assertThat(new CelRule("row.alive")).isEqualTo(new CelRule("row.alive"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "code('kinds', row.age) | text numeric",
                "code('kinds', row.age + 1) | text coded",
                "code('kinds', string(row.age)) | text numeric",
                "code('kinds', dyn(row.age)) | text numeric",
                "code('kinds', row.id) | text null",
                "code('kinds', row.none) | text null",
                "code('kinds', null) | text null",
                // several, a wider one, none
                "code('kinds', 46) | text null",
                "code('kinds', 47) | text null",
                "code('kinds', 48) | text null",
                "code('kinds', row.age) == 'numeric' && row.weight != null | boolean t",
                "code('kinds', row.id) == null | boolean t",
                "code('kinds', row.age) in ['coded', 'numeric'] | boolean t",
            })
    void codeGivesTheOneCodeThatMeansTheSameOrNull(String text, String expected) {
        Expression.Bound expression = new CelExpression(text, Optional.empty(), Map.of("kinds", KINDS)).bind(TABLE);
        assertThat(expression.type().postgres() + " " + text(expression.evaluate(ROW)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "code('sorts', row.age) | 1:6 no map of codes is named 'sorts'",
                "code(row.name, row.age) | 1:9 name the map as a text: code('map', row.column)",
                "code('kinds', row.weight) | 1:18 a code is a text or a whole number, and this is double",
                "code('kinds', row.dose) | 1:18 a code is a text or a whole number, and this is decimal",
                "code('pairs', row.age) | 1:6 map pairs is looked up by 2 texts, and code takes one",
                "code('kinds') | 1:5 found no matching overload for 'code' applied to '(string)'",
            })
    void whatCodeCannotLookUpIsRefusedAtItsPlace(String text, String expected) {
        Map<String, CodeMap> maps = Map.of("kinds", KINDS, "pairs", map("pairs", "code", "version"));
        InvalidExpression invalid = catchThrowableOfType(
                InvalidExpression.class, () -> new CelExpression(text, Optional.empty(), maps).bind(TABLE));
        Issue first = invalid.issues().get(0);
        assertThat(first.at().line() + ":" + first.at().character() + " " + first.fact())
                .isEqualTo(expected);
    }

    @Test
    void theMapsOfAnExpressionAreKnownWithoutATable() {
        assertThat(CelExpression.maps("code('a', row.x) == 'y'\n || code('b', row.x) == code('a', row.z)"))
                .isEqualTo(Map.of("a", new Spot(1, 6), "b", new Spot(2, 10)));
        assertThat(CelExpression.maps("row.code == 'code(1, 2)'")).isEmpty();
    }

    @Test
    void rulesAreEqualWhereTheirMapsAre() {
        CelRule rule = new CelRule("code('kinds', row.age) == 'coded'", Map.of("kinds", KINDS));
        assertThat(rule)
                .isEqualTo(new CelRule(rule.text(), Map.of("kinds", kinds("numeric"))))
                .isNotEqualTo(new CelRule(rule.text(), Map.of("kinds", kinds("text"))));
        assertThat(rule.bind(TABLE).test(ROW)).isFalse();
    }

    private static CodeMap kinds(String of44) {
        CodeMapBuilder builder =
                CodeMap.builder("kinds").key(KeyPart.of("concept")).several(Several.CHOICE);
        Map.of("44", of44, "45", "coded")
                .forEach((code, kind) ->
                        builder.target(Place.NOWHERE, List.of(code), Target.of(kind, "", Relation.EQUIVALENT)));
        builder.target(Place.NOWHERE, List.of("46"), Target.of("coded", "", Relation.EQUIVALENT));
        builder.target(Place.NOWHERE, List.of("46"), Target.of("numeric", "", Relation.EQUIVALENT));
        builder.target(Place.NOWHERE, List.of("47"), Target.of("numeric", "", Relation.WIDER));
        return built(builder);
    }

    private static CodeMap map(String name, String... key) {
        return built(CodeMap.builder(name)
                .key(Stream.of(key).map(KeyPart::of).toList())
                .nothing(Place.NOWHERE, List.of(key)));
    }

    private static CodeMap built(CodeMapBuilder builder) {
        try {
            return builder.build();
        } catch (InvalidCodeMap wrong) {
            throw new AssertionError(wrong);
        }
    }

    private static String text(Cell cell) {
        return cell instanceof Value.Bool bool
                ? bool.value() ? "t" : "f"
                : cell instanceof Value value ? CanonicalText.of(value) : "null";
    }
}
