package dev.handover.deploy.demo;

import dev.handover.deploy.config.TableConfig;
import dev.handover.deploy.pipeline.Explanation;
import dev.handover.mapping.Coverage;
import dev.handover.mapping.Mapper;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables of DEMO-MODEL.md, from the mappings themselves. */
final class ModelPage {
    private static final String HEADER = """
            | Column | Type | Source | Made by | Not understood | Source value comes back by |
            | --- | --- | --- | --- | --- | --- |
            """;
    private static final int CODES_SHOWN_MAX = 5;

    private final DemoModel postgres;
    private final DemoModel mariadb;

    ModelPage(DemoModel postgres, DemoModel mariadb) {
        this.postgres = postgres;
        this.mariadb = mariadb;
    }

    /** A line of a table, but for the name of the column. */
    private record Line(String type, String source, String made, String refused, String back) {
        String text(String column) {
            return "| " + String.join(" | ", column, type, source, made, refused, back) + " |\n";
        }
    }

    /** All that becomes one target table: a table for each of its sources. */
    String markdown(String target) {
        StringBuilder page = new StringBuilder();
        postgres.clean().forEach((source, mapper) -> {
            if (mapper.mapping().target().name().equals(target)) {
                page.append("\nFrom `").append(source).append("`; key ");
                page.append(code(mapper.target().key()))
                        .append(dropped(mapper))
                        .append(":\n\n")
                        .append(HEADER);
                Map<String, Line> other =
                        lines(mariadb, Objects.requireNonNull(mariadb.clean().get(source), source));
                lines(postgres, mapper).forEach((column, line) -> {
                    Line there = other.get(column);
                    boolean same = line.equals(there);
                    page.append(line.text("`" + column + "`" + (same ? "" : " (PostgreSQL)")));
                    if (!same && there != null) {
                        page.append(there.text("`" + column + "` (MariaDB)"));
                    }
                });
            }
        });
        return page.toString();
    }

    private static String dropped(Mapper mapper) {
        List<String> dropped = mapper.coverage().columns().stream()
                .filter(of -> of.keeping() == Coverage.Keeping.DROPPED)
                .map(Coverage.Of::column)
                .toList();
        return dropped.isEmpty() ? "" : "; left behind on purpose: " + code(dropped);
    }

    private static Map<String, Line> lines(DemoModel model, Mapper mapper) {
        TableConfig table = model.pipeline().tables().stream()
                .filter(each -> each.from().equals(mapper.mapping().source().text()))
                .findFirst()
                .orElseThrow();
        Map<String, Line> lines = new LinkedHashMap<>();
        for (Column column : mapper.target().columns()) {
            TableConfig.Column declared = Objects.requireNonNull(table.columns().get(column.name()), column.name());
            Explanation how = Explanation.of(mapper, column.name());
            lines.put(
                    column.name(),
                    new Line(
                            type(column),
                            code(how.sources().stream().map(Coverage.Of::column).toList()),
                            made(declared),
                            refused(declared, how),
                            declared.part().isPresent() ? "" : back(how)));
        }
        return lines;
    }

    private static String type(Column column) {
        String name = column.type().kind() == Kind.TIMESTAMPTZ
                ? "timestamptz"
                : column.type().postgres().replace("character varying", "varchar");
        return column.nullable() ? name : name + ", not null";
    }

    private static String code(List<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static String made(TableConfig.Column column) {
        List<String> steps = new ArrayList<>();
        column.constant().ifPresent(text -> steps.add("`constant` " + text));
        column.cel()
                .ifPresent(text -> steps.add(
                        text.equals("dyn(null)") ? "always null: this source has none" : "`cel` `" + text + "`"));
        column.part().ifPresent(part -> steps.add("`part` " + part));
        if (!column.sentinels().isEmpty()) {
            steps.add("`sentinels` " + pairs(column.sentinels()));
        }
        if (column.trim()) {
            steps.add("`trim`");
        }
        column.normalize().ifPresent(form -> steps.add("`normalize` " + form.spelling()));
        column.split()
                .ifPresent(split -> steps.add("`split` part " + split.part() + " at `" + split.separator() + "`"));
        column.comparator()
                .ifPresent(each -> steps.add("`comparator`"
                        + (each.suffixes().isEmpty() ? "" : ", suffixes " + String.join(", ", each.suffixes()))));
        column.parse().ifPresent(form -> steps.add("`parse` " + form));
        column.timezone().ifPresent(zone -> steps.add("`timezone` " + zone));
        column.decimal()
                .ifPresent(each -> steps.add(
                        "`decimal` " + each.precision() + ", " + each.scale() + ", rounding " + word(each.rounding())));
        if (!column.map().isEmpty()) {
            steps.add("`map` "
                    + (column.map().size() > CODES_SHOWN_MAX
                            ? "of " + column.map().size() + " codes"
                            : pairs(column.map())));
        }
        column.codes().ifPresent(keys -> steps.add("`codes` of map " + keys.map()));
        column.unit().ifPresent(keys -> steps.add("`unit` of map " + keys.map().orElse("UCUM")));
        column.identifier().ifPresent(keys -> steps.add("`identifier` of " + keys.system()));
        column.phone().ifPresent(region -> steps.add("`phone` " + region));
        if (!column.known().isEmpty()) {
            steps.add("`known` " + String.join(", ", column.known()));
        }
        return steps.isEmpty() ? "copy" : String.join(", then ", steps);
    }

    private static String pairs(Map<String, Optional<String>> pairs) {
        return pairs.entrySet().stream()
                .map(pair -> "`\"" + pair.getKey() + "\"` to " + pair.getValue().orElse("null"))
                .collect(Collectors.joining(", "));
    }

    private static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether there is a step that may not be able to take a value. */
    static boolean reads(TableConfig.Column column) {
        return column.comparator().isPresent()
                || column.parse().isPresent()
                || column.timezone().isPresent()
                || column.decimal().isPresent()
                || column.identifier().isPresent()
                || column.phone().isPresent()
                || column.unit().isPresent();
    }

    /** Whether there is a step that looks a code up. */
    static boolean looksUp(TableConfig.Column column) {
        return column.codes().isPresent() || !column.map().isEmpty();
    }

    /** What becomes of what a step cannot take: nothing stands here where every value can be taken. */
    private static String refused(TableConfig.Column column, Explanation how) {
        List<String> policies = new ArrayList<>();
        if (reads(column) || !how.onInvalid().isEmpty() && !how.onInvalid().equals("dead-letter")) {
            policies.add("invalid: " + word(column.onInvalid()));
        }
        if (looksUp(column)) {
            policies.add("unmapped: " + word(column.onUnmapped()));
        }
        if (column.unit().isPresent()) {
            policies.add("unknown unit: " + word(column.onUnmapped()));
        }
        column.codes().ifPresent(keys -> {
            policies.add("inexact: " + word(keys.onApproximate()));
            policies.add("several: " + word(keys.onMany()));
            policies.add("none: " + word(keys.onNoMap()));
        });
        if (!column.known().isEmpty()) {
            policies.add("other: passes, counted");
        }
        return column.part().isPresent() ? "" : String.join("; ", policies);
    }

    private static String back(Explanation how) {
        return how.sources().stream()
                .map(of -> switch (of.keeping()) {
                    case REVERSIBLE -> "`" + of.restoredBy() + "`, always";
                    case CHECKED -> "`" + of.restoredBy() + "`, else raw";
                    case RAW_BACKED -> "raw";
                    case DROPPED -> "lost";
                })
                .distinct()
                .collect(Collectors.joining("; "));
    }
}
