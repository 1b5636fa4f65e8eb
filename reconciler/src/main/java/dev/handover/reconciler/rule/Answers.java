package dev.handover.reconciler.rule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares what statements answered, as if both answers were of one moment. */
final class Answers {
    private Answers() {}

    /** Two counts, of which the target's has limits. */
    static Rule.Comparison count(
            String name, Terms terms, Optional<Rule.Table> source, Rule.Table target, Limits limits) {
        BigDecimal found = number(target);
        Result result = Assessment.within(
                found, limits.least().map(BigDecimal::valueOf), limits.most().map(BigDecimal::valueOf), Unsettled.NONE);
        return new Rule.Comparison(
                List.of(measure(name, "rows", source.map(Answers::number), found, terms.tolerance())
                        .worse(result)),
                "");
    }

    /** Orphans: fewer than at the source are no failure. */
    static Rule.Comparison orphans(Rule.Orphans rule, Optional<Rule.Table> source, Rule.Table target) {
        BigDecimal found = number(target);
        Optional<BigDecimal> before = source.map(Answers::number);
        BigDecimal tolerated = before.map(rule.terms().tolerance()::of).orElse(BigDecimal.ZERO);
        Optional<BigDecimal> most = before.map(tolerated::add);
        if (rule.allowed().isPresent() || most.isEmpty()) {
            BigDecimal allowed = BigDecimal.valueOf(rule.allowed().orElse(0L));
            most = Optional.of(most.map(allowed::min).orElse(allowed));
        }
        Measure numbers = measure("orphans", "rows", before, found, rule.terms().tolerance());
        return new Rule.Comparison(
                List.of(new Measure(
                        numbers.name(),
                        numbers.unit(),
                        numbers.source(),
                        numbers.target(),
                        numbers.difference(),
                        "",
                        Assessment.within(found, Optional.empty(), most, Unsettled.NONE))),
                "");
    }

    /** Row by row; a row that only one side has differs. */
    static Rule.Comparison compare(Tolerance tolerance, Rule.Table source, Rule.Table target) {
        if (source.columns().size() != target.columns().size()) {
            return new Rule.Comparison(
                    List.of(),
                    "the source's statement has " + source.columns().size() + " columns, the target's "
                            + target.columns().size());
        }
        Map<String, List<String>> before = labelled(source);
        Map<String, List<String>> after = labelled(target);
        Set<String> labels = new LinkedHashSet<>(before.keySet());
        labels.addAll(after.keySet());
        List<Measure> measures = new ArrayList<>();
        for (String label : labels) {
            Optional<List<String>> left = Optional.ofNullable(before.get(label));
            Optional<List<String>> right = Optional.ofNullable(after.get(label));
            int first = target.columns().size() > 1 ? 1 : 0;
            for (int i = first; i < target.columns().size(); i++) {
                int place = i;
                String name = target.columns().size() > 2
                        ? label + ": " + Shown.code(target.columns().get(i))
                        : label;
                measures.add(cell(name, left.map(row -> row.get(place)), right.map(row -> row.get(place)), tolerance));
            }
        }
        measures.sort(Comparator.comparing(Measure::result).reversed());
        // two answers without a row are equal, and that is a result
        return new Rule.Comparison(
                measures.isEmpty()
                        ? List.of(new Measure("(no row)", "rows", "0", "0", "0", "", Result.PASSED))
                        : measures,
                "");
    }

    /** Rows by their first cell, or by their place where it is their only one; equal labels are numbered. */
    private static Map<String, List<String>> labelled(Rule.Table table) {
        List<List<String>> rows = new ArrayList<>();
        table.rows()
                .forEach(row -> rows.add(
                        row.stream().map(cell -> cell.orElse(Codes.NULL)).toList()));
        boolean single = table.columns().size() == 1;
        if (!single) {
            rows.sort(Comparator.comparing(row -> String.join("\0", row)));
        }
        Map<String, List<String>> labelled = new LinkedHashMap<>();
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (List<String> row : rows) {
            String label = single ? "row" : shown(row.get(0));
            int number = seen.merge(label, 1, Integer::sum);
            labelled.put(single || number > 1 ? label + " " + number : label, row);
        }
        return labelled;
    }

    private static Measure cell(String name, Optional<String> source, Optional<String> target, Tolerance tolerance) {
        Optional<BigDecimal> left = source.flatMap(Answers::parsed);
        Optional<BigDecimal> right = target.flatMap(Answers::parsed);
        if (left.isPresent() && right.isPresent()) {
            return measure(name, "", left, right.get(), tolerance);
        }
        boolean same = source.equals(target);
        return new Measure(
                name,
                "",
                source.map(Answers::shown).orElse(Measure.NONE),
                target.map(Answers::shown).orElse(Measure.NONE),
                same ? "0" : "differs",
                "",
                same ? Result.PASSED : Result.FAILED);
    }

    private static Measure measure(
            String name, String unit, Optional<BigDecimal> source, BigDecimal target, Tolerance tolerance) {
        Optional<BigDecimal> difference = source.map(target::subtract);
        boolean close = source.flatMap(
                        number -> difference.map(apart -> apart.abs().compareTo(tolerance.of(number)) <= 0))
                .orElse(true);
        return new Measure(
                name,
                unit,
                source.map(Shown::number).orElse(Measure.NONE),
                Shown.number(target),
                difference.map(Shown::number).orElse(""),
                "",
                close ? Result.PASSED : Result.FAILED);
    }

    private static String shown(String cell) {
        return cell.equals(Codes.NULL) ? "(null)" : Shown.code(cell);
    }

    private static BigDecimal number(Rule.Table table) {
        return table.rows().get(0).get(0).flatMap(Answers::parsed).orElse(BigDecimal.ZERO);
    }

    private static Optional<BigDecimal> parsed(String text) {
        try {
            return text.length() > 400 ? Optional.empty() : Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
