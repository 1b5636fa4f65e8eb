package dev.handover.mapping;

import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.CodeMapBuilder;
import dev.handover.mapping.code.InvalidCodeMap;
import dev.handover.mapping.code.KeyPart;
import dev.handover.mapping.code.Place;
import dev.handover.mapping.code.Relation;
import dev.handover.mapping.code.Several;
import dev.handover.mapping.code.Target;
import dev.handover.mapping.operation.Case;
import dev.handover.mapping.operation.CharacterSet;
import dev.handover.mapping.operation.Codes;
import dev.handover.mapping.operation.Comparator;
import dev.handover.mapping.operation.DecimalScale;
import dev.handover.mapping.operation.Epoch;
import dev.handover.mapping.operation.Identifier;
import dev.handover.mapping.operation.Known;
import dev.handover.mapping.operation.NumberForm;
import dev.handover.mapping.operation.ParseNumber;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Phone;
import dev.handover.mapping.operation.Sentinels;
import dev.handover.mapping.operation.Split;
import dev.handover.mapping.operation.Translate;
import dev.handover.mapping.operation.Trim;
import dev.handover.mapping.operation.Truncate;
import dev.handover.mapping.operation.UnicodeForm;
import dev.handover.mapping.operation.UnitConversion;
import dev.handover.mapping.operation.Zoned;
import dev.handover.mapping.unit.LocalUnits;
import dev.handover.mapping.unit.Quantities;
import dev.handover.mapping.unit.Rounding;
import dev.handover.mapping.unit.Ucum;
import dev.handover.mapping.unit.UnitPolicy;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Samples;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Seeded operations and chains of them, and values with a taste for what operations read. */
final class RandomOperations {
    private static final String[] TEXTS = {
        "19700101",
        "20240230",
        "2024-01-31 10:00",
        "2024-03-10 02:30",
        "9999-12-31",
        "infinity",
        "0000-00-00",
        "500,000",
        "1.234,5",
        "-0.50",
        "+5",
        "007",
        "2.0",
        "1700000000123",
        "<6",
        "=>16",
        "0-2",
        "> 7000 (HIGH)",
        "35/.",
        "920-24-2256",
        "234567891",
        "(202) 555-0123",
        "+12025550123",
        "202-555-0123 x9",
        "M",
        "F",
        "U",
        "-",
        "",
        " ",
        "___",
        "MÃ¼ller",
        "Müller",
        "Straße",
        "Smith, John",
        "a|b|c",
        "e\u0301",
        "\u00b5g",
        "😀😀😀",
        "\uff19",
        "a\0b",
        "\ud800"
    };

    private static final Codes.Policies LENIENT =
            new Codes.Policies(Codes.OnApproximate.ACCEPT, Codes.OnMany.FIRST, Codes.OnNoMap.NULL_WITH_RAW);

    private final RandomGenerator random;
    private final Samples samples;

    RandomOperations(long seed) {
        this.random = new SplittableRandom(seed);
        this.samples = new Samples(seed);
    }

    /** An operation, whatever it takes. */
    Operation operation() {
        List<Supplier<Operation>> all = List.of(
                Trim::new,
                () -> new Case(one(Case.Form.values())),
                () -> new UnicodeForm(one(Normalizer.Form.values())),
                this::sentinels,
                () -> CharacterSet.of("UTF-8"),
                () -> CharacterSet.of("UTF-8", "windows-1252"),
                () -> CharacterSet.of("windows-1252"),
                () -> CharacterSet.of("US-ASCII", "Shift_JIS"),
                () -> CharacterSet.repaired(one("windows-1252", "ISO-8859-1"), "UTF-8"),
                () -> new Split(one(", ", "|", "-"), one(1, 2, -1), random.nextBoolean()),
                () -> new Comparator(form(), List.of("(HIGH)")),
                () -> new ParseTime(one("yyyyMMdd", "yyyy-MM-dd HH:mm", "d.M.yyyy", "yyyy-MM-dd")),
                () -> new ParseNumber(one(ParseNumber.Form.values()), form()),
                () -> new Epoch(one(Epoch.Unit.values())),
                () -> new Zoned(ZoneId.of(one("America/New_York", "Asia/Tokyo", "UTC"))),
                () -> new DecimalScale(one(5, 30), one(0, 2), one(RoundingMode.HALF_UP, RoundingMode.UNNECESSARY)),
                this::translate,
                () -> new Identifier("urn:x", one("", "- ", "0"), one(Optional.empty(), Optional.of("[0-9a-z-]+"))),
                () -> new Phone(one("US", "GB")),
                () -> new Truncate(one(1, 3, 8)),
                () -> new Known(Set.of("M", "F")));
        return all.get(random.nextInt(all.size())).get();
    }

    /** An operation that reads a column of units beside its own. */
    Operation reading(String column) {
        return chance(3)
                ? new Codes(codes(), List.of(column), one(Codes.Policies.STRICT, LENIENT))
                : new UnitConversion(column, quantities());
    }

