package dev.handover.reconciler.rule;

import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts rows by the code in one column. */
final class CodeCount implements Aggregate {
    /** Codes that are counted one by one. */
    private static final int CODES_MAX = 10_000;
    /** A column of more values than this holds no codes, and its values are not shown. */
    private static final int SHOWN_MAX = 1_000;

    private final Rule.Distribution rule;
    private final Codes codes = new Codes(CODES_MAX);
    private final long[] unreadable = new long[Side.COUNT];

    CodeCount(Rule.Distribution rule) {
        this.rule = rule;
    }

    @Override
    public void add(Side side, Optional<Row> row) {
        if (row.isEmpty()) {
            unreadable[side.place()]++;
        } else {
            codes.add(
                    side,
                    row.get().cell(rule.column()) instanceof Value value ? PostgresText.format(value) : Codes.NULL);
        }
    }

    @Override
    public List<Measure> measures(Unsettled unsettled) {
        List<Map.Entry<String, long[]>> all = new ArrayList<>(codes.counts().entrySet());
        all.sort(Comparator.<Map.Entry<String, long[]>>comparingLong(entry -> -entry.getValue()[Side.SOURCE.place()])
                .thenComparing(Map.Entry::getKey));
        List<Measure> measures = new ArrayList<>();
        for (Map.Entry<String, long[]> entry : all) {
            measures.add(measure(name(entry.getKey(), measures.size() + 1), entry.getValue(), unsettled));
        }
        if (codes.overflowed()) {
            measures.add(measure("(all other codes)", codes.others(), unsettled));
        }
        if (unreadable[Side.TARGET.place()] > 0 || unreadable[Side.PROVED_TARGET.place()] > 0) {
            measures.add(measure("(unreadable)", unreadable, unsettled));
        }
        // those that do not pass first; the sort keeps the order otherwise
        measures.sort(Comparator.comparing(Measure::result).reversed());
        return measures.isEmpty() ? List.of(measure("(no row)", new long[Side.COUNT], unsettled)) : measures;
    }

    private Measure measure(String name, long[] counts, Unsettled unsettled) {
        return Amount.of(counts).rows(name, rule.terms().tolerance(), unsettled);
    }

    private String name(String code, int number) {
        if (code.equals(Codes.NULL)) {
            return "(null)";
        }
        return isOfCodes() ? Shown.code(code) : "value " + number;
    }

    private boolean isOfCodes() {
        return codes.counts().size() <= SHOWN_MAX;
    }

    @Override
    public String detail() {
        return isOfCodes() ? "" : "more than " + SHOWN_MAX + " different values are no codes, and are not shown";
    }
}
