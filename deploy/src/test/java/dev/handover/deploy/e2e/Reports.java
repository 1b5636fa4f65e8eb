package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import java.util.stream.Collectors;

/** What a report must say. */
final class Reports {
    private Reports() {}

    /** Everything is equal, and nothing else is worth a word; otherwise the failure names tables, kinds and columns. */
    static void assertConverged(RunReport report, int tables) {
        String wrong = report.tables().stream()
                .filter(table -> table.verdict() != Verdict.CONVERGED)
                .map(Reports::text)
                .collect(Collectors.joining("\n"));
        assertThat(wrong).isEmpty();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.CONVERGED);
        assertThat(report.tables()).hasSize(tables);
        assertThat(report.tables())
                .allSatisfy(table -> assertThat(table.targetRows()).isEqualTo(table.sourceRows()));
    }

    private static String text(TableReport table) {
        return table.targetTable() + " " + table.verdict() + " " + table.kinds() + " in flight " + table.inFlight()
                + " dead " + table.deadLettersOpen() + " " + table.findings() + " "
                + table.divergences().stream()
                        .limit(5)
                        .map(each -> each.kind() + " " + each.columns() + " " + each.sourcePosition() + " "
                                + each.targetPosition())
                        .toList();
    }
}
