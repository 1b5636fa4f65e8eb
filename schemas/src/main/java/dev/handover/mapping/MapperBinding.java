package dev.handover.mapping;

import dev.handover.mapping.ColumnMapping.Computed;
import dev.handover.mapping.ColumnMapping.Constant;
import dev.handover.mapping.ColumnMapping.Expression;
import dev.handover.mapping.ColumnMapping.From;
import dev.handover.mapping.ColumnMapping.Joined;
import dev.handover.mapping.ColumnMapping.Part;
import dev.handover.mapping.Coverage.Keeping;
import dev.handover.mapping.MappingMismatch.Problem;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Fits a mapping to the columns of its source table, and collects whatever does not fit. Used once. */
final class MapperBinding {
    private final TableMapping mapping;
    private final TableSchema source;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Set<String>> readBy = new LinkedHashMap<>();
    private final Map<String, ColumnType> types = new HashMap<>();
    private final Map<String, Expression.Bound> expressions = new HashMap<>();
    private final Map<String, List<Operation>> bound = new HashMap<>();

    MapperBinding(TableMapping mapping, TableSchema source) {
        this.mapping = mapping;
        this.source = source;
    }

    Mapper mapper() throws MappingMismatch {
        source.columns().forEach(column -> readBy.put(column.name(), new LinkedHashSet<>()));
        List<ColumnMapping> columns = expanded();
        columns.forEach(this::type);
        Optional<RowRule.Predicate.Bound> rule = rule();
        Map<String, String> restorers = restorers(columns);
        List<Step> steps = new ArrayList<>();
        columns.forEach(column -> step(column, columns, restorers).ifPresent(steps::add));
        List<String> names = keyNames(columns);
        Optional<KeyPlan> key = problems.isEmpty() ? keyPlan(columns, names) : Optional.empty();
        if (!problems.isEmpty() || key.isEmpty()) {
            throw new MappingMismatch(problems);
        }
        TableSchema target = new TableSchema(
                mapping.target(), steps.stream().map(Step::column).toList(), names);
        return new Mapper(mapping, source, target, rule, steps, key.get(), coverage(columns, restorers));
    }

    // ---- which columns there are

    private List<ColumnMapping> expanded() {
        List<ColumnMapping> columns = new ArrayList<>(mapping.columns());
        Set<String> targets = new HashSet<>();
        columns.forEach(column -> {
            if (!targets.add(column.target())) {
                problems.add(new Problem(column.target(), "is declared twice"));
            }
        });
        for (String name : mapping.dropped()) {
            if (source.column(name).isEmpty()) {
                problems.add(new Problem(name, "is dropped, but table " + source.table() + " has no such column"));
            }
        }
        if (mapping.rest() == Rest.COPY || source.keyless()) {
            Set<String> used = mapping.mentioned();
            for (Column column : source.columns()) {
                // what a table without a key is given for one is always copied: nobody can declare it
                boolean copied = mapping.rest() == Rest.COPY || source.key().contains(column.name());
                if (copied && !used.contains(column.name())) {
                    if (targets.add(column.name())) {
                        columns.add(From.copy(column.name(), column.name()));
                    } else {
                        problems.add(new Problem(
                                column.name(),
                                "is declared from another column, and copied by \"*\" as well: drop one"));
                    }
                }
            }
        }
        return columns;
    }

    // ---- what type each has

    private void type(ColumnMapping column) {
        if (column instanceof From from) {
            typed(from);
        } else if (column instanceof Joined joined) {
            joined.sources().forEach(name -> read(joined.target(), "join", name));
            types.put(joined.target(), ColumnType.of(Kind.TEXT));
        } else if (column instanceof Computed computed) {
            try {
                Expression.Bound expression = computed.expression().bind(source);
                expression.reads().forEach(name -> read(computed.target(), "cel", name));
                expressions.put(computed.target(), expression);
                types.put(computed.target(), expression.type());
            } catch (InvalidExpression e) {
                refuse(computed.target(), "cel", e);
            }
        } else if (column instanceof Constant) {
            types.put(column.target(), ColumnType.of(Kind.TEXT));
        }
    }

