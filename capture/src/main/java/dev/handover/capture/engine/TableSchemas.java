package dev.handover.capture.engine;

import dev.handover.capture.LoggedType;
import dev.handover.capture.SourceCatalog;
import dev.handover.capture.SourceTable;
import dev.handover.capture.decode.LogFormat;
import dev.handover.capture.decode.Reading;
import dev.handover.capture.decode.StreamDecoder;
import dev.handover.capture.engine.RecordedTable.Cause;
import dev.handover.capture.engine.RecordedTable.Standstill;
import dev.handover.drift.Difference;
import dev.handover.drift.DriftPolicy;
import dev.handover.drift.Evolution;
import dev.handover.drift.TypeFit;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourcePosition;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema of every captured table, kept in step with the log. Names and types of columns are those of the log, so a
 * row is read by the schema it was written under, wherever the catalog is by now; the catalog tells only the key, which
 * no log does. When a table's fields change, its policy decides: its changes go on under a schema that grew, registered
 * before anything is sent under it, or the table is parked, until the process ends. Guarded by the turn of the
 * {@link ChangeStream}.
 */
final class TableSchemas implements StreamDecoder.Schemas {
    private static final Logger LOG = LoggerFactory.getLogger(TableSchemas.class);
    private static final Set<String> KEY_PROBLEMS = Set.of(
            "no-key", "key-nullable", "key-column-missing", "identity-nothing", "identity-narrow", "identity-mixed");

    private final SourceCatalog catalog;
    private final Function<TableId, DriftPolicy> policies;
    private final Journal journal;
    private final Map<TableId, RecordedTable> recorded = new TreeMap<>();
    private final Map<TableId, Seen> seen = new HashMap<>();
    private final Set<TableId> reported = new HashSet<>();
    private Map<TableId, SourceTable> live;

    /** What becomes of decisions, within the open transaction. */
    interface Journal {
        /** @throws Fault {@code schema-incompatible} */
        void register(TableSchema schema);

        void remember(RecordedTable table);

        /** Says in the change log that changes of the table are missing from here on. */
        void gap(TableId table);

        /** Leaves a dead letter about a table as a whole. */
        void report(TableId table, SourcePosition at, String why);
    }

    /** What the log showed last of a table, and how it is read. */
    private record Seen(Schema fields, List<String> key, List<String> signature, Reading reading) {}

    /** Why a schema cannot even be told. */
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * @param recorded every table that is captured
     * @param live the catalog as it was at the start
     */
    TableSchemas(
            SourceCatalog catalog,
            Function<TableId, DriftPolicy> policies,
            Map<TableId, RecordedTable> recorded,
            Map<TableId, SourceTable> live,
            Journal journal) {
        this.catalog = catalog;
        this.policies = policies;
        this.recorded.putAll(recorded);
        this.live = Map.copyOf(live);
        this.journal = journal;
    }

