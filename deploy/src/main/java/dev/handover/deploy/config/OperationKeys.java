package dev.handover.deploy.config;

import dev.handover.mapping.Operation;
import dev.handover.mapping.operation.CharacterSet;
import dev.handover.mapping.operation.Codes.OnApproximate;
import dev.handover.mapping.operation.Codes.OnMany;
import dev.handover.mapping.operation.Codes.OnNoMap;
import dev.handover.mapping.operation.Codes.Policies;
import dev.handover.mapping.operation.DecimalScale;
import dev.handover.mapping.operation.NumberForm;
import dev.handover.mapping.operation.UnitConversion;
import dev.handover.mapping.unit.Conversion;
import dev.handover.mapping.unit.LocalUnits;
import dev.handover.mapping.unit.Quantities;
import dev.handover.mapping.unit.Rational;
import dev.handover.mapping.unit.Ucum;
import dev.handover.mapping.unit.UnitPolicy;
import java.math.RoundingMode;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Operations of the mapping language that take more than one word in the file. */
public final class OperationKeys {
    private OperationKeys() {}

    /** What an operation refuses is a mistake of the file, at that key. */
    static <T> T made(String key, String hint, Supplier<T> operation) {
        try {
            return operation.get();
        } catch (IllegalArgumentException wrong) {
            String message = wrong.getMessage();
            throw (Invalid) new Invalid(key, message == null ? "not valid" : message, hint).initCause(wrong);
        }
    }

    /** A character set. */
    public record Charset(
            @Key("Character set that the bytes are in, such as `UTF-8` or `windows-1252` (MariaDB's latin1)")
            String as,

            @Key("Character set to try where they are not") Optional<String> fallback,

            @Key("Of a text column: the character set in which the database read those bytes by mistake")
            Optional<String> stored) {
        /** Refuses sets that do not exist. */
        public Charset {
            made("", "write UTF-8, windows-1252, ISO-8859-1, ...", () -> operation(as, fallback, stored));
        }

        Operation operation() {
            return operation(as, fallback, stored);
        }

        private static Operation operation(String as, Optional<String> fallback, Optional<String> stored) {
            if (stored.isPresent() && fallback.isPresent()) {
                throw new IllegalArgumentException("stored and fallback exclude each other");
            }
            return stored.map(wrong -> CharacterSet.repaired(wrong, as))
                    .or(() -> fallback.map(other -> CharacterSet.of(as, other)))
                    .orElseGet(() -> CharacterSet.of(as));
        }
    }

    /** Unicode's normalization forms. */
    public enum UnicodeForm implements Spelled {
        NFC(Normalizer.Form.NFC),
        NFD(Normalizer.Form.NFD),
        NFKC(Normalizer.Form.NFKC),
        NFKD(Normalizer.Form.NFKD);

        private final Normalizer.Form form;

        UnicodeForm(Normalizer.Form form) {
            this.form = form;
        }

        Operation operation() {
            return new dev.handover.mapping.operation.UnicodeForm(form);
        }

        @Override
        public String spelling() {
            return name();
        }
    }

    /** A part of a text. */
    public record Split(
            @Key(value = "Text between the parts, as it is", asWritten = true)
            String separator,

            @Key(value = "Which part: counts from 1, or from the end with -1", min = -1000, max = 1000)
            int part,

            @Key(value = "Whether a text without that part is invalid; else it becomes null", byDefault = "true")
            boolean required) {
        /** Refuses part 0. */
        public Split {
            made("", "write {separator: \",\", part: 1}", () -> operation(separator, part, required));
        }

        Operation operation() {
            return operation(separator, part, required);
        }

        private static Operation operation(String separator, int part, boolean required) {
            return new dev.handover.mapping.operation.Split(separator, part, required);
        }
    }

    /** How numbers are written. */
    public record Numbers(
            @Key(value = "Character between groups of three digits; none when absent", asWritten = true)
            Optional<String> grouping,

            @Key(value = "Character before the fraction", byDefault = ".", asWritten = true)
            String point) {
        /** Refuses separators that cannot be told apart. */
        public Numbers {
            made("", "write {grouping: \",\", point: \".\"}", () -> form(grouping, point));
        }

        NumberForm form() {
            return form(grouping, point);
        }

        private static NumberForm form(Optional<String> grouping, String point) {
            return new NumberForm(grouping.orElse(""), point);
        }
    }

