package dev.handover.deploy.config;

import dev.handover.mapping.OnFailure;
import dev.handover.mapping.operation.ParseTime;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How one source table becomes one target table. */
public record TableConfig(
        @Key(value = "Source table, `source.schema.table`", pattern = "[a-z][a-z0-9_-]*\\.[^.]+\\.[^.]+")
        String from,

        @Key(value = "Target table, `schema.table`", pattern = "[^.]+\\.[^.]+")
        String to,

        @Key("Columns that identify a row, when the source table has no primary key")
        List<String> key,

        @Key(value = "Version of this table's mapping; the file's when absent", min = 1)
        Optional<Integer> mappingVersion,

        @Key("Target columns by name; `\"*\": {from: \"*\"}` copies every column not named;"
                + " when there are none, all are copied")
        Map<String, Column> columns,

        @Key("Source columns that are left out on purpose") List<String> drop) {

    /** Refuses a mapping that contradicts itself. */
    public TableConfig {
        key = List.copyOf(key);
        drop = List.copyOf(drop);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        for (var column : columns.entrySet()) {
            boolean wildcard = column.getKey().equals("*");
            boolean all = column.getValue().from().orElse("").equals("*");
            if (wildcard != all) {
                throw new Invalid(
                        "columns." + column.getKey(),
                        "'*' stands for all columns on both sides or on none",
                        "write it as  \"*\": {from: \"*\"}");
            }
            if (drop.contains(column.getValue().from().orElse(""))) {
                throw new Invalid(
                        "columns." + column.getKey(),
                        "column '" + column.getKey() + "' reads a column that drop leaves out",
                        "remove it from drop, or remove this column");
            }
        }
    }

    /** The part of {@code from} before the first full stop. */
    public String source() {
        return from.substring(0, from.indexOf('.'));
    }

    /** How one target column is made. The operations apply in the order in which they are listed here. */
    public record Column(
            @Key("Source column") Optional<String> from,

            @Key(value = "The same text in every row, instead of a source column", asWritten = true)
            Optional<String> constant,

            @Key(value = "Whether white space at both ends is removed", byDefault = "false")
            boolean trim,

            @Key("Pattern of a date or time kept as text, such as `yyyyMMdd`")
            Optional<String> parse,

            @Key(value = "Codes of the source and what they become; `null` for nothing", asWritten = true)
            Map<String, Optional<String>> map,

            @Key("Zone of a local date-time: `source` for the source's clock, or a zone's name")
            Optional<String> timezone,

            @Key(value = "What happens when a value can't be parsed", byDefault = "dead-letter")
            OnFailure onInvalid,

            @Key(value = "What happens to a code that the map lacks", byDefault = "dead-letter")
            OnFailure onUnmapped) {

        /** Refuses operations that exclude each other. */
        public Column {
            map = Collections.unmodifiableMap(new LinkedHashMap<>(map));
            if (from.isPresent() == constant.isPresent()) {
                throw new Invalid(
                        from.isPresent() ? "constant" : "",
                        "a column comes from a source column or is constant",
                        "give exactly one of from and constant");
            }
            boolean changes = trim || parse.isPresent() || !map.isEmpty() || timezone.isPresent();
            if (changes && (constant.isPresent() || from.orElse("").equals("*"))) {
                throw new Invalid(
                        "", "operations need one source column to work on", "remove trim, parse, map and timezone");
            }
            if (parse.isPresent() && !map.isEmpty()) {
                throw new Invalid("map", "parse and map exclude each other", "keep one of them");
            }
            timezone.ifPresent(Column::zone);
            parse.ifPresent(Column::pattern);
        }

        private static ParseTime pattern(String pattern) {
            try {
                return new ParseTime(pattern);
            } catch (IllegalArgumentException wrong) {
                throw (Invalid) new Invalid("parse", "not a pattern of a date or time", "write it as yyyyMMdd")
                        .initCause(wrong);
            }
        }

        private static void zone(String name) {
            try {
                if (!name.equals("source")) {
                    ZoneId.of(name);
                }
            } catch (DateTimeException unknown) {
                throw (Invalid) new Invalid("timezone", "unknown time zone", "write it as America/New_York or source")
                        .initCause(unknown);
            }
        }
    }
}
