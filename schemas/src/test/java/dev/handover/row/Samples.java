package dev.handover.row;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Seeded tables, rows and values, with a taste for the edges of each kind; the same seed gives the same samples. */
public final class Samples {
    private static final String[] TEXTS = {
        "", " ", "Müller", "a'b\"c\\d", "tab\there", "line\nbreak", "😀", "e\u0301", "2.0", "NULL", "\\N", "0000-00-00"
    };

    private static final List<Kind> KINDS = List.of(Kind.values());

    private final RandomGenerator random;

    public Samples(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** A table of 1 to 12 columns with a key of 1 or 2 of them. */
    public TableSchema schema(TableId table) {
        List<Column> columns = new ArrayList<>();
        int keys = 1 + random.nextInt(2);
        int count = keys + random.nextInt(11);
        List<String> key = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = (i % 3 == 0 ? "col" : i % 3 == 1 ? "Mixed Case " : "order") + i;
            Kind kind = i < keys ? keyKind() : KINDS.get(random.nextInt(KINDS.size()));
            columns.add(new Column(name, type(kind), i >= keys && random.nextBoolean()));
            if (i < keys) {
                key.add(name);
            }
        }
        return new TableSchema(table, columns, key);
    }

    private Kind keyKind() {
        return switch (random.nextInt(3)) {
            case 0 -> Kind.INT64;
            case 1 -> Kind.TEXT;
            default -> Kind.UUID;
        };
    }

    private static ColumnType type(Kind kind) {
        return kind == Kind.NATIVE ? ColumnType.postgres("int4range") : ColumnType.of(kind);
    }

    /** A complete row of the schema. */
    public Row row(TableSchema schema) {
        List<Cell> cells = new ArrayList<>();
        for (Column column : schema.columns()) {
            cells.add(column.nullable() && random.nextInt(4) == 0 ? Cell.NULL : value(column.type()));
        }
        return new Row(schema, cells);
    }

    /** A value in the canonical form of the type's kind. */
    public Value value(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> new Value.Bool(random.nextBoolean());
            case INT16 -> new Value.Int((short) random.nextInt());
            case INT32 -> new Value.Int(random.nextInt());
            case INT64 -> new Value.Int(random.nextInt(3) == 0 ? Long.MIN_VALUE : random.nextLong());
            case UINT64 -> Value.Decimal.of(new BigDecimal(new BigInteger(Long.toUnsignedString(random.nextLong()))));
            case DECIMAL -> decimal();
            case FLOAT32 -> new Value.Real(Float.intBitsToFloat(random.nextInt()));
            case FLOAT64 -> new Value.Real(Double.longBitsToDouble(random.nextLong()));
            case TEXT, CHAR, JSON, JSONB -> new Value.Text(text());
            case BYTES -> bytes();
            case BITS, VARBITS -> new Value.Text(Integer.toBinaryString(random.nextInt(256)));
            case DATE -> new Value.Text(one("2024-02-29", "infinity", "0044-03-15 BC", "9999-12-31"));
            case TIME -> new Value.Text(one("00:00:00", "24:00:00", "23:59:59.999999"));
            case TIMETZ -> new Value.Text(one("10:00:00+02", "10:00:00.5-11:30"));
            case TIMESTAMP -> new Value.Text(one("2024-01-31 10:00:00.25", "-infinity", "0001-01-01 00:00:00"));
            case TIMESTAMPTZ -> new Value.Text(one("2024-01-31 10:00:00+00", "0044-03-15 00:00:00+00 BC"));
            case DURATION -> Temporal.duration(random.nextLong(-3_020_399_000_000L, 3_020_399_000_000L));
            case INTERVAL -> Temporal.interval(random.nextInt(), random.nextInt(), random.nextInt());
            case UUID -> new Value.Text(new java.util.UUID(random.nextLong(), random.nextLong()).toString());
            case NATIVE -> new Value.Text(one("empty", "[1,5)", "(,)"));
        };
    }

    private Value.Decimal decimal() {
        return switch (random.nextInt(5)) {
            case 0 -> new Value.Decimal("NaN");
            case 1 -> new Value.Decimal("-Infinity");
            default -> Value.Decimal.of(BigDecimal.valueOf(random.nextLong(), random.nextInt(-5, 20)));
        };
    }

    private Value.Bytes bytes() {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return new Value.Bytes(bytes);
    }

    private String text() {
        return one(TEXTS) + one(TEXTS);
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }
}
