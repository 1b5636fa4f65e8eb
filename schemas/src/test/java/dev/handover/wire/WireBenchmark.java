package dev.handover.wire;

import dev.handover.change.CanonicalChange;
import dev.handover.change.Lineage;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Origin;
import dev.handover.change.Provenance;
import dev.handover.change.SourceChange;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.CanonicalBytes;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.digest.FingerprintKey;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/**
 * What is done to each change between the databases, but for the servers: a row of 16 columns, about 250 bytes, as
 * observations are.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class WireBenchmark {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
    private static final SourceId PAS = new SourceId("pas");
    private static final TableId SOURCE = TableId.parse("pas.public.observation");
    private static final TableId TARGET = TableId.target("clinical", "observation");

    private final SourceEvents source;
    private final CanonicalEvents canonical;
    private final FingerprintKey key = FingerprintKey.of("a key of a benchmark".getBytes(StandardCharsets.UTF_8));
    private final Mapper mapper;
    private final CanonicalBytes encoder;
    private final SourceChange.Upsert change;
    private final CanonicalChange.Upsert made;
    private final Encoded changeBytes;
    private final Encoded madeBytes;
    private final SourcePosition later = SourcePosition.postgres(PAS, 0x16B3748, 4);

    public WireBenchmark() {
        SchemaRegistry registry = new InMemorySchemaRegistry();
        source = new SourceEvents(new Topics("demo"), 4, registry);
        canonical = new CanonicalEvents(new Topics("demo"), registry);
        Row row = row();
        Lineage lineage = new Lineage(Origin.STREAM, "771", NOON, NOON);
        change = new SourceChange.Upsert(row.key(), SourcePosition.postgres(PAS, 0x16B3748, 3), lineage, row);
        try {
            mapper = Mapper.bind(TableMapping.copy(SOURCE, TARGET, 1), row.schema());
        } catch (MappingMismatch e) {
            throw new IllegalStateException(e);
        }
        encoder = CanonicalBytes.of(mapper.target());
        Row target = new Row(mapper.target(), row.cells());
        made = new CanonicalChange.Upsert(
                target.key(),
                change.position(),
                new Provenance(SOURCE, lineage, new LogCoordinates("demo.source.pas.public.observation", 2, 77), 1),
                new BucketState(Bucket.of(target.key()), 3, new Digest(250, -1, 2, -3, 4)),
                target,
                new Fingerprint(1, -2, 3, -4),
                Map.of(),
                List.of());
        changeBytes = source.encode(change);
        madeBytes = canonical.encode(made);
    }

    private static Row row() {
        List<Column> columns = new ArrayList<>();
        List<Cell> cells = new ArrayList<>();
        add(columns, cells, ColumnType.of(Kind.INT64), new Value.Int(4_711_001));
        add(columns, cells, ColumnType.of(Kind.INT64), new Value.Int(815_000));
        add(columns, cells, ColumnType.of(Kind.INT64), new Value.Int(77_321));
        add(columns, cells, ColumnType.of(Kind.TEXT), new Value.Text("10211-3"));
        add(columns, cells, ColumnType.of(Kind.TEXT), new Value.Text("Observation 8f14e45fceea167a5a"));
        add(columns, cells, ColumnType.decimal(0, 0), new Value.Decimal("42425.60000"));
        add(columns, cells, ColumnType.of(Kind.FLOAT64), new Value.Real(14_142.135));
        add(columns, cells, ColumnType.of(Kind.TEXT), Cell.NULL);
        add(columns, cells, ColumnType.of(Kind.TEXT), new Value.Text("mmol/L"));
        add(columns, cells, ColumnType.of(Kind.TIMESTAMPTZ), new Value.Text("2024-07-01 10:00:00.25+00"));
        add(columns, cells, ColumnType.of(Kind.DATE), new Value.Text("2024-07-01"));
        add(columns, cells, ColumnType.of(Kind.BOOLEAN), new Value.Bool(true));
        add(
                columns,
                cells,
                ColumnType.of(Kind.JSONB),
                new Value.Text("{\"q\": 7, \"ok\": true, \"device\": \"8f14e45fce\"}"));
        add(columns, cells, ColumnType.of(Kind.UUID), new Value.Text("8f14e45f-ceea-467a-9a5a-8f14e45fceea"));
        add(columns, cells, ColumnType.of(Kind.TIMESTAMPTZ), new Value.Text("2023-01-01 00:16:39.001+00"));
        add(columns, cells, ColumnType.of(Kind.TEXT), Cell.NULL);
        return new Row(new TableSchema(SOURCE, columns, List.of("c0")), cells);
    }

    private static void add(List<Column> columns, List<Cell> cells, ColumnType type, Cell cell) {
        columns.add(new Column("c" + columns.size(), type, !columns.isEmpty()));
        cells.add(cell);
    }

    /** As capture writes it. */
    @Benchmark
    public Encoded encodeSource() {
        return source.encode(change);
    }

    /** As the transform reads it. */
    @Benchmark
    public Object decodeSource() {
        return source.decode(changeBytes.key(), Optional.of(changeBytes.value()));
    }

    /** Every column by name. */
    @Benchmark
    public Object map() {
        return mapper.map(change.after());
    }

    /** Canonical bytes, and their HMAC. */
    @Benchmark
    public Fingerprint fingerprint() {
        return key.of(encoder, made.row());
    }

    /** As the transform writes it. */
    @Benchmark
    public Encoded encodeCanonical() {
        return canonical.encode(made);
    }

    /** As the sink reads it. */
    @Benchmark
    public Object decodeCanonical() {
        return canonical.decode(madeBytes.key(), Optional.of(madeBytes.value()));
    }

    /** What the guard asks. */
    @Benchmark
    public boolean comparePositions() {
        return later.isAfter(change.position());
    }

    /** Where a key belongs. */
    @Benchmark
    public Bucket bucket() {
        RowKey rowKey = change.key();
        return Bucket.of(rowKey);
    }
}
