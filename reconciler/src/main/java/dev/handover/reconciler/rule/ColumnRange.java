package dev.handover.reconciler.rule;

import dev.handover.row.ColumnType;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows, nulls, extremes, different values and, of numbers, the sum of one column; and what is outside its limits. */
final class ColumnRange implements Aggregate {
    /** Different values up to which their number is exact. */
    private static final int DISTINCT_MAX = 10_000;

    private final Rule.Range rule;
    private final ColumnType type;
    private final Optional<Magnitude> lowest;
    private final Optional<Magnitude> highest;
    private final long[] rows = new long[Side.COUNT];
    private final long[] nulls = new long[Side.COUNT];
    private final long[] outside = new long[Side.COUNT];
    private final long[] infinite = new long[Side.COUNT];
    private final BigDecimal[] sums = new BigDecimal[Side.COUNT];
    private final Map<Side, Magnitude> least = new EnumMap<>(Side.class);
    private final Map<Side, Magnitude> greatest = new EnumMap<>(Side.class);
    private final Codes distinct = new Codes(DISTINCT_MAX);

    /** @throws IllegalArgumentException when a limit is none for the column's type */
    ColumnRange(Rule.Range rule, ColumnType type) {
        this.rule = rule;
        this.type = type;
        this.lowest = rule.min().map(text -> Magnitude.parse(type, text));
        this.highest = rule.max().map(text -> Magnitude.parse(type, text));
        Arrays.fill(sums, BigDecimal.ZERO);
    }

    @Override
    public void add(Side side, Optional<Row> row) {
        int place = side.place();
        rows[place]++;
        if (row.isEmpty()) {
            return;
        }
        if (!(row.get().cell(rule.column()) instanceof Value value)) {
            nulls[place]++;
            return;
        }
        if (side == Side.SOURCE || side == Side.TARGET) {
            distinct.add(side, PostgresText.format(value));
        }
        Optional<Magnitude> where = Magnitude.of(type, value);
        if (where.isEmpty()) {
            infinite[place]++;
            outside[place]++;
            return;
        }
        Magnitude magnitude = where.get();
        if (lowest.filter(limit -> magnitude.compareTo(limit) < 0).isPresent()
                || highest.filter(limit -> magnitude.compareTo(limit) > 0).isPresent()) {
            outside[place]++;
        }
        least.merge(side, magnitude, (one, other) -> one.compareTo(other) <= 0 ? one : other);
        greatest.merge(side, magnitude, (one, other) -> one.compareTo(other) >= 0 ? one : other);
        if (Magnitude.isNumber(type)) {
            sums[place] = sums[place].add(magnitude.major());
        }
    }

    @Override
    public List<Measure> measures(Unsettled unsettled) {
        Tolerance tolerance = rule.terms().tolerance();
        List<Measure> measures = new ArrayList<>();
        if (lowest.isPresent() || highest.isPresent()) {
            Amount amount = Amount.of(outside);
            Result within = Assessment.within(
                    amount.target(), Optional.empty(), Optional.of(BigDecimal.valueOf(rule.allowed())), unsettled);
            measures.add(amount.rows("outside", tolerance, unsettled).worse(within));
        }
        measures.add(extreme("least", least, unsettled));
        measures.add(extreme("greatest", greatest, unsettled));
        measures.add(Amount.of(rows).rows("rows", tolerance, unsettled));
        measures.add(Amount.of(nulls).rows("nulls", tolerance, unsettled));
        measures.add(different(unsettled));
        if (Magnitude.isNumber(type)) {
            measures.add(Amount.of(sums).measure("sum", "", tolerance, false, unsettled));
        }
        if (Arrays.stream(infinite).sum() > 0) {
            measures.add(Amount.of(infinite).rows("not finite", tolerance, unsettled));
        }
        return measures;
    }

    /** Extremes have no tolerance of their own: where rows may be missing, they are shown alone. */
    private Measure extreme(String name, Map<Side, Magnitude> extremes, Unsettled unsettled) {
        Optional<Magnitude> source = Optional.ofNullable(extremes.get(Side.SOURCE));
        Optional<Magnitude> target = Optional.ofNullable(extremes.get(Side.TARGET));
        boolean same = source.isPresent() == target.isPresent()
                && source.flatMap(one -> target.map(other -> one.compareTo(other) == 0))
                        .orElse(true);
        return new Measure(
                name,
                "",
                source.map(Magnitude::shown).orElse(Measure.NONE),
                target.map(Magnitude::shown).orElse(Measure.NONE),
                same ? "0" : difference(source, target),
                "",
                rule.terms().tolerance().isNone() ? Assessment.same(same, unsettled) : Result.NOTED);
    }

    private String difference(Optional<Magnitude> source, Optional<Magnitude> target) {
        return Magnitude.isNumber(type) && source.isPresent() && target.isPresent()
                ? Shown.number(target.get().major().subtract(source.get().major()))
                : "differs";
    }

    private Measure different(Unsettled unsettled) {
        long source = distinct.distinct(Side.SOURCE);
        long target = distinct.distinct(Side.TARGET);
        if (distinct.overflowed()) {
            String many = DISTINCT_MAX + "+";
            return new Measure("distinct", "values", many, many, "", "", Result.NOTED);
        }
        return new Measure(
                "distinct",
                "values",
                Long.toString(source),
                Long.toString(target),
                Long.toString(target - source),
                "",
                rule.terms().tolerance().isNone() ? Assessment.same(source == target, unsettled) : Result.NOTED);
    }
}
