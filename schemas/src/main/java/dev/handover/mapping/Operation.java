package dev.handover.mapping;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.Value;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One step from a source value to a target value. Null is never an operation's business: it stays null. */
public sealed interface Operation {
    /**
     * The type after this step. @throws IllegalArgumentException when the step cannot take that type; names the types
     * only
     */
    ColumnType after(ColumnType before);

    /** The value after this step, null where the step says so, or why it cannot be. */
    Outcome<Cell> apply(Value value, String where);

    /** Whether a value that is present may become null. */
    default boolean mayYieldNull() {
        return false;
    }

    /** Without white space (as Unicode defines it) at both ends. */
    record Trim() implements Operation {
        @Override
        public ColumnType after(ColumnType before) {
            return require(before, "trim", Kind.TEXT, Kind.CHAR);
        }

        @Override
        public Outcome<Cell> apply(Value value, String where) {
            return Outcome.accepted(new Value.Text(((Value.Text) value).value().strip()));
        }
    }

    /**
     * Text to a date, or to a timestamp where the pattern has hours. Patterns are those of
     * {@link DateTimeFormatter#ofPattern(String)}, resolved strictly: 30 February is refused.
     */
    final class Parse implements Operation {
        private final String pattern;
        private final DateTimeFormatter formatter;
        private final boolean hasTime;

        /** @throws IllegalArgumentException when the pattern is none */
        public Parse(String pattern) {
            this.pattern = Objects.requireNonNull(pattern, "pattern");
            // "y" is the year of an era, and strict resolution would want the era too.
            this.formatter = DateTimeFormatter.ofPattern(pattern.replace('y', 'u'), Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);
            this.hasTime = pattern.indexOf('H') >= 0 || pattern.indexOf('h') >= 0;
        }

        @Override
        public ColumnType after(ColumnType before) {
            require(before, "parse", Kind.TEXT, Kind.CHAR);
            return ColumnType.of(hasTime ? Kind.TIMESTAMP : Kind.DATE);
        }

        @Override
        public Outcome<Cell> apply(Value value, String where) {
            String text = ((Value.Text) value).value();
            try {
                if (hasTime) {
                    return Outcome.accepted(timestamp(LocalDateTime.parse(text, formatter)));
                }
                LocalDate date = LocalDate.parse(text, formatter);
                if (date.getYear() < 1 || date.getYear() > 9999) {
                    return Outcome.rejected(Reason.UNPARSABLE, where);
                }
                return Outcome.accepted(new Value.Text(DateTimeFormatter.ISO_LOCAL_DATE.format(date)));
            } catch (DateTimeParseException e) {
                return Outcome.rejected(Reason.UNPARSABLE, where);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Parse that && pattern.equals(that.pattern);
        }

        @Override
        public int hashCode() {
            return pattern.hashCode();
        }

        @Override
        public String toString() {
            return "parse " + pattern;
        }
    }

    /** A code to text by a table; a code may stand for null. Codes are compared as canonical text. */
    record Translate(Map<String, Optional<String>> codes) implements Operation {
        public Translate {
            codes = Map.copyOf(codes);
            if (codes.isEmpty()) {
                throw new IllegalArgumentException("a map has at least one code");
            }
        }

        @Override
        public ColumnType after(ColumnType before) {
            if (before.kind() == Kind.BYTES) {
                throw new IllegalArgumentException("map cannot take " + before.name());
            }
            return ColumnType.of(Kind.TEXT);
        }

        @Override
        public Outcome<Cell> apply(Value value, String where) {
            Optional<String> meaning = codes.get(PostgresText.format(value));
            if (meaning == null) {
                return Outcome.rejected(Reason.UNMAPPED_CODE, where);
            }
            return Outcome.accepted(meaning.<Cell>map(Value.Text::new).orElse(Cell.NULL));
        }

        @Override
        public boolean mayYieldNull() {
            return codes.containsValue(Optional.empty());
        }
    }

    /**
     * A local time of a zone to an instant. A time that the zone's clocks skipped is refused; of a time that they
     * showed twice the first is taken. Infinite timestamps stay.
     */
    record Zoned(ZoneId zone) implements Operation {
        private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern(
                        "uuuu-MM-dd HH:mm:ss[.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S]", Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);

        public Zoned {
            Objects.requireNonNull(zone, "zone");
        }

        @Override
        public ColumnType after(ColumnType before) {
            require(before, "timezone", Kind.TIMESTAMP);
            return ColumnType.of(Kind.TIMESTAMPTZ);
        }

        @Override
        public Outcome<Cell> apply(Value value, String where) {
            String text = ((Value.Text) value).value();
            if (text.equals("infinity") || text.equals("-infinity")) {
                return Outcome.accepted(value);
            }
            LocalDateTime local;
            try {
                local = LocalDateTime.parse(text, LOCAL);
            } catch (DateTimeParseException e) {
                return Outcome.rejected(Reason.UNREPRESENTABLE, where);
            }
            List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
            if (offsets.isEmpty()) {
                return Outcome.rejected(Reason.UNREPRESENTABLE, where);
            }
            LocalDateTime utc = local.atOffset(offsets.get(0))
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toLocalDateTime();
            return Outcome.accepted(new Value.Text(timestamp(utc).value() + "+00"));
        }
    }

    /** Translation tables as a configuration file gives them: a null meaning is SQL's null. */
    static Translate translate(Map<String, ? extends @org.jspecify.annotations.Nullable String> codes) {
        Map<String, Optional<String>> copy = new HashMap<>();
        codes.forEach((code, meaning) -> copy.put(code, Optional.ofNullable(meaning)));
        return new Translate(copy);
    }

    private static Value.Text timestamp(LocalDateTime time) {
        String text = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
                .format(time);
        return dev.handover.row.Temporal.fractionTrimmed(text);
    }

    private static ColumnType require(ColumnType type, String operation, Kind... kinds) {
        if (!List.of(kinds).contains(type.kind())) {
            throw new IllegalArgumentException(operation + " cannot take " + type.name());
        }
        return type;
    }
}
