package dev.handover.deploy.config;

import dev.handover.mapping.Operation;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.InvalidCodeMap;
import dev.handover.mapping.code.KeyPart;
import dev.handover.mapping.code.Place;
import dev.handover.mapping.operation.Case;
import dev.handover.mapping.operation.Epoch;
import dev.handover.mapping.operation.Known;
import dev.handover.mapping.operation.NumberForm;
import dev.handover.mapping.operation.ParseNumber;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Phone;
import dev.handover.mapping.operation.Sentinels;
import dev.handover.mapping.operation.Translate;
import dev.handover.mapping.operation.Trim;
import dev.handover.mapping.operation.Truncate;
import dev.handover.mapping.operation.Zoned;
import dev.handover.mapping.unit.LocalUnits;
import dev.handover.mapping.unit.Ucum;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The operations that the file declares of a column, in the fixed order in which they apply. */
final class ColumnOperations {
    /** Keys of operations, in the order in which they apply. */
    static final List<String> ORDER = List.of(
            "charset",
            "sentinels",
            "trim",
            "normalize",
            "case",
            "split",
            "comparator",
            "parse",
            "timezone",
            "decimal",
            "map",
            "codes",
            "unit",
            "identifier",
            "phone",
            "truncate",
            "known");

    private static final LocalUnits ONE = LocalUnits.of(Ucum.standard(), Map.of("1", "1"), Set.of());

    private ColumnOperations() {}

    /**
     * @param clock the zone that {@code timezone: source} means
     * @param maps of the pipeline
     * @throws Invalid when one of them is declared wrongly, at its key
     */
    static List<Operation> of(TableConfig.Column column, ZoneId clock, Supplier<Maps> maps) {
        List<Operation> operations = new ArrayList<>();
        column.charset().map(OperationKeys.Charset::operation).ifPresent(operations::add);
        if (!column.sentinels().isEmpty()) {
            operations.add(Sentinels.of(column.sentinels()));
        }
        if (column.trim()) {
            operations.add(new Trim());
        }
        column.normalize().map(OperationKeys.UnicodeForm::operation).ifPresent(operations::add);
        column.letters().map(Case::new).ifPresent(operations::add);
        column.split().map(OperationKeys.Split::operation).ifPresent(operations::add);
        NumberForm numbers = column.numbers().map(OperationKeys.Numbers::form).orElse(NumberForm.PLAIN);
        column.comparator().map(each -> each.operation(numbers)).ifPresent(operations::add);
        column.parse().map(form -> parse(form, numbers)).ifPresent(operations::add);
        column.timezone().map(name -> new Zoned(zone(name, clock))).ifPresent(operations::add);
        column.decimal().map(OperationKeys.Decimal::operation).ifPresent(operations::add);
        if (!column.map().isEmpty()) {
            operations.add(Translate.of(column.map()));
        }
        column.codes().map(keys -> keys.operation(maps.get())).ifPresent(operations::add);
        column.unit().map(keys -> keys.operation(maps.get())).ifPresent(operations::add);
        column.identifier().map(OperationKeys.Identifier::operation).ifPresent(operations::add);
        column.phone().map(ColumnOperations::phone).ifPresent(operations::add);
        column.truncate().map(Truncate::new).ifPresent(operations::add);
        if (!column.known().isEmpty()) {
            operations.add(new Known(new LinkedHashSet<>(column.known())));
        }
        return operations;
    }

    /** Maps of the names that a column uses and of nothing else, for what can be told before a map is read. */
    static Maps standIns(TableConfig.Column column) {
        Map<String, CodeMap> codes = new HashMap<>();
        column.codes()
                .ifPresent(
                        keys -> codes.put(keys.map(), codes(1 + keys.columns().size())));
        Map<String, LocalUnits> units = new HashMap<>();
        column.unit().flatMap(OperationKeys.Unit::map).ifPresent(name -> units.put(name, ONE));
        return new Maps(codes, units);
    }

    private static CodeMap codes(int parts) {
        List<String> names = IntStream.range(0, parts).mapToObj(String::valueOf).toList();
        try {
            return CodeMap.builder("")
                    .key(names.stream().map(KeyPart::of).toList())
                    .nothing(Place.NOWHERE, names)
                    .build();
        } catch (InvalidCodeMap impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Operation parse(String form, NumberForm numbers) {
        return switch (form) {
            case "decimal" -> new ParseNumber(ParseNumber.Form.DECIMAL, numbers);
            case "integer" -> new ParseNumber(ParseNumber.Form.INTEGER, numbers);
            case "epoch-millis" -> new Epoch(Epoch.Unit.MILLISECONDS);
            case "epoch-seconds" -> new Epoch(Epoch.Unit.SECONDS);
            default -> pattern(form);
        };
    }

    private static Operation pattern(String pattern) {
        try {
            return new ParseTime(pattern);
        } catch (IllegalArgumentException wrong) {
            throw (Invalid) new Invalid(
                            "parse",
                            "not a pattern of a date or time",
                            "write it as yyyyMMdd, or one of decimal, integer, epoch-millis, epoch-seconds")
                    .initCause(wrong);
        }
    }

    private static Operation phone(String region) {
        return OperationKeys.made("phone", "write the country's two letters: US", () -> new Phone(region));
    }

    private static ZoneId zone(String name, ZoneId clock) {
        try {
            return name.equals("source") ? clock : ZoneId.of(name);
        } catch (DateTimeException unknown) {
            throw (Invalid) new Invalid("timezone", "unknown time zone", "write it as America/New_York or source")
                    .initCause(unknown);
        }
    }

    /**
     * Refuses a chain that no type of source column could go through: what can be told without asking the source.
     *
     * @throws Invalid at the first operation that no type reaches
     */
    static void check(List<Operation> operations) {
        int furthest = -1;
        String fact = "";
        for (Kind kind : Kind.values()) {
            ColumnType type = kind == Kind.NATIVE ? ColumnType.postgres("point") : ColumnType.of(kind);
            int passed = 0;
            try {
                for (Operation operation : operations) {
                    type = operation.after(type);
                    passed++;
                }
                return;
            } catch (IllegalArgumentException refused) {
                if (passed > furthest) {
                    furthest = passed;
                    fact = String.valueOf(refused.getMessage());
                }
            }
        }
        String before =
                furthest == 0 ? "" : " after " + operations.get(furthest - 1).name();
        throw new Invalid(
                operations.get(furthest).name(),
                fact + before,
                "operations apply in the order of: " + String.join(", ", ORDER));
    }
}
