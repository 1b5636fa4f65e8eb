package dev.handover.deploy.cli;

import dev.handover.reconciler.rule.Measure;
import dev.handover.reconciler.rule.Result;
import dev.handover.reconciler.rule.RuleReport;
import java.util.ArrayList;
import java.util.List;

/** What came of validation rules, as people read it. */
final class RuleGrid {
    private static final List<String> HEADERS =
            List.of("RULE", "MEASURE", "SOURCE", "TARGET", "DIFFERENCE", "PROVED", "RESULT");

    private RuleGrid() {}

    /** With a table of the rules below what is there, if there are any, and a warning for each that does not pass. */
    static Answer below(Answer answer, List<RuleReport> rules) {
        if (rules.isEmpty()) {
            return answer;
        }
        List<List<String>> lines = new ArrayList<>();
        Answer more = answer;
        for (RuleReport rule : rules) {
            rule.measures().forEach(measure -> lines.add(line(rule, measure)));
            if (rule.measures().isEmpty()) {
                lines.add(List.of(rule.name(), "", "", "", "", "", rule.result().code()));
            }
            if (rule.result() != Result.PASSED) {
                more = more.warn(warning(rule));
            }
        }
        return more.grid(HEADERS, lines);
    }

    /** How many rules there are, and how many of them came out which way; empty where there are none. */
    static String summary(List<RuleReport> rules) {
        if (rules.isEmpty()) {
            return "";
        }
        return " rules=" + rules.size() + " failed=" + count(rules, Result.FAILED) + " undetermined="
                + count(rules, Result.UNDETERMINED);
    }

    private static long count(List<RuleReport> rules, Result result) {
        return rules.stream().filter(rule -> rule.result() == result).count();
    }

    private static List<String> line(RuleReport rule, Measure measure) {
        return List.of(
                rule.name(),
                measure.name(),
                measure.source(),
                measure.target(),
                measure.difference(),
                measure.proved(),
                measure.result().code());
    }

    private static String warning(RuleReport rule) {
        return "rule " + rule.name() + " " + rule.result().code()
                + (rule.inFlight() > 0 ? ", with " + rule.inFlight() + " rows in flight" : "")
                + (rule.detail().isEmpty() ? "" : ": " + rule.detail());
    }
}
