package dev.handover.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Outcome;
import dev.handover.mapping.ColumnMapping.Constant;
import dev.handover.mapping.ColumnMapping.From;
import dev.handover.mapping.ColumnMapping.Joined;
import dev.handover.mapping.ColumnMapping.Part;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.Samples;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The law of the mapping language, for random tables, random mappings and random rows. */
class MapperProperties {
    private static final TableId SOURCE = TableId.parse("legacy.public.t");
    private static final TableId TARGET = TableId.target("clinical", "t");
    private static final String UNIT = "unit";
    private static final int MAPPINGS = 400;
    private static final int ROWS = 25;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theTargetRowAndItsRawValuesGiveTheSourceRowBack(long seed) throws MappingMismatch {
        RandomOperations random = new RandomOperations(seed);
        int accepted = 0;
        int raw = 0;
        for (int i = 0; i < MAPPINGS; i++) {
            TableSchema schema = schema(random);
            Mapper mapper = Mapper.bind(mapping(schema, random), schema);
            for (int j = 0; j < ROWS; j++) {
                Row row = row(schema, random);
                Outcome<Mapped> outcome = mapper.map(row);
                assertThat(mapper.map(row)).isEqualTo(outcome);
                if (outcome instanceof Outcome.Accepted<Mapped> made) {
                    MappedRow mapped = (MappedRow) made.value();
                    accepted++;
                    raw += mapped.raw().size();
                    assertThat(mapper.invert(mapped.row(), mapped.raw()))
                            .as("mapping %s", mapper.mapping())
                            .isEqualTo(withoutDropped(row, mapper));
                }
            }
        }
        assertThat(accepted).isGreaterThan(MAPPINGS * ROWS / 4);
        assertThat(raw).isPositive();
    }

    /** A reversible column never needs its raw value; that is what the word promises. */
    @ParameterizedTest
    @ValueSource(longs = {6, 7})
    void whatTheCoverageCallsReversibleIsNeverKept(long seed) throws MappingMismatch {
        RandomOperations random = new RandomOperations(seed);
        int reversible = 0;
        for (int i = 0; i < MAPPINGS; i++) {
            TableSchema schema = schema(random);
            Mapper mapper = Mapper.bind(mapping(schema, random), schema);
            for (int j = 0; j < ROWS; j++) {
                if (mapper.map(row(schema, random)) instanceof Outcome.Accepted<Mapped> made) {
                    for (Coverage.Of of : mapper.coverage().columns()) {
                        if (of.keeping() == Coverage.Keeping.REVERSIBLE || of.keeping() == Coverage.Keeping.DROPPED) {
                            reversible++;
                            assertThat(((MappedRow) made.value()).raw()).doesNotContainKey(of.column());
                        }
                    }
                }
            }
        }
        assertThat(reversible).isPositive();
    }

