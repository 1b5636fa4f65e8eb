package dev.handover.reconciler.rule;

import java.util.List;
import java.util.Objects;

/**
 * What came of one rule.
 *
 * @param kind count, range, distribution, orphans or query
 * @param table the target table, {@code schema.name}; empty where a rule is not about one
 * @param then what follows unless it passed
 * @param result the worst of all measures, those that are not listed included
 * @param measures in the order of the rule; of many codes or rows, first those that do not pass
 * @param inFlight rows that were on their way between the two snapshots, or that could not be judged
 * @param place of the snapshots that the numbers are of
 * @param detail why there is no number, or what is not listed; without values, and empty where there is nothing to say
 */
public record RuleReport(
        String name,
        String kind,
        String table,
        Consequence then,
        Result result,
        List<Measure> measures,
        long inFlight,
        Place place,
        String detail) {
    /** Measures of one rule that are listed. */
    static final int MEASURES_MAX = 100;

    public RuleReport {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(then, "then");
        Objects.requireNonNull(result, "result");
        measures = List.copyOf(measures);
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(detail, "detail");
    }

    /** Of a rule that could not be looked at. */
    public static RuleReport unanswered(Rule rule, String why) {
        return of(rule, List.of(), 0, Place.NOWHERE, why);
    }

    /** Of all its measures; none at all leave a rule undetermined. */
    public static RuleReport of(Rule rule, List<Measure> measures, long inFlight, Place place, String detail) {
        Result worst = measures.stream().map(Measure::result).reduce(Result.NOTED, Result::or);
        int more = measures.size() - MEASURES_MAX;
        return new RuleReport(
                rule.terms().name(),
                rule.kind(),
                rule.tables().size() == 1 ? rule.tables().get(0).shortText() : "",
                rule.terms().then(),
                worst == Result.NOTED ? Result.UNDETERMINED : worst,
                more > 0 ? measures.subList(0, MEASURES_MAX) : measures,
                inFlight,
                place,
                more > 0 ? (detail.isEmpty() ? "" : detail + "; ") + more + " more are not listed" : detail);
    }
}
