package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the file's tables demand of one another and of their own columns, told with line and column. */
final class TableChecksTest {
    // smallest.yaml, and one line that says "tables:"
    private static final int ABOVE = (int) Samples.text("smallest.yaml").lines().count() + 1;

    @Test
    void oneSourceTableMayBecomeSeveralTargets() {
        assertThat(read("""
                  - {from: pas.public.visit, to: clinical.encounter}
                  - {from: pas.public.visit, to: clinical.location}
                """).tables()).hasSize(2);
    }

    @Test
    void severalSourceTablesMayBecomeOneTargetWhereAConstantTellsThemApart() {
        assertThat(read("""
                  - {from: pas.public.a, to: clinical.stay, targetKey: [kind, id], columns: {kind: {constant: a}, "*": {from: "*"}}}
                  - {from: pas.public.b, to: clinical.stay, targetKey: [kind, id], columns: {kind: {constant: b}, "*": {from: "*"}}}
                  - {from: pas.public.c, to: clinical.stay, targetKey: [kind, id], columns: {kind: {constant: c}, "*": {from: "*"}}}
                """).tables()).hasSize(3);
    }

    @Test
    void theSameConstantTellsNothingApart() {
        assertThat(places("""
                  - {from: pas.public.a, to: clinical.stay, targetKey: [kind, id], columns: {kind: {constant: a}, "*": {from: "*"}}}
                  - {from: pas.public.b, to: clinical.stay, targetKey: [kind, id], columns: {kind: {constant: b}, "*": {from: "*"}}}
                  - {from: pas.public.c, to: clinical.stay, targetKey: [kind, id], columns: {kind: {constant: a}, "*": {from: "*"}}}
                """)).containsExactly("3:56 duplicate-name tables[2].targetKey");
    }

    @Test
    void oneTargetWithoutKeysOrWithOtherKeysOrTwiceIsRefused() {
        assertThat(places("""
                  - {from: pas.public.a, to: clinical.stay}
                  - {from: pas.public.b, to: clinical.stay}
                  - {from: pas.public.c, to: clinical.other, targetKey: [kind, id], columns: {kind: {constant: a}, "*": {from: "*"}}}
                  - {from: pas.public.d, to: clinical.other, targetKey: [id, kind], columns: {kind: {constant: b}, "*": {from: "*"}}}
                  - {from: pas.public.c, to: clinical.other}
                  - {from: pas.public.e, to: clinical.third, key: [x]}
                  - {from: pas.public.e, to: clinical.fourth, key: [y]}
                """))
                .containsExactly(
                        "2:30 duplicate-name tables[1].to",
                        "4:57 duplicate-name tables[3].targetKey",
                        "5:30 duplicate-name tables[4].to",
                        "7:52 value tables[6].key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{from: a, parse: yyyyMMdd, case: upper, timezone: UTC} | .timezone | UTC}} | timezone cannot take date",
                "{from: a, parse: decimal, phone: US} | .phone | US}} | phone cannot take decimal",
                "{from: a, charset: {as: klingon}} | .charset | {as: klingon}}} | unknown character set klingon",
                "{from: a, sentinels: {x: y}, decimal: {precision: 2, scale: 1}} | .decimal | {precision: | decimal cannot take",
                "{from: a, decimal: {precision: 2, scale: 3}} | .decimal.scale | 3}}} | above the precision",
                "{from: a, split: {separator: x, part: 0}} | .split | {separator: | parts count from 1",
                "{from: a, parse: nonsense} | .parse | nonsense}} | not a pattern",
                "{from: a, timezone: Mars/Phobos} | .timezone | Mars/Phobos}} | unknown time zone",
                "{from: a, phone: ZZ} | .phone | ZZ}} | numbering plan",
                "{from: a, identifier: {system: s, pattern: '('}} | .identifier.pattern | '('}}} | regular expression",
                "{from: a, numbers: {point: ','}} | .numbers | {point: | nothing here reads numbers",
                "{from: a, parse: decimal, numbers: {grouping: '.'}} | .numbers | {grouping: | differ",
                "{constant: x, trim: true} | .trim | true}} | need one source column",
                "{from: a, join: {columns: [b]}} | .join | {columns: | one origin",
                "{part: nobody.low} | .part | nobody.low}} | no column 'nobody' is declared",
            })
    void whatNoSourceColumnCouldGoThroughIsToldAtItsKey(String column, String path, String there, String message) {
        String line = "  - {from: pas.public.t, to: clinical.t, columns: {c: " + column + "}}";
        Problem problem = problems(line + "\n").get(0);
        assertThat(problem.path()).isEqualTo("tables[0].columns.c" + path);
        assertThat(problem.line() - ABOVE).isEqualTo(1);
        assertThat(line.substring(problem.column() - 1)).startsWith(there);
        assertThat(problem.message()).contains(message);
        assertThat(problem.hint()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drop: ['*'] | drop",
                "drop: ['*'], columns: {'*': {from: '*'}} | drop",
                "drop: [b], columns: {a: {join: {columns: [a, b]}}} | columns.a",
                "targetKey: [id], columns: {a: {from: a}} | targetKey",
                "raw: nowhere | raw",
            })
    void aTableDoesNotContradictItself(String keys, String path) {
        assertThat(problems("  - {from: pas.public.t, to: clinical.t, " + keys + "}\n"))
                .extracting(Problem::path)
                .containsExactly("tables[0]." + path);
    }

    @Test
    void whatDoesNotFitTheSourceIsToldAtTheOperationsKey(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("pipeline.yaml");
        String text = Samples.text("smallest.yaml") + "tables:\n  - from: pas.public.t\n    to: clinical.t\n"
                + "    columns:\n      seen: {from: id, timezone: UTC}\n";
        Files.writeString(file, text);
        PipelineFile.refuse(file, List.of());
        InvalidPipeline invalid = catchThrowableOfType(
                InvalidPipeline.class,
                () -> PipelineFile.refuse(
                        file,
                        List.of(
                                new Misfit("tables[0].columns.seen.timezone", "cannot take int8", "correct it"),
                                new Misfit("tables[0].targetKey", "is no copy", "correct it"))));
        assertThat(invalid.problems())
                .extracting(problem -> problem.line() - ABOVE + ":" + problem.column() + " " + problem.code())
                .containsExactly("1:5 mapping", "4:34 mapping");
    }

    private static PipelineConfig read(String tables) {
        return PipelineFile.parse("p", Samples.text("smallest.yaml") + "tables:\n" + tables);
    }

    private static List<Problem> problems(String tables) {
        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> read(tables));
        return invalid.problems();
    }

    private static List<String> places(String tables) {
        return problems(tables).stream()
                .map(problem ->
                        problem.line() - ABOVE + ":" + problem.column() + " " + problem.code() + " " + problem.path())
                .toList();
    }
}