    private void typed(From from) {
        Optional<Column> found = read(from.target(), "from", from.source());
        if (found.isEmpty()) {
            return;
        }
        ColumnType type = found.get().type();
        List<Operation> operations = new ArrayList<>();
        bound.put(from.target(), operations);
        for (Operation operation : from.operations()) {
            operation.reads().forEach(name -> read(from.target(), operation.name(), name));
            try {
                ColumnType before = type;
                type = operation.after(before, source);
                operations.add(operation.bound(before));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(from.target(), operation.name(), String.valueOf(e.getMessage())));
                return;
            }
        }
        if (keepsRaw(from)) {
            if (type.kind() != Kind.TEXT && type.kind() != Kind.CHAR) {
                problems.add(new Problem(
                        from.target(),
                        from.onInvalid() == OnFailure.KEEP_RAW ? "onInvalid" : "onUnmapped",
                        "keep-raw needs a text column, and this one is " + type.name()));
                return;
            }
            // whatever the source held must have room
            type = ColumnType.of(Kind.TEXT);
        }
        types.put(from.target(), type);
    }

    private static boolean keepsRaw(From from) {
        return from.onInvalid() == OnFailure.KEEP_RAW || from.onUnmapped() == OnFailure.KEEP_RAW;
    }

    private Optional<Column> read(String target, String operation, String name) {
        Optional<Column> column = source.column(name);
        if (column.isEmpty()) {
            problems.add(new Problem(target, operation, "table " + source.table() + " has no column \"" + name + "\""));
        } else {
            readBy.computeIfAbsent(name, ignored -> new LinkedHashSet<>()).add(target);
        }
        return column;
    }

    private void refuse(String column, String operation, InvalidExpression invalid) {
        invalid.issues()
                .forEach(issue -> problems.add(new Problem(column, operation, issue.fact(), Optional.of(issue.at()))));
    }

    private Optional<RowRule.Predicate.Bound> rule() {
        try {
            return mapping.rule().map(rule -> rule.predicate().bind(source));
        } catch (InvalidExpression e) {
            refuse(mapping.rule().map(RowRule::name).orElse(""), "where", e);
            return Optional.empty();
        }
    }

    // ---- which target column gives a source column back

    /**
     * By source column, the target column that gives it back. A column that a step reads may itself come back from a
     * step that reads: so that no two wait for each other, a step that reads others is taken only where none of those
     * comes back from such a step already.
     */
    private Map<String, String> restorers(List<ColumnMapping> columns) {
        Map<String, From> best = new HashMap<>();
        columns.stream()
                .filter(From.class::isInstance)
                .map(From.class::cast)
                .filter(from -> reversal(from) != Reversal.LOSSY && reads(from).isEmpty())
                .forEach(from -> best.merge(from.source(), from, MapperBinding::better));
        Map<String, String> restorers = new HashMap<>();
        best.forEach((name, from) -> restorers.put(name, from.target()));
        restoringParts(columns).forEach(each -> restorers.putIfAbsent(each.column(), each.target()));
        Set<String> dependent = new HashSet<>();
        for (ColumnMapping column : columns) {
            if (column instanceof From from
                    && !reads(from).isEmpty()
                    && reversal(from) != Reversal.LOSSY
                    && !restorers.containsKey(from.source())
                    && reads(from).stream().allMatch(name -> isKnown(name, from, dependent))) {
                restorers.put(from.source(), from.target());
                dependent.add(from.source());
            }
        }
        return restorers;
    }

    private boolean isKnown(String name, From by, Set<String> dependent) {
        return !name.equals(by.source())
                && !dependent.contains(name)
                && !mapping.dropped().contains(name)
                && source.column(name).isPresent();
    }

    private static Set<String> reads(From from) {
        Set<String> reads = new HashSet<>();
        from.operations().forEach(operation -> reads.addAll(operation.reads()));
        return reads;
    }

    private static From better(From known, From other) {
        return reversal(other).compareTo(reversal(known)) < 0 ? other : known;
    }

    /** A source column that an operation reads beside its own, and the target column that gives it back. */
    private record Restoring(String column, String target, Operation operation) {}

    private List<Restoring> restoringParts(List<ColumnMapping> columns) {
        List<Restoring> all = new ArrayList<>();
        for (ColumnMapping column : columns) {
            if (column instanceof Part part) {
                for (Operation operation : bound.getOrDefault(part.of(), List.of())) {
                    operation.restoring().forEach((name, of) -> {
                        if (of.equals(part.part()) && source.column(name).isPresent()) {
                            all.add(new Restoring(name, part.target(), operation));
                        }
                    });
                }
            }
        }
        return all;
    }

    /** A copy that the target may refuse is checked all the same: a zero date may become null. */
    private static Reversal reversal(From from) {
        Reversal chain = Reversal.EXACT;
        for (Operation operation : from.operations()) {
            chain = chain.and(operation.reversal());
            if (operation.mayYieldNull()) {
                chain = chain.and(Reversal.CHECKED);
            }
        }
        boolean lets = from.onInvalid() != OnFailure.DEAD_LETTER || from.onUnmapped() != OnFailure.DEAD_LETTER;
        return lets ? chain.and(Reversal.CHECKED) : chain;
    }

    private Coverage coverage(List<ColumnMapping> columns, Map<String, String> restorers) {
        Map<String, Coverage.Of> covered = new LinkedHashMap<>();
        for (Column column : source.columns()) {
            String name = column.name();
            List<String> readers = List.copyOf(readBy.getOrDefault(name, Set.of()));
            String restorer = restorers.getOrDefault(name, "");
            Keeping keeping = Keeping.RAW_BACKED;
            boolean unmentioned = readers.isEmpty() && mapping.rest() == Rest.DROP;
            if (mapping.dropped().contains(name) || unmentioned) {
                keeping = Keeping.DROPPED;
                restorer = "";
            } else if (!restorer.isEmpty()) {
                String of = restorer;
                // one that is no copy of the column gives it back from a by-product
                keeping = columns.stream()
                        .filter(From.class::isInstance)
                        .map(From.class::cast)
                        .filter(from -> from.target().equals(of))
                        .map(from -> reversal(from) == Reversal.EXACT ? Keeping.REVERSIBLE : Keeping.CHECKED)
                        .findFirst()
                        .orElse(Keeping.CHECKED);
            }
            covered.put(name, new Coverage.Of(name, keeping, readers, restorer));
        }
        return new Coverage(covered);
    }

    // ---- the steps

    private Optional<Step> step(ColumnMapping column, List<ColumnMapping> columns, Map<String, String> restorers) {
        if (column instanceof Part part) {
            return part(part, restoredBy(part, columns, restorers));
        }
        ColumnType type = types.get(column.target());
        if (type == null) {
            return Optional.empty();
        }
        if (column instanceof From from) {
            int ordinal = source.ordinal(from.source());
            boolean nullable = source.columns().get(ordinal).nullable() || mayYieldNull(from);
            boolean restorer = from.target().equals(restorers.get(from.source()));
            return Optional.of(new Step.FromColumn(
                    new Column(from.target(), type, nullable),
                    from,
                    bound.getOrDefault(from.target(), List.of()),
                    ordinal,
                    restorer));
        }
        if (column instanceof Constant constant) {
            return Optional.of(
                    new Step.Fixed(new Column(constant.target(), type, false), new Value.Text(constant.value())));
        }
        if (column instanceof Joined joined) {
            int[] ordinals = joined.sources().stream()
                    .filter(name -> source.column(name).isPresent())
                    .mapToInt(source::ordinal)
                    .toArray();
            return Optional.of(new Step.Join(new Column(joined.target(), type, true), ordinals, joined.separator()));
        }
        return Optional.ofNullable(expressions.get(column.target()))
                .map(bound -> new Step.Compute(new Column(column.target(), type, true), (Computed) column, bound));
    }

    private static boolean mayYieldNull(From from) {
        // also without a step: a value that the target cannot hold, such as a zero date, becomes null as well
        return from.onInvalid() == OnFailure.NULL_WITH_RAW
                || from.onUnmapped() == OnFailure.NULL_WITH_RAW
                || from.operations().stream().anyMatch(Operation::mayYieldNull);
    }

    private Optional<Step.ReadColumn> restoredBy(
            Part part, List<ColumnMapping> columns, Map<String, String> restorers) {
        return restoringParts(columns).stream()
                .filter(each ->
                        each.target().equals(part.target()) && each.target().equals(restorers.get(each.column())))
                .map(each -> new Step.ReadColumn(source.ordinal(each.column()), each.column(), each.operation()))
                .findFirst();
    }

    private Optional<Step> part(Part part, Optional<Step.ReadColumn> restorer) {
        Optional<ColumnType> type = mapping.columns().stream()
                .filter(column -> column.target().equals(part.of()))
                .filter(From.class::isInstance)
                .flatMap(column -> ((From) column).operations().stream())
                .filter(operation -> operation.parts().containsKey(part.part()))
                .map(operation -> operation.parts().get(part.part()))
                .findFirst();
        if (type.isEmpty()) {
            problems.add(new Problem(
                    part.target(),
                    "part",
                    "column \"" + part.of() + "\" has no operation that leaves a part \"" + part.part() + "\""));
        }
        return type.map(found -> new Step.OfPart(new Column(part.target(), found, true), part, restorer));
    }

    // ---- the key must map one to one, so that a key's partition and bucket stay the same all the way

    private List<String> keyNames(List<ColumnMapping> columns) {
        if (mapping.key().isEmpty()) {
            List<String> names = new ArrayList<>();
            for (String name : source.key()) {
                Optional<String> copy = columns.stream()
                        .filter(column -> isCopy(column, name))
                        .map(ColumnMapping::target)
                        .findFirst();
                copy.ifPresentOrElse(names::add, () -> problems.add(uncopied(name)));
            }
            return names;
        }
        Set<String> copied = new HashSet<>();
        for (String name : mapping.key()) {
            Optional<ColumnMapping> column =
                    columns.stream().filter(one -> one.target().equals(name)).findFirst();
            boolean constant = column.filter(Constant.class::isInstance).isPresent();
            Optional<String> copy = column.filter(From.class::isInstance)
                    .map(From.class::cast)
                    .filter(from -> from.operations().isEmpty())
                    .map(From::source)
                    .filter(source.key()::contains);
            if (!constant && copy.isEmpty() || copy.isPresent() && !copied.add(copy.get())) {
                problems.add(new Problem(
                        name,
                        "key",
                        "is neither a constant nor the only copy of a key column of table " + source.table()));
            }
        }
        source.key().stream().filter(name -> !copied.contains(name)).forEach(name -> problems.add(uncopied(name)));
        return mapping.key();
    }

    private Problem uncopied(String name) {
        return new Problem(
                name, "is a key column of table " + source.table() + " and must be copied, under this or another name");
    }

    private static boolean isCopy(ColumnMapping column, String name) {
        return column instanceof From from
                && from.source().equals(name)
                && from.operations().isEmpty();
    }

    private Optional<KeyPlan> keyPlan(List<ColumnMapping> columns, List<String> names) {
        int[] places = new int[names.size()];
        List<Optional<Value>> constants = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            String name = names.get(i);
            ColumnMapping column = columns.stream()
                    .filter(one -> one.target().equals(name))
                    .findFirst()
                    .orElseThrow();
            if (column instanceof Constant constant) {
                places[i] = -1;
                constants.add(Optional.of(new Value.Text(constant.value())));
            } else {
                places[i] = source.key().indexOf(((From) column).source());
                constants.add(Optional.empty());
            }
        }
        return Optional.of(new KeyPlan(places, constants));
    }
}
