package dev.handover.reconciler.rule;

import dev.handover.row.Row;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Counts rows. */
final class RowCount implements Aggregate {
    private final Rule.Count rule;
    private final long[] rows = new long[Side.COUNT];

    RowCount(Rule.Count rule) {
        this.rule = rule;
    }

    @Override
    public void add(Side side, Optional<Row> row) {
        rows[side.place()]++;
    }

    @Override
    public List<Measure> measures(Unsettled unsettled) {
        Amount amount = Amount.of(rows);
        Result within = Assessment.within(
                amount.target(),
                rule.limits().least().map(BigDecimal::valueOf),
                rule.limits().most().map(BigDecimal::valueOf),
                unsettled);
        return List.of(amount.rows("rows", rule.terms().tolerance(), unsettled).worse(within));
    }
}
