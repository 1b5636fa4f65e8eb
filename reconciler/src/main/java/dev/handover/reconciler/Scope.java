package dev.handover.reconciler;

import dev.handover.reconciler.rule.Rule;
import dev.handover.row.TableId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run is about.
 *
 * @param tables the tables that are compared
 * @param left source tables that are left out on purpose, each with the reason; they are listed in the report. A table
 *     of the source that is in neither is found by the reconciler itself, and the verdict cannot be converged.
 * @param rules what must hold besides
 * @param asked the target tables that the run is restricted to; empty where it is of the whole pipeline
 */
public record Scope(List<TablePair> tables, Map<TableId, String> left, List<Rule> rules, Set<String> asked) {
    public Scope {
        asked = Set.copyOf(asked);
        tables = List.copyOf(tables);
        left = Map.copyOf(left);
        rules = List.copyOf(rules);
    }

    /** Of the whole pipeline. */
    public Scope(List<TablePair> tables, Map<TableId, String> left, List<Rule> rules) {
        this(tables, left, rules, Set.of());
    }

    /** Of the whole pipeline, without rules. */
    public Scope(List<TablePair> tables, Map<TableId, String> left) {
        this(tables, left, List.of());
    }
}
