package dev.handover.sink.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.change.Finding;
import dev.handover.row.TableId;
import dev.handover.sink.batch.FindingLimits.Bound;
import dev.handover.sink.batch.FindingLimits.Breach;
import dev.handover.sink.batch.FindingLimits.Limit;
import dev.handover.sink.batch.FindingLimits.Severity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FindingLimitsTest {
    private static final TableId TABLE = TableId.target("clinical", "patient");
    private static final TableId SOURCE = TableId.parse("pas.public.patient");

    private static Findings.Of of(String column, int version) {
        return new Findings.Of(TABLE, SOURCE, column, Finding.Kind.SENTINEL, version);
    }

    private static Limit limit(String column, int version, String warn, String stop) {
        return new Limit(TABLE, SOURCE, version, column, Finding.Kind.SENTINEL, bound(warn), bound(stop));
    }

    private static Optional<Bound> bound(String text) {
        return text.equals("-") ? Optional.empty() : Optional.of(Bound.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        // warn, stop, count, rows, asked for
        "10,    100,   10,   50,      nothing",
        "10,    100,   11,   50,      WARN 10",
        "10,    100,   101,  101,     STOP 100",
        "-,     0,     1,    1,       STOP 0",
        "0,     -,     9999, 9999,    WARN 0",
        "1%,    5%,    999,  999,     nothing",
        "1%,    5%,    10,   1000,    nothing",
        "1%,    5%,    11,   1000,    WARN 1%",
        "1%,    5%,    51,   1000,    STOP 5%",
        "0.05%, -,     5,    10000,   nothing",
        "0.05%, -,     6,    10000,   WARN 0.05%",
        "5%,    20,    21,   100,     STOP 20",
        "-,     100%,  2001, 1000,    STOP 100%",
    })
    void aLimitIsTheMostThatIsAllowed(String warn, String stop, long count, long rows, String asked) {
        FindingLimits limits = new FindingLimits(List.of(limit("sex", 3, warn, stop)));

        List<Breach> breaches = limits.breaches(List.of(new FindingTotal(of("sex", 3), count, rows)));

        assertThat(breaches.stream()
                        .map(breach -> breach.severity() + " " + breach.bound().text())
                        .findFirst()
                        .orElse("nothing"))
                .isEqualTo(asked);
    }

    @Test
    void anotherVersionColumnOrKindIsNotLimited() {
        FindingLimits limits = new FindingLimits(List.of(limit("sex", 3, "-", "0")));

        assertThat(limits.breaches(List.of(
                        new FindingTotal(of("sex", 2), 5, 5),
                        new FindingTotal(of("race", 3), 5, 5),
                        new FindingTotal(new Findings.Of(TABLE, SOURCE, "sex", Finding.Kind.UNMAPPED, 3), 5, 5))))
                .isEmpty();
    }

    @Test
    void theTablesOwnLimitIsForColumnsWithoutOne() {
        FindingLimits limits = new FindingLimits(List.of(limit("", 1, "-", "0"), limit("sex", 1, "3", "-")));

        assertThat(limits.breaches(
                        List.of(new FindingTotal(of("race", 1), 5, 5), new FindingTotal(of("sex", 1), 5, 5))))
                .extracting(Breach::severity)
                .containsExactly(Severity.STOP, Severity.WARN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "many", "-1", "-1%", "1 %", "1.5"})
    void whatIsNeitherANumberNorAShareIsRefused(String text) {
        assertThatThrownBy(() -> Bound.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
