package dev.handover.reconciler;

import dev.handover.reconciler.explain.Explanation;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a run found about one table.
 *
 * @param sourceTable {@code database.schema.name}
 * @param targetTable {@code schema.name}
 * @param verdict of this table alone
 * @param sourceRows rows read at the source
 * @param targetRows rows read at the target
 * @param matches keys under which both sides were seen to hold the same row
 * @param parked rows of the source that the mapping rejects, and that open dead letters stand for
 * @param kinds proved divergences, counted by {@link Divergence.Kind#code()}
 * @param inFlight keys that could not be judged
 * @param deadLettersOpen keys of this table with an open dead letter
 * @param divergences the first of them
 * @param explanations where the divergences concentrate, by kind
 * @param findings what is wrong or worth knowing about the table as a whole
 * @param settled position below which every change was in the last snapshot of the source that was needed, or empty
 * @param high position that is above every change in that snapshot
 * @param applied the least position that a partition of the table was applied up to when it was last looked at, or
 *     empty
 * @param sums what both sides add up to
 * @param millis time spent on the table's rows
 */
public record TableReport(
        String sourceTable,
        String targetTable,
        Verdict verdict,
        long sourceRows,
        long targetRows,
        long matches,
        long parked,
        Map<String, Long> kinds,
        long inFlight,
        long deadLettersOpen,
        List<Divergence> divergences,
        List<Explanation> explanations,
        List<Finding> findings,
        String settled,
        String high,
        String applied,
        Sums sums,
        long millis) {
    public TableReport {
        Objects.requireNonNull(sourceTable, "sourceTable");
        Objects.requireNonNull(targetTable, "targetTable");
        Objects.requireNonNull(verdict, "verdict");
        kinds = Map.copyOf(kinds);
        divergences = List.copyOf(divergences);
        explanations = List.copyOf(explanations);
        Objects.requireNonNull(sums, "sums");
        findings = List.copyOf(findings);
    }

    /** Proved divergences of all kinds. */
    public long divergent() {
        return kinds.values().stream().mapToLong(Long::longValue).sum();
    }
}
