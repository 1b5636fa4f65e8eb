package dev.handover.reconciler.certificate;

import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Sums;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import dev.handover.reconciler.rule.Consequence;
import dev.handover.reconciler.rule.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a comparison of now says of a certificate. Databases move on, so that only where both digests are still those
 * that were certified the document is proved again; where rows changed since, and both sides hold the same ones now,
 * the changes went the same way; where they differ, it does not hold any more.
 *
 * @param problems what does not hold of the document itself, or of the pipeline; empty where nothing is wrong
 */
public record Recheck(List<Table> tables, List<String> problems) {
    public Recheck {
        tables = List.copyOf(tables);
        problems = List.copyOf(problems);
    }

    /** What became of a table. */
    public enum State {
        /** Both sides hold the very rows that were certified. */
        UNCHANGED,
        /** Rows changed since, and every row is equal now. */
        CHANGED_AND_EQUAL,
        /** A difference is proved. */
        DIFFER,
        /** Something could not be judged. */
        UNDETERMINED;

        /** Lower case words, as tables and JSON write it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** A table, with the sums that were certified and those of now. */
    public record Table(String source, String target, State state, Sums certified, Sums now) {}

    /** Of a document that was altered, or certifies nothing. */
    public static Recheck refused(String problem) {
        return new Recheck(List.of(), List.of(problem));
    }

    /** Holds a certificate against a comparison of its tables. */
    public static Recheck of(Certificate certificate, RunReport now) {
        List<Table> tables = new ArrayList<>();
        for (Certificate.Table certified : certificate.tables()) {
            tables.add(now.tables().stream()
                    .filter(table -> table.sourceTable().equals(certified.source())
                            && table.targetTable().equals(certified.target()))
                    .findFirst()
                    .map(found -> new Table(
                            certified.source(),
                            certified.target(),
                            state(certified, found),
                            certified.sums(),
                            found.sums()))
                    .orElseGet(() -> new Table(
                            certified.source(), certified.target(), State.UNDETERMINED, certified.sums(), Sums.NONE)));
        }
        List<String> problems = new ArrayList<>();
        now.rules().stream()
                .filter(rule -> rule.then() == Consequence.FAIL && rule.result() != Result.PASSED)
                .forEach(rule ->
                        problems.add("rule " + rule.name() + " " + rule.result().code()));
        now.findings().stream()
                .filter(finding -> finding.effect() != Verdict.CONVERGED)
                .forEach(finding -> problems.add(finding.text()));
        return new Recheck(tables, problems);
    }

    private static State state(Certificate.Table certified, TableReport found) {
        return switch (found.verdict()) {
            case DIVERGED -> State.DIFFER;
            case UNDETERMINED -> State.UNDETERMINED;
            case CONVERGED -> same(certified.sums(), found.sums()) ? State.UNCHANGED : State.CHANGED_AND_EQUAL;
        };
    }

    private static boolean same(Sums certified, Sums now) {
        return certified.sourceRows() == now.sourceRows()
                && certified.source().equals(now.source())
                && certified.targetRows() == now.targetRows()
                && certified.target().equals(now.target());
    }

    /** Whether the certificate holds. */
    public boolean holds() {
        return problems.isEmpty()
                && !tables.isEmpty()
                && tables.stream()
                        .allMatch(
                                table -> table.state() == State.UNCHANGED || table.state() == State.CHANGED_AND_EQUAL);
    }
}
