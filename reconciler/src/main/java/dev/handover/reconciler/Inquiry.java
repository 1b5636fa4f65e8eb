package dev.handover.reconciler;

import dev.handover.position.SourcePosition;
import dev.handover.reconciler.judge.Stamp;
import dev.handover.reconciler.read.Answer;
import dev.handover.reconciler.read.SourceDatabase;
import dev.handover.reconciler.read.SourceSnapshot;
import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.reconciler.read.TargetSnapshot;
import dev.handover.reconciler.rule.Measure;
import dev.handover.reconciler.rule.Place;
import dev.handover.reconciler.rule.Result;
import dev.handover.reconciler.rule.Rule;
import dev.handover.reconciler.rule.RuleReport;
import dev.handover.row.TableId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks both databases the statements of rules: all of a source's in one snapshot {@code S} of it, and then, when the
 * target has {@code S}, all of them in one snapshot {@code T} of the target.
 *
 * <p><b>When a difference is proved.</b> If the loads of the tables that a statement reads were complete before
 * {@code S} was taken, if in {@code T} every partition of them is applied up to above {@code S}, and if no row or
 * tombstone of them in {@code T} is at a position that is not proved to be in {@code S}, or made by an older version of
 * the mapping, then {@code T} holds what the pipeline makes of {@code S} and of nothing later, by the argument of
 * {@link dev.handover.reconciler.judge.Judge} for every key; so both statements were asked of one moment of the source.
 * Otherwise a difference may be a change on its way: both are asked again, until the time for waiting is used up, and
 * then the rule stays undetermined. Numbers that pass need no proof.
 */
final class Inquiry {
    private final ReconcilerConfig config;
    private final TargetDatabase target;
    private final Budget budget;

    Inquiry(ReconcilerConfig config, TargetDatabase target, Budget budget) {
        this.config = config;
        this.target = target;
        this.budget = budget;
    }

    /** Asks the rules of one source, whose tables these are. */
    void ask(SourceDatabase source, Rulebook rulebook, List<TableWork> works) {
        List<Rule.Asked> open = rulebook.asked(source.id(), works);
        while (!open.isEmpty()) {
            open = round(source, open, rulebook, works);
            if (!open.isEmpty() && !budget.pause()) {
                return;
            }
        }
    }

    /** Asks once; answers with the rules that may come out otherwise when asked again. */
    private List<Rule.Asked> round(
            SourceDatabase source, List<Rule.Asked> rules, Rulebook rulebook, List<TableWork> works) {
        var boundaries = target.boundaries(source.id());
        Set<TableWork> loaded = loaded(works);
        Map<Rule, Answer> before = new HashMap<>();
        Map<TableWork, Stamp> stamps = new HashMap<>();
        try (SourceSnapshot snapshot = source.open(boundaries)) {
            for (Rule.Asked rule : rules) {
                rule.sourceSql(snapshot).ifPresent(sql -> before.put(rule, snapshot.ask(sql, config.statementMax())));
            }
            works.forEach(work -> stamps.put(work, snapshot.stamp(work.sourceSchema())));
        }
        awaitApplied(rules, stamps);
        List<Rule.Asked> open = new ArrayList<>();
        try (TargetSnapshot snapshot = target.open()) {
            Moment moment = new Moment(snapshot, loaded, stamps, new HashMap<>());
            for (Rule.Asked rule : rules) {
                Answer after = snapshot.ask(rule.targetSql(snapshot), config.statementMax());
                RuleReport report = report(rule, Optional.ofNullable(before.get(rule)), after, moment);
                rulebook.answered(report, rule);
                boolean measured =
                        !report.measures().isEmpty() && moment.missing(rule).isEmpty();
                if (report.result() == Result.UNDETERMINED && measured) {
                    open.add(rule);
                }
            }
        }
        return open;
    }

    private Set<TableWork> loaded(List<TableWork> works) {
        Set<TableWork> loaded = new HashSet<>();
        try (TargetSnapshot snapshot = target.open()) {
            works.stream().filter(work -> applied(work, snapshot).loaded()).forEach(loaded::add);
        }
        return loaded;
    }

    private Partitions applied(TableWork work, TargetSnapshot snapshot) {
        return Partitions.of(snapshot.applied(work.topic(), work.source()), config.partitions());
    }

    private void awaitApplied(List<Rule.Asked> rules, Map<TableWork, Stamp> stamps) {
        boolean there;
        do {
            try (TargetSnapshot snapshot = target.open()) {
                there = stamps.entrySet().stream()
                        .filter(entry -> rules.stream().anyMatch(rule -> reads(rule, entry.getKey())))
                        .allMatch(entry -> applied(entry.getKey(), snapshot)
                                .reached(entry.getValue().high()));
            }
        } while (!there && budget.pause());
    }

