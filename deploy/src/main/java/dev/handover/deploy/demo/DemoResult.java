package dev.handover.deploy.demo;

import dev.handover.reconciler.rule.RuleReport;
import java.util.List;
import java.util.Locale;

/**
 * What a demonstration showed.
 *
 * @param verdict converged, diverged or undetermined
 * @param rows rows compared at the source
 * @param changes changes of the stream that reached the target, the stale ones included
 * @param stale changes that found the target at their position or beyond
 * @param notUnderstood what mappings found in values, as the target's ledger counts it
 * @param lagP50Millis from the source's commit to the target's, within 10 %
 */
public record DemoResult(
        String verdict,
        int tables,
        long rows,
        long changes,
        long stale,
        long deadLetters,
        long divergences,
        double loadSeconds,
        long lagP50Millis,
        long lagP99Millis,
        String run,
        List<Table> details,
        List<String> findings,
        List<Noted> notUnderstood,
        List<RuleReport> rules) {
    public DemoResult {
        details = List.copyOf(details);
        findings = List.copyOf(findings);
        notUnderstood = List.copyOf(notUnderstood);
        rules = List.copyOf(rules);
    }

    /**
     * One source table of the summary, and what it becomes.
     *
     * @param name of the target table, which several source tables may become
     * @param inserted of the whole target table, as are the counts after it up to the dead
     */
    public record Table(
            String name,
            String source,
            long sourceRows,
            long targetRows,
            long inserted,
            long updated,
            long deleted,
            long stale,
            long dead,
            long divergences,
            String verdict) {}

    /**
     * What was found in the values of one column, and how often.
     *
     * @param kind such as unmapped
     * @param examples shapes of values
     */
    public record Noted(String table, String column, String kind, long count, List<String> examples) {
        public Noted {
            examples = List.copyOf(examples);
        }
    }

    /** The line that ends a demonstration. */
    public String line() {
        return "verdict: " + verdict.toUpperCase(Locale.ROOT) + "  tables=" + tables + " rows=" + rows + " changes="
                + changes + " stale=" + stale + " dead-letters=" + deadLetters + " divergences=" + divergences;
    }
}