    /** A column that is read beside others, and held by no column of its own, comes back from a by-product. */
    @ParameterizedTest
    @ValueSource(longs = {10, 11})
    void aUnitComesBackFromTheUnitOfItsValue(long seed) throws MappingMismatch {
        RandomOperations random = new RandomOperations(seed);
        int restored = 0;
        int kept = 0;
        for (int i = 0; i < MAPPINGS; i++) {
            TableSchema schema = schema(random);
            Mapper mapper = Mapper.bind(mapping(schema, random), schema);
            Coverage.Of unit = mapper.coverage().of(UNIT);
            if (!unit.restoredBy().endsWith("_unit")) {
                continue;
            }
            for (int j = 0; j < ROWS; j++) {
                Row row = row(schema, random);
                if (row.cell(UNIT) != Cell.NULL && mapper.map(row) instanceof Outcome.Accepted<Mapped> made) {
                    if (((MappedRow) made.value()).raw().containsKey(UNIT)) {
                        kept++;
                    } else {
                        restored++;
                    }
                }
            }
        }
        assertThat(restored).isPositive();
        assertThat(kept).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 9})
    void aPureCopyKeepsNothingBesideTheRow(long seed) throws MappingMismatch {
        Samples samples = new Samples(seed);
        int accepted = 0;
        for (int i = 0; i < MAPPINGS; i++) {
            TableSchema schema = samples.schema(SOURCE);
            Mapper mapper = Mapper.bind(TableMapping.copy(SOURCE, TARGET, 1), schema);
            Row row = samples.row(schema);
            if (mapper.map(row) instanceof Outcome.Accepted<Mapped> made) {
                accepted++;
                MappedRow mapped = (MappedRow) made.value();
                assertThat(mapped.raw()).isEmpty();
                assertThat(mapped.findings()).isEmpty();
                assertThat(mapper.invert(mapped.row(), mapped.raw())).isEqualTo(row);
            }
        }
        assertThat(accepted).isPositive();
    }

    private static TableSchema schema(RandomOperations random) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("id", ColumnType.of(Kind.INT64), false));
        columns.add(new Column(UNIT, ColumnType.of(random.chance(3) ? Kind.INT32 : Kind.TEXT), true));
        for (int i = 0; i < 6; i++) {
            columns.add(new Column("c" + i, random.type(), random.chance(2)));
        }
        return new TableSchema(SOURCE, columns, List.of("id"));
    }

    private static Row row(TableSchema schema, RandomOperations random) {
        List<Cell> cells = new ArrayList<>();
        for (Column column : schema.columns()) {
            boolean absent = column.nullable() && random.chance(5);
            cells.add(
                    absent
                            ? Cell.NULL
                            : column.name().equals(UNIT) ? random.unit(column.type()) : random.value(column.type()));
        }
        return new Row(schema, cells);
    }

    private static TableMapping mapping(TableSchema schema, RandomOperations random) {
        List<ColumnMapping> columns = new ArrayList<>(List.of(From.copy("key", "id"), new Constant("system", "x")));
        Set<String> dropped = new HashSet<>();
        for (Column column : schema.columns().subList(1, schema.columns().size())) {
            String name = column.name();
            if (random.chance(6)) {
                dropped.add(name);
            } else if (random.chance(8)) {
                columns.add(new Joined("joined_" + name, List.of(name, "id"), "/"));
            } else if (!random.chance(6)) {
                // the same column twice: the better of the two gives it back
                for (int i = 0; i < random.one(1, 1, 2); i++) {
                    columns.addAll(column("t" + i + "_" + name, column, random));
                }
            }
        }
        return new TableMapping(SOURCE, TARGET, 1, columns, random.one(Rest.COPY, Rest.RAW, Rest.DROP), dropped);
    }

    private static List<ColumnMapping> column(String target, Column source, RandomOperations random) {
        List<Operation> chain = new ArrayList<>(random.chain(source.type()));
        if (!source.name().equals(UNIT) && random.chance(2)) {
            Operation reading = random.reading(UNIT);
            if (RandomOperations.after(reading, type(source.type(), chain)).isPresent()) {
                chain.add(reading);
            }
        }
        boolean text = isText(source.type(), chain);
        OnFailure invalid = policy(text, random);
        List<ColumnMapping> columns = new ArrayList<>();
        columns.add(new From(target, source.name(), chain, invalid, policy(text, random)));
        Set<String> parts = new HashSet<>();
        for (Operation operation : chain) {
            operation.parts().keySet().stream()
                    .filter(parts::add)
                    .forEach(part -> columns.add(new Part(target + "_" + part, target, part)));
        }
        return columns;
    }

    private static boolean isText(ColumnType source, List<Operation> chain) {
        ColumnType type = type(source, chain);
        return type.kind() == Kind.TEXT || type.kind() == Kind.CHAR;
    }

    private static ColumnType type(ColumnType source, List<Operation> chain) {
        ColumnType type = source;
        for (Operation operation : chain) {
            type = RandomOperations.after(operation, type).orElseThrow();
        }
        return type;
    }

    private static OnFailure policy(boolean text, RandomOperations random) {
        OnFailure policy = random.one(OnFailure.DEAD_LETTER, OnFailure.NULL_WITH_RAW, OnFailure.KEEP_RAW);
        return policy == OnFailure.KEEP_RAW && !text ? OnFailure.NULL_WITH_RAW : policy;
    }

    private static Row withoutDropped(Row row, Mapper mapper) {
        List<Cell> cells = new ArrayList<>();
        for (Column column : row.schema().columns()) {
            boolean dropped = mapper.coverage().of(column.name()).keeping() == Coverage.Keeping.DROPPED;
            cells.add(dropped ? Cell.UNCHANGED : row.cell(column.name()));
        }
        return new Row(row.schema(), cells);
    }
}
