package dev.handover.deploy.pipeline;

import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.Coverage;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.OnFailure;
import dev.handover.mapping.Operation;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a column of a target comes about, before any row is seen.
 *
 * @param how in a word: {@code from}, {@code copy}, {@code constant}, {@code part}, {@code join}, {@code cel}, or
 *     {@code none} for a column of the source that no target column reads
 * @param steps in the order in which they are taken
 * @param result the column at the target; absent where there is none
 * @param onInvalid what becomes of a value that a step cannot take; empty where no step could fail so
 * @param onUnmapped what becomes of a code that is in no map; empty where nothing is mapped
 * @param sources what becomes of each source column that it reads
 */
public record Explanation(
        String how,
        List<Step> steps,
        Optional<Column> result,
        String onInvalid,
        String onUnmapped,
        List<Coverage.Of> sources) {
    /** What a record prints of itself, without the name of its class. */
    private static final Pattern RECORD = Pattern.compile("[A-Z][A-Za-z]*\\[(.*)]");

    /** Operations that look something up. */
    private static final Set<String> CODES = Set.of("map", "codes", "unit");

    public Explanation {
        Objects.requireNonNull(how, "how");
        steps = List.copyOf(steps);
        Objects.requireNonNull(result, "result");
        sources = List.copyOf(sources);
    }

    /**
     * One step.
     *
     * @param operation its key in the file
     * @param detail what it is set to, where that says more than its name
     * @param before the type that it is given; empty for the first
     * @param reversal {@code exact}, {@code checked} or {@code lossy}
     * @param notes by-products, other columns that it reads, that it may yield null
     */
    public record Step(
            String operation, String detail, String before, String after, String reversal, List<String> notes) {
        public Step {
            notes = List.copyOf(notes);
        }
    }

    /** Of a target column, or of a source column where the target has none of that name. */
    public static Explanation of(Mapper mapper, String name) {
        Optional<Column> result = mapper.target().column(name);
        if (result.isEmpty()) {
            return new Explanation(
                    "none", List.of(), result, "", "", List.of(mapper.coverage().of(name)));
        }
        Optional<ColumnMapping> declared = mapper.mapping().columns().stream()
                .filter(column -> column.target().equals(name))
                .findFirst();
        return of(mapper, declared.orElseGet(() -> ColumnMapping.From.copy(name, name)), result);
    }

    private static Explanation of(Mapper mapper, ColumnMapping column, Optional<Column> result) {
        List<Coverage.Of> sources = mapper.coverage().columns().stream()
                .filter(of -> of.readBy().contains(column.target()))
                .toList();
        if (column instanceof ColumnMapping.From from) {
            boolean mapped = !from.operations().isEmpty();
            return new Explanation(
                    mapped ? "from" : "copy",
                    steps(from, mapper.source()),
                    result,
                    word(from.onInvalid()),
                    from.operations().stream().anyMatch(operation -> CODES.contains(operation.name()))
                            ? word(from.onUnmapped())
                            : "",
                    sources);
        }
        if (column instanceof ColumnMapping.Constant constant) {
            return single("constant", constant.value(), result, "", sources);
        }
        if (column instanceof ColumnMapping.Part part) {
            return ofPart(mapper, part, result);
        }
        if (column instanceof ColumnMapping.Joined joined) {
            return single(
                    "join",
                    String.join(" + \"" + joined.separator() + "\" + ", joined.sources()),
                    result,
                    word(OnFailure.DEAD_LETTER),
                    sources);
        }
        ColumnMapping.Computed computed = (ColumnMapping.Computed) column;
        return single("cel", detail(computed.expression().toString()), result, word(computed.onInvalid()), sources);
    }

    private static Explanation single(
            String how, String detail, Optional<Column> result, String onInvalid, List<Coverage.Of> sources) {
        String type = result.map(Column::type).map(ColumnType::name).orElse("");
        List<String> reads = sources.stream().map(Coverage.Of::column).toList();
        return new Explanation(
                how,
                List.of(new Step(
                        how,
                        detail,
                        "",
                        type,
                        how.equals("constant") ? "exact" : "lossy",
                        reads.isEmpty() || how.equals("join")
                                ? List.of()
                                : List.of("reads " + String.join(", ", reads)))),
                result,
                onInvalid,
                "",
                sources);
    }

    /** The steps of the column that leaves the part, and the part. */
    private static Explanation ofPart(Mapper mapper, ColumnMapping.Part part, Optional<Column> result) {
        Explanation whole = of(mapper, part.of());
        List<Step> steps = new ArrayList<>(whole.steps());
        String type = result.map(Column::type).map(ColumnType::name).orElse("");
        steps.add(new Step("part", part.of() + "." + part.part(), "", type, "lossy", List.of("may yield null")));
        return new Explanation("part", steps, result, whole.onInvalid(), whole.onUnmapped(), whole.sources());
    }

    private static List<Step> steps(ColumnMapping.From from, TableSchema source) {
        List<Step> steps = new ArrayList<>();
        ColumnType type = source.columns().get(source.ordinal(from.source())).type();
        steps.add(new Step("from", from.source(), "", type.name(), "exact", List.of()));
        for (Operation operation : from.operations()) {
            ColumnType after = operation.after(type, source);
            List<String> notes = new ArrayList<>();
            if (!operation.reads().isEmpty()) {
                notes.add("reads "
                        + String.join(", ", operation.reads().stream().sorted().toList()));
            }
            if (!operation.parts().isEmpty()) {
                notes.add("leaves "
                        + String.join(
                                ", ",
                                operation.parts().keySet().stream().sorted().toList()));
            }
            if (operation.mayYieldNull()) {
                notes.add("may yield null");
            }
            steps.add(new Step(
                    operation.name(),
                    detail(operation),
                    type.name(),
                    after.name(),
                    operation.reversal().name().toLowerCase(Locale.ROOT),
                    notes));
            type = after;
        }
        return steps;
    }

    /** What an operation prints of itself, but for its name, which stands before it. */
    private static String detail(Operation operation) {
        String text = detail(operation.toString());
        return text.startsWith(operation.name())
                ? text.substring(operation.name().length()).strip()
                : text;
    }

    private static String detail(String text) {
        Matcher record = RECORD.matcher(text);
        return record.matches() ? record.group(1) : text;
    }

    /** As the file writes it. */
    private static String word(OnFailure policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
