package dev.handover.mapping.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handover.mapping.code.InvalidCodeMap.Problem;
import dev.handover.mapping.code.Translation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvCodesTest {
    private static final CsvLayout LAYOUT = CsvLayout.of("target")
            .withDisplay("display")
            .withRelation("relation")
            .withPart("part");

    @Test
    void quotesSeparatorsAndLineEndsInsideAFieldArePartOfIt() throws InvalidCodeMap {
        assertThat(fields("a,\"b,\"\"c\"\"\r\nd\",\r\n\n\"\",x y \n", ','))
                .containsExactly(List.of("a", "b,\"c\"\r\nd", ""), List.of("", "x y "));
        assertThat(fields("\uFEFFa;b,c\rd;\"\"\"\"", ';')).containsExactly(List.of("a", "b,c"), List.of("d", "\""));
        assertThat(fields("a\tb", '\t')).containsExactly(List.of("a", "b"));
        assertThat(fields("", ',')).isEmpty();
    }

    @Test
    void everyFieldKnowsItsPlaceEvenAfterALineEndInQuotes() throws InvalidCodeMap {
        Csv csv = new Csv("\uFEFFa,b\n\"x\r\ny\",z\n1,\"2\"\n", ',');
        List<Place> places = new ArrayList<>();
        for (Optional<List<Csv.Field>> row = csv.next(); row.isPresent(); row = csv.next()) {
            row.get().forEach(field -> places.add(field.place()));
        }

        assertThat(places)
                .containsExactly(
                        new Place(1, 1),
                        new Place(1, 3),
                        new Place(2, 1),
                        new Place(3, 4),
                        new Place(4, 1),
                        new Place(4, 3));
    }

    @ParameterizedTest
    @CsvSource({
        "'a,b\n1,x\"y\n',    2, 4",
        "'a,b\n1,\"x\" y\n', 2, 6",
        "'a,b\n1,\"x\n',     2, 3",
    })
    void whatTheRfcDoesNotAllowIsRefusedAtItsPlace(String text, int line, int column) {
        InvalidCodeMap refused = catchThrowableOfType(InvalidCodeMap.class, () -> fields(text, ','));

        assertThat(refused.problems())
                .singleElement()
                .extracting(Problem::place)
                .isEqualTo(new Place(line, column));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0730,A70,,same,               | 2 | 11 | relation | not a relation",
                "0730,A70,,Wider,              | 2 | 11 | relation | not a relation",
                "0730,,,wider,                 | 2 | 6  | target   | no target code",
                "0730,A70,,no-map,             | 2 | 6  | target   | a target or part where the row says that there is none",
                "0730,,,null,1.1               | 2 | 6  | target   | a target or part where the row says that there is none",
                "0730,A70,,wider,1             | 2 | 1  | part     | not a part",
                "0730,A70,,wider,0.1           | 2 | 1  | part     | not a part",
                "0730,A70,,wider               | 2 | 1  | ''       | 4 fields under 5 columns"
            })
    void aRowThatMakesNoSenseIsRefusedWithLineColumnAndRemedy(
            String row, int line, int column, String where, String fact) {
        CodeMapBuilder builder = CodeMap.builder("test").key(KeyPart.of("code"));
        InvalidCodeMap refused = catchThrowableOfType(InvalidCodeMap.class, () -> {
            CsvCodes.read("code,target,display,relation,part\n" + row + "\n", LAYOUT, builder);
            builder.build();
        });

        assertThat(refused.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.place()).isEqualTo(new Place(line, column));
            assertThat(problem.where()).isEqualTo(where);
            assertThat(problem.fact()).isEqualTo(fact).doesNotContain("A70");
            assertThat(problem.hint()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                             | the file is empty",
                "'code,target,display,relation\n' | the header has no such column",
                "'code;target;display;relation;part\n' | the header has no such column",
                "'code,code,target,display,relation,part\n' | two columns have this name",
                "'code,target,display,relation,part\n' | holds no code"
            })
    void aHeaderThatIsNotTheDeclaredOneIsRefused(String text, String fact) {
        CodeMapBuilder builder = CodeMap.builder("test").key(KeyPart.of("code"));
        InvalidCodeMap refused = catchThrowableOfType(InvalidCodeMap.class, () -> {
            CsvCodes.read(text, LAYOUT, builder);
            builder.build();
        });

        assertThat(refused.problems()).singleElement().extracting(Problem::fact).isEqualTo(fact);
    }

    @Test
    void aTargetMayBeDeclaredToStandForNone() throws InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder("race").key(KeyPart.of("name"));
        CsvCodes.read("name,id\nASIAN,8515\nUNKNOWN,0\n", CsvLayout.of("id").withNoMap("0"), builder);
        CodeMap map = builder.build();

        assertThat(map.lookup("ASIAN").kind()).isEqualTo(Kind.EXACT);
        assertThat(map.lookup("UNKNOWN").kind()).isEqualTo(Kind.NO_MAP);
    }

    @Test
    void afterAHundredProblemsTheRestIsCounted() {
        CodeMapBuilder builder = CodeMap.builder("test").key(KeyPart.of("code"));
        InvalidCodeMap refused = catchThrowableOfType(InvalidCodeMap.class, () -> {
            CsvCodes.read("code,target\n" + "x,y\n".repeat(151), CsvLayout.of("target"), builder);
            builder.build();
        });

        assertThat(refused.problems()).hasSize(InvalidCodeMap.PROBLEMS_MAX + 1);
        assertThat(refused.problems().get(InvalidCodeMap.PROBLEMS_MAX).fact()).isEqualTo("and 50 more");
    }

    @ParameterizedTest
    @CsvSource({
        "00000, 'false false 0 0'",
        "10000, 'true false 0 0'",
        "11000, 'true true 0 0'",
        "01000, 'false true 0 0'",
        "10112, 'true false 1 2'",
        "00161, 'false false 6 1'"
    })
    void theFlagsOfAGemAreFiveDigits(String digits, String meaning) {
        GemFlags flags = GemFlags.parse(digits).orElseThrow();

        assertThat(flags.approximate() + " " + flags.noMap() + " " + flags.scenario() + " " + flags.part())
                .isEqualTo(meaning);
    }

    @Test
    void flagsThatContradictEachOtherAreNone() {
        assertThat(List.of(
                        "", "0000", "000000", "20000", "10010", "10001", "10100", "10110", "10101", "11111", "1000x"))
                .allSatisfy(digits -> assertThat(GemFlags.parse(digits)).isEmpty());
    }

    @Test
    void theTextThatCmsPublishesIsRead() throws InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder("gem").key(KeyPart.of("code", KeyForm.ICD9_DOT));
        GemText.read("""
                0010  A000    00000\r
                0020  A0100   10000
                E8500 NoDx    11000

                0730  A70     10111
                0730  J17     10112
                00589 A054    10000
                00589 A058    10000
                """, builder);
        CodeMap map = builder.build();

        assertThat(map.lookup("001.0").kind()).isEqualTo(Kind.EXACT);
        assertThat(map.lookup("002.0").kind()).isEqualTo(Kind.APPROXIMATE);
        assertThat(map.lookup("E850.0").kind()).isEqualTo(Kind.NO_MAP);
        assertThat(map.lookup("073.0").kind()).isEqualTo(Kind.COMBINATION);
        assertThat(map.lookup("005.89").kind()).isEqualTo(Kind.CHOICE);
        assertThat(map.size()).isEqualTo(5);
    }

    @Test
    void aGemThatIsNoneIsRefusedByLine() {
        CodeMapBuilder builder = CodeMap.builder("gem").key(KeyPart.of("code"));
        GemText.read("0010  A000    00000\n0020  A0100   00100\n0030 A020\n", builder);
        InvalidCodeMap refused = catchThrowableOfType(InvalidCodeMap.class, builder::build);

        assertThat(refused.problems()).extracting(Problem::place).containsExactly(new Place(2, 15), new Place(3, 1));
    }

    @Test
    void aLayoutThatContradictsItselfIsNone() {
        assertThatThrownBy(() -> CsvLayout.of("t").separatedBy('|')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CsvLayout.of("t").withFlags("f").withPart("p"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(CsvLayout.of("t").withNoMap("0").noMap()).isEqualTo(Set.of("0"));
    }

    private static List<List<String>> fields(String text, char separator) throws InvalidCodeMap {
        Csv csv = new Csv(text, separator);
        List<List<String>> rows = new ArrayList<>();
        for (Optional<List<Csv.Field>> row = csv.next(); row.isPresent(); row = csv.next()) {
            rows.add(row.get().stream().map(Csv.Field::text).toList());
        }
        return rows;
    }
}
