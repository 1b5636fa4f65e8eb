package dev.handover.mapping.cel;

import dev.cel.common.types.CelKind;
import dev.handover.mapping.InvalidExpression;
import dev.handover.mapping.RowRule;
import dev.handover.mapping.code.CodeMap;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which rows stay: a {@code bool} in CEL over {@code row}, as {@link CelExpression} describes it. Null is no answer.
 *
 * @param maps of codes that the text names, by name
 */
public record CelRule(String text, Map<String, CodeMap> maps) implements RowRule.Predicate {
    public CelRule {
        Objects.requireNonNull(text, "text");
        maps = Map.copyOf(maps);
    }

    /** A rule that names no map. */
    public CelRule(String text) {
        this(text, Map.of());
    }

    @Override
    public Bound bind(TableSchema source) {
        CelProgram program = CelProgram.compile(text, source, maps);
        if (program.type().kind() != CelKind.BOOL) {
            throw new InvalidExpression(List.of(new InvalidExpression.Issue(
                    InvalidExpression.Spot.START,
                    "a rule is true or false, and this is " + program.type().name())));
        }
        return new Compiled(program);
    }

    /** The text of a mapping, which holds no value of a row. */
    @Override
    public String toString() {
        return "cel " + text;
    }

    private record Compiled(CelProgram program) implements Bound {
        @Override
        public Set<String> reads() {
            return program.reads();
        }

        @Override
        public boolean test(Row row) {
            if (program.evaluate(row) instanceof Boolean stays) {
                return stays;
            }
            throw new IllegalArgumentException("the rule gives null");
        }
    }
}