    private static boolean reads(Rule rule, TableWork work) {
        return rule.tables().isEmpty()
                || rule.tables().contains(work.targetSchema().table());
    }

    private static RuleReport report(Rule.Asked rule, Optional<Answer> before, Answer after, Moment moment) {
        Optional<String> refused = before.flatMap(answer -> answer.fold(
                        table -> Optional.<String>empty(), why -> Optional.of("the source's statement " + why)))
                .or(() -> after.fold(
                        table -> Optional.<String>empty(), why -> Optional.of("the target's statement " + why)));
        if (refused.isPresent()) {
            return RuleReport.unanswered(rule, refused.get());
        }
        Rule.Comparison comparison =
                rule.compare(before.flatMap(Inquiry::table), table(after).orElseThrow());
        List<Measure> measures = comparison.measures();
        Ahead ahead = Ahead.NONE;
        if (measures.stream().anyMatch(measure -> measure.result() != Result.PASSED)) {
            ahead = moment.ahead(rule);
            if (!ahead.ofOneMoment()) {
                measures = measures.stream().map(Measure::unproved).toList();
            }
        }
        String detail = comparison.detail().isEmpty() ? ahead.detail() : comparison.detail();
        return RuleReport.of(rule, measures, ahead.rows(), moment.place(rule), detail);
    }

    private static Optional<Rule.Table> table(Answer answer) {
        return answer.fold(Optional::of, why -> Optional.empty());
    }

    /**
     * How far the target's snapshot is from the source's.
     *
     * @param rows of the target that may be newer than the source's snapshot, or are to be made anew
     * @param detail why both are not proved to be of one moment, or empty
     */
    private record Ahead(long rows, String detail) {
        static final Ahead NONE = new Ahead(0, "");

        boolean ofOneMoment() {
            return rows == 0 && detail.isEmpty();
        }
    }

    /** The target's snapshot, and what is known of the source's before it. */
    private final class Moment {
        private final TargetSnapshot snapshot;
        private final Set<TableWork> loaded;
        private final Map<TableWork, Stamp> stamps;
        private final Map<TableWork, Ahead> known;

        Moment(
                TargetSnapshot snapshot,
                Set<TableWork> loaded,
                Map<TableWork, Stamp> stamps,
                Map<TableWork, Ahead> known) {
            this.snapshot = snapshot;
            this.loaded = loaded;
            this.stamps = stamps;
            this.known = known;
        }

        /** Over all tables that a rule reads. */
        Ahead ahead(Rule rule) {
            long rows = 0;
            String detail = "";
            Set<TableId> counted = new HashSet<>();
            for (TableWork work : stamps.keySet()) {
                if (reads(rule, work)) {
                    Ahead one = known.computeIfAbsent(work, this::ahead);
                    rows += counted.add(work.targetSchema().table()) ? one.rows() : 0;
                    detail = one.detail().isEmpty() ? detail : one.detail();
                }
            }
            return new Ahead(rows, missing(rule).isEmpty() ? detail : "a table that it reads was not compared");
        }

        /** Tables that a rule reads and this run does not know: nothing of them can be proved. */
        Set<TableId> missing(Rule rule) {
            Set<TableId> missing = new HashSet<>(rule.tables());
            stamps.keySet().forEach(work -> missing.remove(work.targetSchema().table()));
            return missing;
        }

        private Ahead ahead(TableWork work) {
            String table = work.targetSchema().table().shortText();
            Optional<Stamp> stamp = Optional.ofNullable(stamps.get(work));
            Optional<SourcePosition> settled = stamp.flatMap(Stamp::settled);
            if (!loaded.contains(work)) {
                return new Ahead(0, "the load of table " + table + " is not complete");
            }
            if (settled.isEmpty()) {
                return new Ahead(0, "no position of the source's snapshot is proved");
            }
            boolean reached = stamp.filter(place -> applied(work, snapshot).reached(place.high()))
                    .isPresent();
            return new Ahead(
                    snapshot.newer(work.targetSchema().table(), settled.get(), version(work)),
                    reached ? "" : "table " + table + " is not applied up to the source's snapshot");
        }

        /** The newest of the mappings that fill the same target table: what is older for one may be older for all. */
        private int version(TableWork work) {
            return stamps.keySet().stream()
                    .filter(other -> other.targetSchema()
                            .table()
                            .equals(work.targetSchema().table()))
                    .mapToInt(TableWork::mappingVersion)
                    .max()
                    .orElse(0);
        }

        /** Of the first table that a rule reads. */
        Place place(Rule rule) {
            return stamps.entrySet().stream()
                    .filter(entry -> reads(rule, entry.getKey()))
                    .findFirst()
                    .map(entry -> TableWork.place(
                            Optional.of(entry.getValue()),
                            applied(entry.getKey(), snapshot).least()))
                    .orElse(Place.NOWHERE);
        }
    }
}