    /** A result with a comparator. */
    public record Comparator(
            @Key(value = "Texts that may follow the number, such as `(HIGH)`", asWritten = true)
            List<String> suffixes) {
        /** Refuses blank suffixes. */
        public Comparator {
            suffixes = List.copyOf(suffixes);
            if (suffixes.stream().anyMatch(String::isBlank)) {
                throw new Invalid("suffixes", "a suffix has a character", "remove it");
            }
        }

        Operation operation(NumberForm form) {
            return new dev.handover.mapping.operation.Comparator(form, suffixes);
        }
    }

    /** What becomes of digits beyond a scale. */
    public enum Rounding {
        REFUSE(RoundingMode.UNNECESSARY),
        HALF_UP(RoundingMode.HALF_UP),
        HALF_EVEN(RoundingMode.HALF_EVEN),
        HALF_DOWN(RoundingMode.HALF_DOWN),
        UP(RoundingMode.UP),
        DOWN(RoundingMode.DOWN),
        CEILING(RoundingMode.CEILING),
        FLOOR(RoundingMode.FLOOR);

        private final RoundingMode mode;

        Rounding(RoundingMode mode) {
            this.mode = mode;
        }
    }

    /** A number of fixed precision. */
    public record Decimal(
            @Key(value = "Digits in all", min = 1, max = DecimalScale.PRECISION_MAX)
            int precision,

            @Key(value = "Digits after the point", max = DecimalScale.PRECISION_MAX)
            int scale,

            @Key(value = "What becomes of further digits after the point", byDefault = "refuse")
            Rounding rounding) {
        /** Refuses a scale above the precision. */
        public Decimal {
            if (scale > precision) {
                throw new Invalid("scale", "the scale is above the precision", "write {precision: 10, scale: 2}");
            }
        }

        Operation operation() {
            return new DecimalScale(precision, scale, rounding.mode);
        }
    }

    /** An identifier of a system. */
    public record Identifier(
            @Key("What the identifier is unique in, such as `http://hl7.org/fhir/sid/us-ssn`; part `system`")
            String system,

            @Key(value = "Characters that only format it and are left out, such as `- `", asWritten = true)
            Optional<String> strip,

            @Key("Regular expression that what remains must match as a whole")
            Optional<String> pattern) {
        /** Refuses what is no regular expression. */
        public Identifier {
            made("pattern", "write it as [0-9]{9}", () -> operation(system, strip, pattern));
        }

        Operation operation() {
            return operation(system, strip, pattern);
        }

        private static Operation operation(String system, Optional<String> strip, Optional<String> pattern) {
            return new dev.handover.mapping.operation.Identifier(system, strip.orElse(""), pattern);
        }
    }

    /** Several source columns in one text. */
    public record Join(
            @Key(value = "Source columns in order; null ones are left out", atLeast = 1)
            List<String> columns,

            @Key(value = "Text between them", byDefault = " ", asWritten = true)
            String separator) {
        /** Copies the list. */
        public Join {
            columns = List.copyOf(columns);
        }
    }

    /** Codes of another system. */
    public record Codes(
            @Key("Name of a map of codes under `maps`") String map,

            @Key("Source columns that the map is looked up by besides the code, in the order of its key")
            List<String> columns,

            @Key(
                    value = "What happens to a code whose only equivalent is wider, narrower or inexact",
                    byDefault = "accept")
            OnApproximate onApproximate,

            @Key(value = "What happens to a code that has several equivalents", byDefault = "dead-letter")
            OnMany onMany,

            @Key(value = "What happens to a code that has no equivalent", byDefault = "dead-letter")
            OnNoMap onNoMap) {
        /** Copies the list. */
        public Codes {
            columns = List.copyOf(columns);
        }

        Operation operation(Maps maps) {
            return new dev.handover.mapping.operation.Codes(
                    maps.codes(map), columns, new Policies(onApproximate, onMany, onNoMap));
        }
    }

