package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.config.Misfit;
import dev.handover.transform.version.UsedVersion;
import dev.handover.transform.version.VersionLog.Recorded;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Versions as marks: {@code 2b} is version 2 with the meaning b, and {@code 1copy} the copy of a table that nobody
 * declared.
 */
class VersionRulesTest {
    private static final String SOURCE = "pas.public.person";
    private static final String TARGET = "clinical.person";
    private static final String RAISE = "raise mappingVersion to ";

    @ParameterizedTest
    @CsvSource({
        // used before, in order; the file's; the remedy, and what the message says
        "'',         1a, ,  ",
        "'',         3a, ,  ",
        "1a,         1a, ,  ",
        "1a,         2b, ,  ",
        "1a,         2a, ,  ",
        "1a,         9b, ,  ",
        "1a,         1b, 2, still has version 1",
        "1a 2b,      2b, ,  ",
        "1a 2b,      2c, 3, still has version 2",
        "1a 2b,      2a, 3, still has version 2",
        "1a 2b,      1a, 3, version 2 has been used",
        "1a 2b,      1c, 3, version 2 has been used",
        "1a 3b,      2c, 4, version 3 has been used",
        "1a 3b,      4a, ,  ",
        // two processes with two files: who was first is right
        "2b 2c,      2b, ,  ",
        "2b 2c,      2c, 3, still has version 2",
        "3b 1a,      1a, 4, version 3 has been used",
    })
    void aVersionMeansOneThing(String used, String now, Integer remedy, String says) {
        List<Misfit> misfits =
                rules(recorded(used), Optional.of(now), TARGET, false).misfits();

        if (remedy == null) {
            assertThat(misfits).isEmpty();
        } else {
            assertThat(misfits).hasSize(1);
            assertThat(misfits.get(0).path()).isEqualTo("tables[0].mappingVersion");
            assertThat(misfits.get(0).message()).contains(SOURCE, TARGET, says);
            assertThat(misfits.get(0).hint()).startsWith(RAISE + remedy + ",");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // whether the transform has read the table; the target table of a copy; the file's; the remedy
        "true,  clinical.person, 1a,    2",
        "true,  clinical.person, 1copy, ",
        "true,  clinical.person, 2a,    ",
        "false, clinical.person, 1a,    ",
        "true,  public.person,   1a,    ",
        "true,  ,                1a,    ",
    })
    void aTableThatWasCopiedBeforeItWasDeclaredHadVersionOne(
            boolean read, String copiedTo, String now, Integer remedy) {
        Recorded others = new Recorded(true, List.of(version("pas.public.other", "clinical.other", "1a")), Set.of());

        List<Misfit> misfits = rules(others, Optional.of(now), copiedTo, read).misfits();

        assertThat(misfits.stream().map(Misfit::hint))
                .hasSize(remedy == null ? 0 : 1)
                .allMatch(hint -> hint.startsWith(RAISE + remedy + ","));
    }

    @Test
    void theFirstStartOfAPipelineThatRanBeforeOnlyWritesDown() {
        VersionRules rules = rules(Recorded.NONE, Optional.of("3a"), TARGET, true);

        assertThat(rules.misfits()).isEmpty();
        assertThat(rules.unrecorded()).containsExactly(version(SOURCE, TARGET, "3a"));
    }

    @Test
    void aFirstStartThatWasInterruptedIsRepeatedAsOne() {
        Recorded interrupted =
                new Recorded(false, List.of(version("pas.public.other", "clinical.other", "1a")), Set.of());

        assertThat(rules(interrupted, Optional.of("1a"), TARGET, true).misfits())
                .isEmpty();
    }

    @Test
    void aVersionThatIsWrittenDownIsNotWrittenAgain() {
        assertThat(rules(recorded("1a 2b"), Optional.of("2b"), TARGET, true).unrecorded())
                .isEmpty();
        assertThat(rules(recorded("1a 2b"), Optional.of("3b"), TARGET, true).unrecorded())
                .containsExactly(version(SOURCE, TARGET, "3b"));
    }

    @ParameterizedTest
    @CsvSource({
        // used before; the target table of a copy; the remedy
        "1a,        clinical.person, 2",
        "1a 3b,     clinical.person, 4",
        "1copy,     clinical.person, ",
        "1a,        public.person,   ",
        "1a 3b,     ,                ",
        "'',        clinical.person, ",
    })
    void aTableThatIsNoLongerDeclaredIsACopyUnderVersionOne(String used, String copiedTo, Integer remedy) {
        List<Misfit> misfits =
                rules(recorded(used), Optional.empty(), copiedTo, true).misfits();

        if (remedy == null) {
            assertThat(misfits).isEmpty();
        } else {
            assertThat(misfits).hasSize(1);
            assertThat(misfits.get(0).path()).isEqualTo("tables");
            assertThat(misfits.get(0).message()).contains("no longer stands under tables");
            assertThat(misfits.get(0).hint()).contains("declare it", RAISE + remedy + ",");
        }
    }

    @Test
    void aSecondTargetOfATableBeginsAnew() {
        VersionRules rules = new VersionRules(
                List.of(
                        new VersionRules.Declared("tables[0]", version(SOURCE, TARGET, "2b")),
                        new VersionRules.Declared("tables[1]", version(SOURCE, "clinical.second", "1a"))),
                recorded("2b"),
                undeclared(Optional.of("clinical.second"), true));

        assertThat(rules.misfits()).isEmpty();
    }

    private static VersionRules rules(Recorded recorded, Optional<String> now, String copiedTo, boolean read) {
        return new VersionRules(
                now.stream()
                        .map(mark ->
                                new VersionRules.Declared("tables[0].mappingVersion", version(SOURCE, TARGET, mark)))
                        .toList(),
                recorded,
                undeclared(Optional.ofNullable(copiedTo), read));
    }

    private static VersionRules.Undeclared undeclared(Optional<String> target, boolean read) {
        return new VersionRules.Undeclared() {
            @Override
            public Optional<String> target(String source) {
                return source.equals(SOURCE) ? target : Optional.empty();
            }

            @Override
            public boolean used(String source) {
                return read;
            }

            @Override
            public String copy() {
                return "copy";
            }
        };
    }

    private static Recorded recorded(String marks) {
        return new Recorded(
                true,
                Arrays.stream(marks.split(" "))
                        .flatMap(mark -> mark.isEmpty() ? Stream.empty() : Stream.of(version(SOURCE, TARGET, mark)))
                        .toList(),
                Set.of());
    }

    private static UsedVersion version(String source, String target, String mark) {
        return new UsedVersion(source, target, Integer.parseInt(mark.substring(0, 1)), mark.substring(1));
    }
}
