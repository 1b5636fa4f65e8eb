package dev.handover.reconciler;

import dev.handover.position.SourceId;
import dev.handover.reconciler.rule.Rule;
import dev.handover.reconciler.rule.RuleReport;
import dev.handover.reconciler.rule.Tally;
import dev.handover.reconciler.rule.Unsettled;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules of a run: hands the streamed ones to the tables that they are about, and gathers what came of all of them.
 * Used by one thread.
 */
final class Rulebook {
    private final List<Rule> rules;
    private final Map<Rule, Tally> tallies = new LinkedHashMap<>();
    private final Map<Rule, RuleReport> reports = new LinkedHashMap<>();

    Rulebook(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** What adds up the rules of a target table; a rule that does not fit the table is answered with the reason. */
    List<Tally> tallies(TableSchema target) {
        List<Tally> ofTable = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule instanceof Rule.Streamed streamed && streamed.table().equals(target.table())) {
                try {
                    Tally known = tallies.get(rule);
                    Tally tally = known == null ? Tally.of(streamed, target) : known;
                    tallies.put(rule, tally);
                    ofTable.add(tally);
                } catch (IllegalArgumentException e) {
                    reports.put(rule, RuleReport.unanswered(rule, String.valueOf(e.getMessage())));
                }
            }
        }
        return ofTable;
    }

    /** Columns of a target table whose codes a rule shows in reports. */
    Set<String> shown(TableId table) {
        Set<String> columns = new HashSet<>();
        for (Rule rule : rules) {
            if (rule instanceof Rule.Distribution distribution
                    && distribution.table().equals(table)) {
                columns.add(distribution.column());
            }
        }
        return columns;
    }

    /**
     * The rules that one source is asked about; those that no source can be asked about are answered with the reason.
     */
    List<Rule.Asked> asked(SourceId source, List<TableWork> works) {
        List<Rule.Asked> asked = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule instanceof Rule.Asked one
                    && source(one, works).filter(source::equals).isPresent()) {
                asked.add(one);
            }
        }
        return asked;
    }

    /** The source that a rule names, or that its first table is filled from. */
    private static Optional<SourceId> source(Rule.Asked rule, List<TableWork> works) {
        return rule.source().or(() -> works.stream()
                .filter(work -> rule.tables().contains(work.targetSchema().table()))
                .map(TableWork::source)
                .findFirst());
    }

    void answered(RuleReport report, Rule rule) {
        reports.put(rule, report);
    }

    /** What came of every rule, in the order of the file. */
    List<RuleReport> reports(List<TableWork> works) {
        for (Map.Entry<Rule, Tally> entry : tallies.entrySet()) {
            Tally tally = entry.getValue();
            // several source tables may become one target table
            List<TableWork> filling = works.stream()
                    .filter(work ->
                            work.targetSchema().table().equals(tally.rule().table()))
                    .toList();
            if (filling.stream().allMatch(TableWork::compared)) {
                Unsettled all = filling.stream().map(TableWork::unsettled).reduce(Unsettled.NONE, Unsettled::plus);
                reports.put(tally.rule(), tally.report(all, filling.get(0).scanned()));
            }
        }
        return rules.stream()
                .map(rule -> reports.getOrDefault(
                        rule, RuleReport.unanswered(rule, "its table was not compared in this run")))
                .toList();
    }
}