    /** A quantity in a unit. */
    public record Unit(
            @Key("Source column that names the unit") String column,

            @Key("Name of a map of units under `maps`; without one, only UCUM codes are understood")
            Optional<String> map,

            @Key(
                    value =
                            "What happens to a unit that the map lacks: it is unknown, or UCUM's if that is what the column"
                                    + " holds",
                    byDefault = "strict-map")
            UnitPolicy policy,

            @Key("UCUM code of the unit that values are converted to; without it they stay")
            Optional<String> to,

            @Key("UCUM codes of units of what the column holds, for `map-then-ucum`; `to` and the map's when absent")
            List<String> expected,

            @Key("Conversions that units alone cannot justify, such as by a molar mass")
            List<Factor> conversions,

            @Key("What is done where a converted value has more digits, or no last one; refused when absent")
            Optional<Digits> rounding) {
        /** Refuses what contradicts itself. */
        public Unit {
            expected = List.copyOf(expected);
            conversions = List.copyOf(conversions);
            to.ifPresent(code -> unit("to", code));
            expected.forEach(code -> unit("expected", code));
            if (to.isEmpty() && !conversions.isEmpty()) {
                throw new Invalid("conversions", "without a unit to convert to", "add  to");
            }
            if (to.isEmpty() && rounding.isPresent()) {
                throw new Invalid("rounding", "without a unit to convert to nothing is rounded", "add  to");
            }
            if (map.isEmpty() && policy == UnitPolicy.STRICT_MAP) {
                throw new Invalid("", "no unit would be known", "name a map, or write  policy: map-then-ucum");
            }
            if (map.isEmpty() && to.isEmpty() && expected.isEmpty()) {
                throw new Invalid("", "UCUM's codes pass only as units of something", "add  to  or  expected");
            }
        }

        private static dev.handover.mapping.unit.Unit unit(String key, String code) {
            return made(key, "write a UCUM code, such as mg/dL", () -> Ucum.standard()
                    .require(code));
        }

        Operation operation(Maps maps) {
            Optional<dev.handover.mapping.unit.Unit> target = to.map(code -> unit("to", code));
            Quantities quantities = made(
                    "unit",
                    "correct the keys of unit",
                    () -> new Quantities(
                            Ucum.standard(),
                            new Quantities.Spec(
                                    map.map(maps::units).orElseGet(LocalUnits::empty),
                                    policy,
                                    expected.stream()
                                            .map(code -> unit("expected", code))
                                            .collect(Collectors.toSet()),
                                    target,
                                    conversions.stream()
                                            .map(factor -> factor.conversion(target.orElseThrow()))
                                            .toList(),
                                    rounding.map(Digits::rounding))));
            return new UnitConversion(column, quantities);
        }
    }

    /** How many of one unit another is, for one substance or surface. */
    public record Factor(
            @Key("UCUM code of the unit that values have") String from,

            @Key(
                    value = "How many of `to` one of these is: a decimal or a fraction, such as `1000/18016`",
                    asWritten = true)
            String factor) {
        /** Refuses what is no unit or number. */
        public Factor {
            Unit.unit("from", from);
            made("factor", "write it as 0.0555 or 1000/18016", () -> number(factor));
        }

        private static Rational number(String factor) {
            try {
                return Rational.parse(factor);
            } catch (ArithmeticException | NumberFormatException wrong) {
                throw new IllegalArgumentException("not a number", wrong);
            }
        }

        Conversion conversion(dev.handover.mapping.unit.Unit to) {
            return Conversion.declared(Unit.unit("from", from), to, number(factor));
        }
    }

    /** Digits of a converted value. */
    public record Digits(
            @Key(value = "Digits after the point", max = dev.handover.mapping.unit.Rounding.SCALE_MAX)
            int scale,

            @Key(value = "What becomes of further digits", byDefault = "half-up")
            Rounding mode) {
        /** Refuses a rounding that never rounds. */
        public Digits {
            if (mode == Rounding.REFUSE) {
                throw new Invalid("mode", "a rounding that never rounds is none", "leave rounding out");
            }
        }

        dev.handover.mapping.unit.Rounding rounding() {
            return new dev.handover.mapping.unit.Rounding(scale, mode.mode);
        }
    }
}
