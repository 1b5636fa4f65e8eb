package dev.handover.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.mapping.ColumnMapping.From;
import dev.handover.mapping.ColumnMapping.Part;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A table of a key and one column, mapped by one chain of operations, so that a test can say what becomes of one value.
 * Every mapping that succeeds is also inverted, and must give the source row back.
 */
final class OneColumn {
    private static final TableId SOURCE = TableId.parse("legacy.public.t");
    private static final TableId TARGET = TableId.target("clinical", "t");

    private final ColumnType type;
    private final Mapper mapper;

    private OneColumn(ColumnType type, OnFailure onFailure, List<Operation> operations) throws MappingMismatch {
        this.type = type;
        TableSchema schema = new TableSchema(
                SOURCE,
                List.of(
                        new Column("id", ColumnType.of(dev.handover.row.Kind.INT64), false),
                        new Column("v", type, true)),
                List.of("id"));
        List<ColumnMapping> columns = new ArrayList<>();
        columns.add(new From("value", "v", operations, onFailure, onFailure));
        operations.forEach(
                operation -> operation.parts().keySet().forEach(part -> columns.add(new Part(part, "value", part))));
        this.mapper = Mapper.bind(new TableMapping(SOURCE, TARGET, 1, columns, Rest.COPY, Set.of()), schema);
    }

    /** A column whose invalid values become dead letters. */
    static OneColumn of(ColumnType type, Operation... operations) {
        return of(type, OnFailure.DEAD_LETTER, operations);
    }

    static OneColumn of(ColumnType type, OnFailure onFailure, Operation... operations) {
        try {
            return new OneColumn(type, onFailure, List.of(operations));
        } catch (MappingMismatch e) {
            throw new AssertionError(e.problems().toString(), e);
        }
    }

    /** What is wrong with a chain. */
    static String problem(ColumnType type, Operation... operations) {
        try {
            new OneColumn(type, OnFailure.DEAD_LETTER, List.of(operations));
        } catch (MappingMismatch e) {
            return e.problems().get(0).operation() + ": " + e.problems().get(0).fact();
        }
        throw new AssertionError("it fits");
    }

    ColumnType target() {
        return mapper.target().column("value").orElseThrow().type();
    }

    Coverage.Keeping keeping() {
        return mapper.coverage().of("v").keeping();
    }

    /** What becomes of a value, given as its canonical text. */
    Result map(String text) {
        return map(CanonicalText.parse(type, text));
    }

    Result map(Value value) {
        Row row = new Row(mapper.source(), List.of(new Value.Int(1), value));
        Outcome<Mapped> outcome = mapper.map(row);
        outcome.fold(
                mapped -> {
                    MappedRow made = (MappedRow) mapped;
                    assertThat(mapper.invert(made.row(), made.raw())).isEqualTo(row);
                    return made;
                },
                rejection -> rejection);
        return new Result(outcome);
    }

    /** What became of a value; asking for what did not happen fails the test. */
    record Result(Outcome<Mapped> outcome) {
        private MappedRow row() {
            return outcome.fold(MappedRow.class::cast, rejection -> {
                throw new AssertionError("rejected: " + rejection);
            });
        }

        /** The canonical text of a target column's value, or {@code null} in words. */
        String text(String column) {
            Cell cell = row().row().cell(column);
            return cell instanceof Value value ? CanonicalText.of(value) : "null";
        }

        /** Of the column itself. */
        String text() {
            return text("value");
        }

        /** The raw text that is kept, or {@code none}. */
        String raw() {
            return row().raw().getOrDefault("v", "none");
        }

        /** Kinds of findings, in words. */
        List<String> findings() {
            return row().findings().stream()
                    .map(Finding::kind)
                    .map(Finding.Kind::code)
                    .toList();
        }

        /** The code of the reason. */
        String rejected() {
            Rejection rejection = outcome.fold(
                    row -> {
                        throw new AssertionError("accepted");
                    },
                    refused -> refused);
            assertThat(rejection.where()).isEqualTo("value");
            return rejection.reason().code();
        }

        /** The value, the reason why there is none, and all that goes with them, in one line. */
        String line() {
            return outcome.fold(
                    row -> text()
                            + (raw().equals("none") ? "" : " raw")
                            + (findings().isEmpty() ? "" : " " + String.join(" ", findings())),
                    rejection -> rejection.reason().code());
        }
    }
}
