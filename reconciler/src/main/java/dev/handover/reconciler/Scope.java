package dev.handover.reconciler;

import dev.handover.reconciler.rule.Rule;
import dev.handover.row.TableId;
import java.util.List;
import java.util.Map;

/**
 * What a run is about.
 *
 * @param tables the tables that are compared
 * @param left source tables that are left out on purpose, each with the reason; they are listed in the report. A table
 *     of the source that is in neither is found by the reconciler itself, and the verdict cannot be converged.
 * @param rules what must hold besides
 */
public record Scope(List<TablePair> tables, Map<TableId, String> left, List<Rule> rules) {
    public Scope {
        tables = List.copyOf(tables);
        left = Map.copyOf(left);
        rules = List.copyOf(rules);
    }

    /** Without rules. */
    public Scope(List<TablePair> tables, Map<TableId, String> left) {
        this(tables, left, List.of());
    }
}
