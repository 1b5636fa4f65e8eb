package dev.handover.mapping.cel;

import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.InvalidExpression.Spot;
import dev.handover.mapping.code.CodeMap;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A derived column: CEL over {@code row}, whose fields are the columns of the source table.
 *
 * <p>Whole numbers are {@code int}, floating point numbers {@code double}, {@code BOOLEAN} is {@code bool},
 * {@code BYTES} are {@code bytes}, and every other kind is the {@code string} of its canonical text, dates and times
 * too. Decimals (and whole numbers that need more than 63 bits) are a type of their own, {@code decimal}, that never
 * becomes binary: it compares, adds, subtracts and multiplies exactly, and has no division. Any column may be null.
 * {@code code('map', key)} looks a text or a whole number up in a map of codes.
 *
 * @param text the expression
 * @param maps of codes that the text names, by name
 * @param type what the column is to be; without it, what the expression gives: boolean, bigint, double precision, text,
 *     bytea or numeric
 */
public record CelExpression(String text, Optional<ColumnType> type, Map<String, CodeMap> maps)
        implements ColumnMapping.Expression {
    public CelExpression {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(type, "type");
        maps = Map.copyOf(maps);
    }

    /** An expression that names no map. */
    public CelExpression(String text, Optional<ColumnType> type) {
        this(text, type, Map.of());
    }

    /**
     * Checks the grammar, for which no table is needed.
     *
     * @throws InvalidExpression when the text is no CEL
     */
    public static void check(String text) {
        CelProgram.parse(text);
    }

    /**
     * The maps of codes that an expression or a rule names, with the place where each is named first.
     *
     * @throws InvalidExpression when the text is no CEL
     */
    public static Map<String, Spot> maps(String text) {
        return CelProgram.maps(text);
    }

    @Override
    public Bound bind(TableSchema source) {
        CelProgram program = CelProgram.compile(text, source, maps);
        return new Compiled(program, ResultCells.of(program.type(), type));
    }

    /** The text of a mapping, which holds no value of a row. */
    @Override
    public String toString() {
        return "cel " + text;
    }

    private record Compiled(CelProgram program, ResultCells cells) implements Bound {
        @Override
        public Set<String> reads() {
            return program.reads();
        }

        @Override
        public ColumnType type() {
            return cells.type();
        }

        @Override
        public Cell evaluate(Row row) {
            return cells.cell(program.evaluate(row));
        }
    }
}
