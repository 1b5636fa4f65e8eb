package dev.handover.reconciler.rule;

import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import java.util.Optional;

/** One rule over the rows of one target table, as both sides are read. Used by one thread. */
public final class Tally {
    private final Rule.Streamed rule;
    private final Aggregate aggregate;

    private Tally(Rule.Streamed rule, Aggregate aggregate) {
        this.rule = rule;
        this.aggregate = aggregate;
    }

    /** Of rows of that schema. @throws IllegalArgumentException when the rule does not fit it; it names no value */
    public static Tally of(Rule.Streamed rule, TableSchema schema) {
        return new Tally(rule, rule.aggregate(schema));
    }

    public Rule.Streamed rule() {
        return rule;
    }

    /** Takes a row of the source's snapshot, as it is mapped. */
    public void source(Row row) {
        aggregate.add(Side.SOURCE, Optional.of(row));
    }

    /** Takes a row of the target's snapshot; empty for one that cannot be read as what it should be. */
    public void target(Optional<Row> row) {
        aggregate.add(Side.TARGET, row);
    }

    /** Takes the mapped row that the source has under a key that is proved to differ. */
    public void provedSource(Row row) {
        aggregate.add(Side.PROVED_SOURCE, Optional.of(row));
    }

    /** Takes the row that the target has under such a key; empty for one that cannot be read. */
    public void provedTarget(Optional<Row> row) {
        aggregate.add(Side.PROVED_TARGET, row);
    }

    /** What has come together. */
    public RuleReport report(Unsettled unsettled, Place place) {
        return RuleReport.of(rule, aggregate.measures(unsettled), unsettled.moved(), place, aggregate.detail());
    }
}
