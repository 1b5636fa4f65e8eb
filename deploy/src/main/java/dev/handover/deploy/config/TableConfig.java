package dev.handover.deploy.config;

import dev.handover.drift.DriftPolicy;
import dev.handover.mapping.InvalidExpression;
import dev.handover.mapping.OnFailure;
import dev.handover.mapping.Operation;
import dev.handover.mapping.TableMapping.RawPlace;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.cel.CelExpression;
import dev.handover.mapping.operation.Case;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one source table becomes one target table. A source table may stand here more than once, with different targets;
 * several tables of one source may have one target, told apart by constants in {@link #targetKey}.
 */
public record TableConfig(
        @Key(value = "Source table, `source.schema.table`", pattern = "[a-z][a-z0-9_-]*\\.[^.]+\\.[^.]+")
        String from,

        @Key(value = "Target table, `schema.table`", pattern = "[^.]+\\.[^.]+")
        String to,

        @Key("Columns that identify a row, when the source table has no primary key")
        List<String> key,

        @Key("Target columns that identify a row: a copy of every key column of the source, and constants;"
                + " the copies alone when absent")
        List<String> targetKey,

        @Key(value = "Version of this table's mapping; the file's when absent", min = 1)
        Optional<Integer> mappingVersion,

        @Key(
                value = "Where raw values are kept that the target row does not give back: in the row, or in the"
                        + " object store",
                byDefault = "inline")
        RawPlace raw,

        @Key("Which rows have a target row; a row that a rule leaves out is deleted there")
        Optional<Rule> where,

        @Key("Target columns by name; `\"*\": {from: \"*\"}` copies every column not named;"
                + " when there are none, all are copied")
        Map<String, Column> columns,

        @Key("Source columns that are left out on purpose; `*` for all that no column reads")
        List<String> drop,

        @Key("How often each kind of finding is allowed in a column that has no limit of that kind of its own")
        Map<String, FindingLimit> limits,

        @Key("How far changes of the source table's schema are followed; the file's `drift` when absent")
        Optional<DriftPolicy> drift) {

    /** Refuses a mapping that contradicts itself. */
    public TableConfig {
        key = List.copyOf(key);
        targetKey = List.copyOf(targetKey);
        drop = List.copyOf(drop);
        limits = FindingLimit.byKind(limits);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        boolean everything = columns.isEmpty() || columns.containsKey("*");
        for (var column : columns.entrySet()) {
            String path = "columns." + column.getKey();
            boolean wildcard = column.getKey().equals("*");
            boolean all = column.getValue().from().orElse("").equals("*");
            if (wildcard != all) {
                throw new Invalid(
                        path,
                        "'*' stands for all columns on both sides or on none",
                        "write it as  \"*\": {from: \"*\"}");
            }
            if (!wildcard && column.getValue().reads().stream().anyMatch(drop::contains)) {
                throw new Invalid(
                        path,
                        "column '" + column.getKey() + "' reads a column that drop leaves out",
                        "remove it from drop, or remove this column");
            }
            part(path, column.getValue(), columns);
        }
        if (drop.contains("*") && everything) {
            throw new Invalid(
                    "drop", "'*' is dropped and copied as well", "name the columns to keep, and remove the wildcard");
        }
        for (String name : targetKey) {
            if (!everything && !columns.containsKey(name)) {
                throw new Invalid("targetKey", "no column '" + name + "' is declared", "add it to columns");
            }
        }
    }

    private static void part(String path, Column column, Map<String, Column> columns) {
        column.part().ifPresent(part -> {
            String of = part.substring(0, part.lastIndexOf('.'));
            if (!columns.containsKey(of)) {
                String hint = Suggestion.of(of, List.copyOf(columns.keySet()))
                        .map(name -> "did you mean '" + name + "'?")
                        .orElse("write it as column.part");
                throw new Invalid(path + ".part", "no column '" + of + "' is declared", hint);
            }
        });
    }

    /** The part of {@code from} before the first full stop. */
    public String source() {
        return from.substring(0, from.indexOf('.'));
    }

    /** What becomes of source columns that are not mentioned. */
    public Rest rest() {
        if (drop.contains("*")) {
            return Rest.DROP;
        }
        return columns.isEmpty() || columns.containsKey("*") ? Rest.COPY : Rest.RAW;
    }

    /** A rule that says which rows stay. */
    public record Rule(
            @Key(value = "Name of the rule; rows that it leaves out are counted under it", pattern = "[a-z][a-z0-9-]*")
            String rule,

            @Key("CEL over `row` that is true for rows that stay")
            String keep) {
        /** Refuses what is no CEL. */
        public Rule {
            checkCel("keep", keep);
        }
    }

    private static void checkCel(String key, String text) {
        try {
            CelExpression.check(text);
        } catch (InvalidExpression wrong) {
            InvalidExpression.Issue issue = wrong.issues().get(0);
            throw (Invalid)
                    new Invalid(key, issue.fact(), "the language is CEL; columns are row.NAME", Optional.of(issue.at()))
                            .initCause(wrong);
        }
    }

    /**
     * How one target column is made: from a source column by operations, or by one of {@code constant}, {@code cel},
     * {@code join} and {@code part}. The operations apply in the order in which they are listed here.
     */
    public record Column(
            @Key("Source column") Optional<String> from,

            @Key(value = "The same text in every row, instead of a source column", asWritten = true)
            Optional<String> constant,

            @Key("A derived column: CEL over `row`, whose fields are the source columns")
            Optional<String> cel,

            @Key(
                    "Type of a derived column, such as `date`, `varchar(20)` or `numeric(10,2)`; what `cel` gives when absent")
            Optional<String> type,

            @Key("Several source columns in one text") Optional<OperationKeys.Join> join,

            @Key(
                    value = "By-product of another target column's operations: `column.part`; parts are `comparator`,"
                            + " `low`, `high`, `system`, `extension`, `display`, `relation`, `alternatives`, `unit`,"
                            + " `unitStatus`",
                    pattern = ".+\\.[^.]+")
            Optional<String> part,

            @Key("Bytes to text, or a text that was read in the wrong character set")
            Optional<OperationKeys.Charset> charset,

            @Key(
                    value = "Values that stand for `unknown` or `never`, and what they become; `null` for nothing",
                    asWritten = true)
            Map<String, Optional<String>> sentinels,

            @Key(value = "Whether white space at both ends is removed", byDefault = "false")
            boolean trim,

            @Key("Unicode's normalization form that texts get")
            Optional<OperationKeys.UnicodeForm> normalize,

            @Key(name = "case", value = "The case that letters get")
            Optional<Case.Form> letters,

            @Key("One part of a text between separators") Optional<OperationKeys.Split> split,

            @Key("A result such as `>300`, `<6` or `0-2`: its number, and parts `comparator`, `low`, `high`; `{}` is"
                    + " enough")
            Optional<OperationKeys.Comparator> comparator,

            @Key(
                    "What a text is read as: `decimal`, `integer`, `epoch-millis`, `epoch-seconds`, or the pattern of a date"
                            + " or time, such as `yyyyMMdd`")
            Optional<String> parse,

            @Key("How the numbers of `parse` and `comparator` are written")
            Optional<OperationKeys.Numbers> numbers,

            @Key("Zone of a local date-time: `source` for the source's clock, or a zone's name")
            Optional<String> timezone,

            @Key("Precision and scale of a number") Optional<OperationKeys.Decimal> decimal,

            @Key(value = "Codes of the source and what they become; `null` for nothing", asWritten = true)
            Map<String, Optional<String>> map,

            @Key("Codes of another system, through a map under `maps`; parts `display`, `system`, `relation`,"
                    + " `alternatives`")
            Optional<OperationKeys.Codes> codes,

            @Key("A quantity to another unit, by the unit that another column names; parts `unit`, `unitStatus`")
            Optional<OperationKeys.Unit> unit,

            @Key("An identifier: its system, formatting and check")
            Optional<OperationKeys.Identifier> identifier,

            @Key(
                    value =
                            "Telephone numbers to E.164: the country (ISO 3166) whose plan those without `+` follow; part"
                                    + " `extension`",
                    pattern = "[A-Z]{2}")
            Optional<String> phone,

            @Key(value = "The most characters that a text may have; longer ones are cut and counted", min = 1)
            Optional<Integer> truncate,

            @Key(value = "Values that the column is known to hold; others pass and are counted", asWritten = true)
            List<String> known,

            @Key(value = "What happens to a value that an operation can't take", byDefault = "dead-letter")
            OnFailure onInvalid,

            @Key(value = "What happens to a code that the map lacks", byDefault = "dead-letter")
            OnFailure onUnmapped,

            @Key("How often each kind of finding is allowed in this column")
            Map<String, FindingLimit> limits)
            implements Checked {

        /** Refuses operations that exclude each other, or that no source column could go through. */
        public Column {
            sentinels = Collections.unmodifiableMap(new LinkedHashMap<>(sentinels));
            limits = FindingLimit.byKind(limits);
            if (!limits.isEmpty() && from.orElse("").equals("*")) {
                throw new Invalid("limits", "'*' is no column of its own", "move limits to the table, beside columns");
            }
            map = Collections.unmodifiableMap(new LinkedHashMap<>(map));
            known = List.copyOf(known);
            List<String> origins = new ArrayList<>();
            from.ifPresent(given -> origins.add("from"));
            constant.ifPresent(given -> origins.add("constant"));
            cel.ifPresent(given -> origins.add("cel"));
            join.ifPresent(given -> origins.add("join"));
            part.ifPresent(given -> origins.add("part"));
            if (origins.size() != 1) {
                throw new Invalid(
                        origins.isEmpty() ? "" : origins.get(1),
                        "a column has one origin",
                        "give exactly one of from, constant, cel, join and part");
            }
            cel.ifPresent(text -> checkCel("cel", text));
            type.ifPresent(text -> {
                if (cel.isEmpty()) {
                    throw new Invalid("type", "only a derived column declares a type", "remove it");
                }
                ColumnTypes.parse("type", text);
            });
            if (cel.isPresent() && onInvalid == OnFailure.KEEP_RAW) {
                throw new Invalid("onInvalid", "a derived column has no raw value", "write null-with-raw");
            }
            if (codes.isPresent() && !map.isEmpty()) {
                throw new Invalid("codes", "codes and map exclude each other", "keep one of them");
            }
            boolean reads = comparator.isPresent()
                    || parse.filter(form -> form.equals("decimal") || form.equals("integer"))
                            .isPresent();
            if (numbers.isPresent() && !reads) {
                throw new Invalid(
                        "numbers", "nothing here reads numbers", "add comparator, parse: decimal or parse: integer");
            }
        }

        @Override
        public void check() {
            List<Operation> operations =
                    ColumnOperations.of(this, ZoneOffset.UTC, () -> ColumnOperations.standIns(this));
            if (!operations.isEmpty() && (from.isEmpty() || from.get().equals("*"))) {
                throw new Invalid(
                        operations.get(0).name(),
                        "operations need one source column to work on",
                        "give from and a column, or remove the operation");
            }
            if (!operations.isEmpty()) {
                ColumnOperations.check(operations);
            }
        }

        /** Source columns that this reads. */
        List<String> reads() {
            List<String> reads = new ArrayList<>();
            from.ifPresent(reads::add);
            join.ifPresent(keys -> reads.addAll(keys.columns()));
            codes.ifPresent(keys -> reads.addAll(keys.columns()));
            unit.ifPresent(keys -> reads.add(keys.column()));
            return reads;
        }
    }
}
