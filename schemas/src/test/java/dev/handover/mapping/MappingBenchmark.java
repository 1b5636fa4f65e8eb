package dev.handover.mapping;

import dev.handover.change.Outcome;
import dev.handover.digest.CanonicalBytes;
import dev.handover.digest.FingerprintKey;
import dev.handover.mapping.ColumnMapping.From;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.cel.CelExpression;
import dev.handover.mapping.cel.CelRule;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Translate;
import dev.handover.mapping.operation.Trim;
import dev.handover.mapping.operation.Zoned;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What mapping one row of 20 columns costs: copied, with typed operations, and the fingerprint beside them. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class MappingBenchmark {
    private static final TableId SOURCE = TableId.parse("pas.public.patient");
    private static final TableId TARGET = TableId.target("clinical", "patient");
    private static final int GROUPS = 4;

    private final TableSchema schema;
    private final Row row;
    private final Mapper copying;
    private final Mapper typed;
    private final Mapper computed;
    private final CanonicalBytes encoder;
    private final FingerprintKey key = FingerprintKey.of("a key of a benchmark".getBytes(StandardCharsets.UTF_8));

    /** Four columns of each kind, and the key among the copied ones. */
    public MappingBenchmark() {
        List<Column> columns = new ArrayList<>();
        List<Cell> cells = new ArrayList<>();
        List<ColumnMapping> mappings = new ArrayList<>();
        for (int i = 0; i < GROUPS; i++) {
            add(columns, cells, "id" + i, ColumnType.of(Kind.INT64), new Value.Int(4_711 + i));
            add(columns, cells, "name" + i, ColumnType.text(40), new Value.Text(i == 0 ? "Ortega " : "Ortega"));
            add(columns, cells, "born" + i, ColumnType.text(8), new Value.Text("19430228"));
            add(columns, cells, "sex" + i, ColumnType.text(1), new Value.Text("F"));
            add(columns, cells, "seen" + i, ColumnType.of(Kind.TIMESTAMP), new Value.Text("2024-07-01 10:00:00.25"));
            mappings.add(from("name" + i, new Trim()));
            mappings.add(from("born" + i, new ParseTime("yyyyMMdd")));
            mappings.add(from("sex" + i, Translate.ofNullable(Map.of("M", "male", "F", "female", "U", "unknown"))));
            mappings.add(from("seen" + i, new Zoned(ZoneId.of("America/New_York"))));
        }
        schema = new TableSchema(SOURCE, columns, List.of("id0"));
        row = new Row(schema, cells);
        copying = bound(TableMapping.copy(SOURCE, TARGET, 1));
        typed = bound(new TableMapping(SOURCE, TARGET, 1, mappings, Rest.COPY, Set.of()));
        computed = bound(derivations());
        encoder = CanonicalBytes.of(copying.target());
    }

    /** A rule, and four derived columns beside the copied ones. */
    private static TableMapping derivations() {
        List<ColumnMapping> derived = List.of(
                derived("initial", "row.name0.substring(0, 1)"),
                derived("adult", "row.born0 < '20061121'"),
                derived("next", "row.id0 + 1"),
                derived("title", "row.sex0 == 'F' ? 'Mrs ' + row.name0.trim() : 'Mr ' + row.name0.trim()"));
        RowRule rule = new RowRule("known", new CelRule("!blank(row.sex0) && row.id0 > 0"));
        return new TableMapping(
                SOURCE,
                TARGET,
                1,
                derived,
                Rest.COPY,
                Set.of(),
                Optional.of(rule),
                List.of(),
                TableMapping.RawPlace.INLINE);
    }

    private static ColumnMapping derived(String column, String cel) {
        return new ColumnMapping.Computed(column, new CelExpression(cel, Optional.empty()), OnFailure.DEAD_LETTER);
    }

    private static void add(List<Column> columns, List<Cell> cells, String name, ColumnType type, Value value) {
        columns.add(new Column(name, type, false));
        cells.add(value);
    }

    private static From from(String column, Operation operation) {
        return new From(column, column, List.of(operation), OnFailure.DEAD_LETTER, OnFailure.DEAD_LETTER);
    }

    private Mapper bound(TableMapping mapping) {
        try {
            return Mapper.bind(mapping, schema);
        } catch (MappingMismatch e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every column as it is. */
    @Benchmark
    public Outcome<Mapped> copied() {
        return copying.map(row);
    }

    /** Sixteen of twenty columns with an operation, each checked for its inverse. */
    @Benchmark
    public Outcome<Mapped> typed() {
        return typed.map(row);
    }

    /** Every column as it is, a rule and four derived columns. */
    @Benchmark
    public Outcome<Mapped> computed() {
        return computed.map(row);
    }

    /** The fingerprint of the copied row, for comparison. */
    @Benchmark
    public Object fingerprint() {
        return copying.map(row).fold(mapped -> key.of(encoder, ((MappedRow) mapped).row()), rejection -> rejection);
    }
}