    private static CodeMap codes() {
        CodeMapBuilder builder = CodeMap.builder("random")
                .key(KeyPart.of("code"), KeyPart.of("unit"))
                .several(Several.CHOICE);
        target(builder, 1, "M", "mg/dL", "male", Relation.EQUIVALENT);
        target(builder, 2, "F", "mg/dL", "female", Relation.EQUIVALENT);
        target(builder, 3, "F", "g/L", "female", Relation.WIDER);
        target(builder, 4, "M", "g/L", "a", Relation.EQUIVALENT);
        target(builder, 5, "M", "g/L", "b", Relation.EQUIVALENT);
        try {
            return builder.noMap(new Place(6, 1), List.of("U", "g/L"))
                    .nothing(new Place(7, 1), List.of("U", "mg/dL"))
                    .target(new Place(8, 1), List.of("U", ""), Target.of("u", "", Relation.EQUIVALENT))
                    .build();
        } catch (InvalidCodeMap wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    private static void target(
            CodeMapBuilder builder, int line, String code, String unit, String target, Relation relation) {
        builder.target(new Place(line, 1), List.of(code, unit), Target.of(target, "", relation));
    }

    private Quantities quantities() {
        Ucum ucum = Ucum.standard();
        Map<String, String> strings = one(
                Map.of("mg/dL", "mg/dL", "g/L", "g/L", "%", "-"),
                Map.of("mg/dL", "mg/dL", "mg/dl", "mg/dL", "g/L", "g/L", "", "g/L"),
                Map.of("", "mg/dL", "g/L", "g/L"),
                Map.of("1", "mg/dL", "2", "g/L", "3", "-", "", "g/L"),
                Map.of("1", "mg/dL", "2", "g/L", "3", "g/L", "4", "?"),
                Map.of("mg/dL", "mg/dL", "g/L", "g/L", "%", "?", "", "-"));
        Optional<Rounding> rounding = one(Optional.empty(), Optional.of(new Rounding(1, RoundingMode.HALF_UP)));
        boolean target = chance(2);
        return new Quantities(
                ucum,
                new Quantities.Spec(
                        LocalUnits.of(ucum, strings, Set.of()),
                        one(UnitPolicy.values()),
                        Set.of(),
                        target ? Optional.of(ucum.require(one("g/L", "mg/dL"))) : Optional.empty(),
                        List.of(),
                        target ? rounding : Optional.empty()));
    }

    /** A string of units, or the number of one. */
    Value unit(ColumnType type) {
        if (type.kind() == Kind.INT32) {
            return new Value.Int(random.nextInt(1, 5));
        }
        return new Value.Text(one("mg/dL", "mg/dL", "g/L", "mg/dl", "%", "", "mm[Hg]", "kg/m3"));
    }

    private Sentinels sentinels() {
        return Sentinels.of(one(
                Map.of("-", Optional.empty(), " ", Optional.<String>empty()),
                Map.of("0000-00-00", Optional.empty(), "9999-12-31", Optional.of("infinity")),
                Map.of("M", Optional.of("F"), "F", Optional.of("M")),
                Map.of("M", Optional.of("1"), "U", Optional.of("1")),
                Map.of("0", Optional.empty(), "-1", Optional.of("0"))));
    }

    private Translate translate() {
        return Translate.of(one(
                Map.of("M", Optional.of("male"), "F", Optional.of("female"), "U", Optional.empty()),
                Map.of("1", Optional.of("yes"), "0", Optional.of("no"), "2", Optional.of("no")),
                Map.of("t", Optional.of("true"), "f", Optional.of("false"))));
    }

    private NumberForm form() {
        return one(NumberForm.PLAIN, new NumberForm(",", "."), new NumberForm(".", ","));
    }

    /** Steps that follow one another from a type, none to four of them. */
    List<Operation> chain(ColumnType from) {
        List<Operation> chain = new ArrayList<>();
        ColumnType type = from;
        int length = random.nextInt(5);
        for (int i = 0; i < 12 && chain.size() < length; i++) {
            Operation operation = operation();
            Optional<ColumnType> after = after(operation, type);
            if (after.isPresent()) {
                chain.add(operation);
                type = after.get();
            }
        }
        return chain;
    }

    /** The type after an operation, if it takes the type before. */
    static Optional<ColumnType> after(Operation operation, ColumnType before) {
        TableSchema none = new TableSchema(
                TableId.target("x", "x"), List.of(new dev.handover.row.Column("x", before, false)), List.of("x"));
        try {
            return Optional.of(operation.after(before, none));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A type of any kind. */
    ColumnType type() {
        Kind kind = one(Kind.values());
        return switch (random.nextInt(3)) {
            case 0 -> ColumnType.of(Kind.TEXT);
            case 1 ->
                kind == Kind.DECIMAL
                        ? ColumnType.decimal(8, 2)
                        : ColumnType.of(one(Kind.INT32, Kind.BYTES, Kind.FLOAT32));
            default -> kind == Kind.NATIVE ? ColumnType.postgres("int4range") : ColumnType.of(kind);
        };
    }

    /** A value of a type, in canonical form, more often than not one that some operation reads. */
    Value value(ColumnType type) {
        boolean odd = random.nextInt(3) == 0;
        if (type.kind() == Kind.DECIMAL && type.length() != ColumnType.UNLIMITED) {
            return Value.Decimal.of(java.math.BigDecimal.valueOf(random.nextLong(-20_000, 20_000), type.scale()));
        }
        if (odd) {
            return samples.value(type);
        }
        return switch (type.kind()) {
            case TEXT -> new Value.Text(one(TEXTS));
            case CHAR -> new Value.Text(one(TEXTS).stripTrailing());
            case BYTES ->
                new Value.Bytes(one(TEXTS).getBytes(one(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1)));
            case INT16, INT32, INT64 -> new Value.Int(random.nextInt(-3, 4));
            case FLOAT32 -> new Value.Real((float) (random.nextInt(-50, 50) / 10.0));
            case FLOAT64 -> new Value.Real(random.nextInt(-500, 500) / 100.0);
            case DATE -> new Value.Text(one("0000-00-00", "9999-12-31", "2024-02-29"));
            case TIMESTAMP ->
                new Value.Text(one("2024-11-03 01:30:00", "2024-03-10 02:30:00", "2024-06-01 00:00:00.5"));
            default -> samples.value(type);
        };
    }

    @SafeVarargs
    final <T> T one(T... of) {
        return of[random.nextInt(of.length)];
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}