    /** The schemas of the tables that go on, as marks declare them. */
    List<TableSchema> current() {
        return recorded.values().stream()
                .filter(table -> table.standstill().isEmpty())
                .map(RecordedTable::held)
                .toList();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The engine keeps one object per table until the table changes.
    public Reading of(TableId table, Schema fields, List<String> key) {
        Seen last = seen.get(table);
        if (last != null && (last.fields() == fields && last.key().equals(key) || isParked(last))) {
            return last.reading();
        }
        List<String> signature =
                fields.fields().stream().map(TableSchemas::signature).toList();
        Reading reading =
                last != null && last.signature().equals(signature) && last.key().equals(key)
                        ? last.reading()
                        : decide(table, fields, last == null);
        seen.put(table, new Seen(fields, key, signature, reading));
        return reading;
    }

    private static boolean isParked(Seen last) {
        return last.reading() instanceof Reading.Parked;
    }

    @Override
    public Reading.Parked truncated(TableId table) {
        Reading.Parked parked = park(table, new Standstill(Cause.TRUNCATED, "the table was truncated at the source"));
        seen.computeIfPresent(table, (id, last) -> new Seen(last.fields(), last.key(), last.signature(), parked));
        return parked;
    }

    /** Why a table does not go on; also where it is not captured. */
    Optional<String> standstill(TableId table) {
        RecordedTable known = recorded.get(table);
        return known == null
                ? Optional.of("it is not captured")
                : known.standstill().map(Standstill::why);
    }

    /**
     * How rows are read that a load brings of a table that is captured: with columns of the catalog that no log has
     * told yet. What the log shows is decided as before, for it may be behind the catalog.
     *
     * @param now the table in the catalog
     */
    Reading loaded(TableId table, Optional<SourceTable> now) {
        Optional<String> still = standstill(table);
        if (still.isPresent()) {
            return new Reading.Parked(still.get());
        }
        RecordedTable before = recorded(table);
        Optional<TableSchema> shown = now.flatMap(SourceTable::schema);
        if (shown.isEmpty()) {
            return new Reading.Parked(now.flatMap(SourceTable::problem)
                    .map(SourceTable.Problem::message)
                    .orElse("it is no longer at the source"));
        }
        Evolution.Decision decision =
                new Evolution(policies.apply(table), before.held(), before.known()).decide(shown.get());
        if (decision instanceof Evolution.Parked parked) {
            return new Reading.Parked(parked.why());
        }
        Evolution.Followed followed = (Evolution.Followed) decision;
        if (!followed.held().equals(before.held())) {
            try {
                journal.register(followed.held());
            } catch (Fault refused) {
                if (!refused.code().equals("schema-incompatible")) {
                    throw refused;
                }
                return new Reading.Parked(String.valueOf(refused.getMessage()));
            }
            RecordedTable grown = new RecordedTable(followed.held(), before.known(), Optional.empty());
            recorded.put(table, grown);
            journal.remember(grown);
            seen.remove(table);
            Map<TableId, SourceTable> newer = new HashMap<>(live);
            now.ifPresent(described -> newer.put(table, described));
            live = Map.copyOf(newer);
        }
        return new Reading.Followed(followed.held(), fields(followed, shown.get()));
    }

    private static Map<String, Column> fields(Evolution.Followed followed, TableSchema shown) {
        return followed.names().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, entry -> shown.column(entry.getKey())
                        .orElseThrow()));
    }

    /**
     * Compares the tables of the catalog with those that are captured, and says what is new or gone.
     *
     * @param at how far the log is read
     */
    void look(SourcePosition at) {
        live = read();
        for (TableId table : live.keySet()) {
            if (!recorded.containsKey(table) && reported.add(table)) {
                LOG.atWarn()
                        .addKeyValue("table", table.text())
                        .log("table is new at the source: it is captured from the next start of capture on");
            }
        }
        for (RecordedTable table : List.copyOf(recorded.values())) {
            TableId id = table.held().table();
            if (!live.containsKey(id) && table.standstill().isEmpty()) {
                Reading.Parked gone = park(
                        id, new Standstill(Cause.GONE, "the table is no longer at the source: dropped or renamed"));
                journal.report(id, at, gone.why());
            }
        }
    }

    private RecordedTable recorded(TableId table) {
        RecordedTable known = recorded.get(table);
        if (known == null) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "table-unselected",
                    "the log brought a change to table " + table + ", which is not selected",
                    "start again: a table that is new at the source is captured from then on");
        }
        return known;
    }

    private Reading decide(TableId table, Schema fields, boolean first) {
        RecordedTable before = recorded(table);
        if (before.standstill()
                .filter(still -> still.cause() == Cause.TRUNCATED)
                .isPresent()) {
            return new Reading.Parked(before.standstill().get().why());
        }
        if (!first) {
            live = read();
        }
        try {
            TableSchema shown = shown(before, fields);
            DriftPolicy policy = policies.apply(table);
            Evolution.Decision decision = new Evolution(policy, before.held(), before.known()).decide(shown);
            if (decision instanceof Evolution.Followed followed) {
                return follow(before, shown, followed);
            }
            return park(table, new Standstill(Cause.SCHEMA, ((Evolution.Parked) decision).why()));
        } catch (Unreadable e) {
            return park(table, new Standstill(Cause.SCHEMA, String.valueOf(e.getMessage())));
        }
    }

    private Reading follow(RecordedTable before, TableSchema shown, Evolution.Followed followed) {
        TableId table = before.held().table();
        try {
            journal.register(followed.held());
        } catch (Fault refused) {
            if (!refused.code().equals("schema-incompatible")) {
                throw refused;
            }
            return park(table, new Standstill(Cause.SCHEMA, String.valueOf(refused.getMessage())));
        }
        Optional<Standstill> kept = before.standstill().filter(still -> still.cause() == Cause.GONE);
        RecordedTable now = new RecordedTable(followed.held(), shown, kept);
        if (!followed.differences().isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("table", table.text())
                    .addKeyValue("change", Difference.text(followed.differences()))
                    .addKeyValue("policy", policies.apply(table))
                    .log("the table's schema changed at the source, and is followed");
        }
        if (before.standstill().isPresent() && kept.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("table", table.text())
                    .log("the table goes on again; what was parked stays in the dead letters");
            journal.gap(table);
        }
        if (!now.equals(before)) {
            recorded.put(table, now);
            journal.remember(now);
        }
        return new Reading.Followed(followed.held(), fields(followed, shown));
    }

    private Reading.Parked park(TableId table, Standstill why) {
        RecordedTable before = recorded(table);
        if (!before.standstill().equals(Optional.of(why))) {
            RecordedTable now = before.standing(why);
            recorded.put(table, now);
            journal.remember(now);
        }
        LOG.atError()
                .addKeyValue("table", table.text())
                .addKeyValue("why", why.why())
                .addKeyValue("remedy", why.remedy())
                .log(
                        why.cause() == Cause.GONE
                                ? "the table stands still, all others go on"
                                : "the table is parked: its changes become dead letters, all others go on");
        return new Reading.Parked(why.why());
    }

    private Map<TableId, SourceTable> read() {
        return catalog.tables().stream().collect(Collectors.toMap(SourceTable::table, Function.identity()));
    }

    /** The source's schema as the log shows it. */
    private TableSchema shown(RecordedTable before, Schema fields) throws Unreadable {
        TableId table = before.held().table();
        Optional<SourceTable> now = Optional.ofNullable(live.get(table));
        List<Field> columns = new ArrayList<>();
        for (Field field : fields.fields()) {
            if (before.held().column(field.name()).isPresent() || !catalog.leavesOut(table, field.name())) {
                columns.add(field);
            }
        }
        List<Optional<ColumnType>> types =
                catalog.types(columns.stream().map(TableSchemas::logged).toList());
        List<Column> shown = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            shown.add(column(before, now, columns.get(i), types.get(i)));
        }
        if (before.held().keyless()) {
            // No log tells the columns that stand for a key.
            before.held().keyColumns().forEach(shown::add);
        }
        List<String> key = key(before, now);
        if (!shown.stream().map(Column::name).toList().containsAll(key)) {
            throw new Unreadable("the key was ("
                    + String.join(", ", before.held().key()) + ") and is (" + String.join(", ", key) + ")");
        }
        return new TableSchema(table, shown, key);
    }

    private static Column column(
            RecordedTable before, Optional<SourceTable> now, Field field, Optional<ColumnType> logged)
            throws Unreadable {
        Optional<Column> known = before.known().column(field.name());
        ColumnType type = logged.or(() -> now.flatMap(SourceTable::schema)
                        .flatMap(schema -> schema.column(field.name()))
                        .or(() -> known)
                        .map(Column::type))
                .orElseThrow(() -> new Unreadable("column \"" + field.name() + "\" has type "
                        + logged(field).name() + ", which cannot travel"));
        boolean nullable = field.schema().isOptional() && !before.held().key().contains(field.name());
        // One name for one type, whatever the statement called it.
        return known.filter(column -> sameType(column.type(), type) && column.nullable() == nullable)
                .orElseGet(() -> new Column(field.name(), type, nullable));
    }

    private static boolean sameType(ColumnType one, ColumnType other) {
        return TypeFit.of(one, other) == TypeFit.SAME;
    }

    /** The key as the catalog tells it, which may be ahead of the log: then more is parked than must be, never less. */
    private static List<String> key(RecordedTable before, Optional<SourceTable> now) throws Unreadable {
        Optional<SourceTable.Problem> problem =
                now.flatMap(SourceTable::problem).filter(found -> KEY_PROBLEMS.contains(found.code()));
        if (problem.isPresent()) {
            throw new Unreadable(problem.get().message());
        }
        return now.flatMap(SourceTable::schema)
                .map(TableSchema::key)
                .orElse(before.held().key());
    }

    private static LoggedType logged(Field field) {
        Map<String, String> told =
                field.schema().parameters() == null ? Map.of() : field.schema().parameters();
        return new LoggedType(
                told.getOrDefault(LogFormat.TYPE, ""),
                number(told.get(LogFormat.LENGTH)),
                number(told.get(LogFormat.SCALE)));
    }

    private static int number(@Nullable String text) {
        return text == null ? -1 : Integer.parseInt(text);
    }

    private static String signature(Field field) {
        return field.name() + " " + field.schema().isOptional() + " " + logged(field);
    }
}
