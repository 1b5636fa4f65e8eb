package dev.handover.deploy.config;

import dev.handover.position.SourceId;
import dev.handover.reconciler.rule.Limits;
import dev.handover.reconciler.rule.Rule;
import dev.handover.reconciler.rule.Terms;
import dev.handover.row.TableId;
import java.util.List;
import java.util.Optional;

/** From what the pipeline file says about rules to the reconciler's. */
public final class Rules {
    private Rules() {}

    /** All of them, in the order of the file. */
    public static List<Rule> of(PipelineConfig pipeline) {
        return pipeline.rules().stream().map(Rules::of).toList();
    }

    private static Rule of(RuleConfig rule) {
        Terms terms = new Terms(rule.name(), rule.parsedTolerance(), rule.then());
        RuleConfig.Target target = rule.target().orElseThrow();
        return switch (rule.kind()) {
            case COUNT -> count(rule, terms);
            case RANGE ->
                new Rule.Range(
                        terms,
                        table(target),
                        target.columns().get(0),
                        rule.min(),
                        rule.max(),
                        rule.allowed().orElse(0));
            case DISTRIBUTION ->
                new Rule.Distribution(terms, table(target), target.columns().get(0));
            case ORPHANS ->
                new Rule.Orphans(
                        terms,
                        rule.source().map(Rules::reference),
                        reference(target),
                        rule.allowed().map(Integer::longValue));
            case QUERY -> query(rule, terms);
        };
    }

    private static Rule count(RuleConfig rule, Terms terms) {
        Limits limits = new Limits(RuleConfig.rows(rule.min()), RuleConfig.rows(rule.max()));
        RuleConfig.Target target = rule.target().orElseThrow();
        TableId table = table(target);
        if (rule.source().isEmpty() && target.where().isEmpty()) {
            return new Rule.Count(terms, table, limits);
        }
        return new Rule.CountWhere(
                terms,
                rule.source()
                        .map(source -> new Rule.CountWhere.Part(
                                TableId.parse(source.table().orElseThrow()), source.where())),
                new Rule.CountWhere.Part(table, target.where()),
                limits);
    }

    private static Rule query(RuleConfig rule, Terms terms) {
        RuleConfig.Source source = rule.source().orElseThrow();
        RuleConfig.Target target = rule.target().orElseThrow();
        return new Rule.Query(
                terms,
                new SourceId(source.name().orElseThrow()),
                source.sql().orElseThrow(),
                target.sql().orElseThrow(),
                target.reads().stream().map(Rules::target).toList());
    }

    private static Rule.Orphans.Reference reference(RuleConfig.Target target) {
        RuleConfig.Parent parent = target.parent().orElseThrow();
        return new Rule.Orphans.Reference(
                table(target), target.columns(), target.where(), target(parent.table()), parent.columns());
    }

    private static Rule.Orphans.Reference reference(RuleConfig.Source source) {
        TableId child = TableId.parse(source.table().orElseThrow());
        RuleConfig.Parent parent = source.parent().orElseThrow();
        TableId other = target(parent.table());
        return new Rule.Orphans.Reference(
                child,
                source.columns(),
                source.where(),
                new TableId(child.database(), other.schema(), other.name()),
                parent.columns());
    }

    private static TableId table(RuleConfig.Target target) {
        Optional<String> table = target.table();
        return target(table.orElseThrow());
    }

    private static TableId target(String shortText) {
        int dot = shortText.indexOf('.');
        return TableId.target(shortText.substring(0, dot), shortText.substring(dot + 1));
    }
}
