package dev.handover.capture.engine;

import dev.handover.capture.Boundary;
import dev.handover.capture.BulkLoad;
import dev.handover.capture.CaptureConfig;
import dev.handover.capture.ChunkReader;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.Loader;
import dev.handover.capture.SourceCatalog;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.capture.decode.LoadCut;
import dev.handover.capture.decode.LoadCuts;
import dev.handover.capture.load.Loaders;
import dev.handover.capture.load.Pace;
import dev.handover.capture.publish.ChangeLog;
import dev.handover.capture.publish.StateTopic;
import dev.handover.capture.publish.TopicLayout;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.wire.DeadLetters;
import dev.handover.wire.SchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of capture, from the state that earlier runs left to the next one's. */
public final class CaptureRun {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureRun.class);

    /** A little less than a transaction of Kafka may take, by a broker's usual settings. */
    private static final Duration KEYLESS_LOAD_MAX = ChangeLog.LONG_TRANSACTION_MAX.minusMinutes(1);

    private final CaptureConfig config;
    private final SourceCatalog catalog;
    private final Loader loader;
    private final BulkLoad bulk;
    private final Pace pace;
    private final SchemaRegistry registry;
    private final InstantSource clock;
    private final SourceLog source;
    private final SourceId id;
    private final AtomicReference<@Nullable ChangeStream> stream = new AtomicReference<>();
    private volatile boolean stopping;
    private String originCatalog = ""; // the thread of run only
    private final Map<TableId, LoadCut> cuts = new TreeMap<>(); // the thread of run only

    public CaptureRun(
            CaptureConfig config,
            SourceCatalog catalog,
            Loader loader,
            BulkLoad bulk,
            SchemaRegistry registry,
            InstantSource clock) {
        this.config = config;
        this.catalog = catalog;
        this.loader = loader;
        this.bulk = bulk;
        this.pace = new Pace(config.load().rowsPerSecondMax());
        this.registry = registry;
        this.clock = clock;
        this.source = SourceLogs.of(config.source());
        this.id = new SourceId(config.source().name());
    }

    /** Works until stopped. @throws Fault when going on would be unsafe or impossible */
    public void run() {
        SourceEvents events = new SourceEvents(config.topics(), config.partitions(), registry);
        TopicLayout topics = new TopicLayout(config);
        List<SourceTable> live = catalog.tables();
        source.prepare(SourceTable.usable(live));
        topics.ensureState();
        boolean keyless = live.stream()
                .anyMatch(table -> table.schema().filter(TableSchema::keyless).isPresent());
        try (ChangeLog out = ChangeLog.open(
                config.kafka(),
                config.topics(),
                config.source().name(),
                events,
                new DeadLetters(config.topics(), registry),
                config.partitions(),
                keyless ? ChangeLog.LONG_TRANSACTION_MAX : ChangeLog.TRANSACTION_MAX)) {
            StateTopic.Read state = StateTopic.read(config.kafka(), config.topics());
            Ledger ledger = new Ledger(id, state.values());
            CapturedTables captured = CapturedTables.of(ledger, config.source().selection(), live);
            Map<TableId, RecordedTable> recorded = new TreeMap<>(captured.known());
            recorded.forEach(CaptureRun::warn);
            Map<TableId, TableSchema> tables = tables(captured, ledger.origin().isPresent());
            recall(ledger, tables);
            topics.ensure(tables.keySet(), ledger.origin().isPresent(), captured(ledger, tables.keySet()));
            tables.values().forEach(out::register);
            try (Wishes wishes = new Wishes(config, ledger, state.end())) {
                Boundary boundary = loaded(ledger, out, tables, recorded, wishes);
                if (!stopping) {
                    if (source.keepsSchemaHistory() && !ledger.history()) {
                        requireSameTables(tables);
                        topics.recreateHistory();
                    }
                    tables.forEach((table, schema) -> recorded.putIfAbsent(table, RecordedTable.loaded(schema)));
                    stream(out, recorded, live, boundary, ledger, wishes);
                }
            }
        }
    }

    /** Ends {@link #run()}; from any thread. */
    public void stop() {
        stopping = true;
        ChangeStream running = stream.get();
        if (running != null) {
            running.stop();
        }
    }

    private static void warn(TableId table, RecordedTable known) {
        known.standstill().ifPresent(still -> LOG.atWarn()
                .addKeyValue("table", table.text())
                .addKeyValue("why", still.why())
                .addKeyValue("remedy", still.remedy())
                .log("the table stood still when capture ended"));
    }

    /** The tables to capture, under the schemas that their changes are written under. */
    private Map<TableId, TableSchema> tables(CapturedTables captured, boolean begun) {
        Map<TableId, TableSchema> tables = new TreeMap<>(captured.fresh());
        captured.known().forEach((table, known) -> tables.put(table, known.held()));
        captured.refused().forEach((table, problem) -> refuse(table, problem, begun));
        if (tables.isEmpty()) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "no-tables",
                    config.source() + " has no table that is selected",
                    "check include and exclude of the source, and the privileges of its user");
        }
        return tables;
    }

    /** A table that came while others are being captured does not stop them. */
    private static void refuse(TableId table, SourceTable.Problem problem, boolean begun) {
        if (!begun) {
            throw Fault.of(ExitCode.CONFLICT, problem.code(), problem.message(), problem.hint());
        }
        LOG.atError()
                .addKeyValue("table", table.text())
                .addKeyValue("why", problem.message())
                .addKeyValue("remedy", problem.hint())
                .log("the new table cannot be captured, all others go on");
    }

    private static Set<TableId> captured(Ledger ledger, Collection<TableId> selected) {
        Set<TableId> captured = new TreeSet<>(ledger.loaded());
        captured.retainAll(selected);
        return captured;
    }

    /** Where to stream from, after whatever was not loaded is. */
    private Boundary loaded(
            Ledger ledger,
            ChangeLog out,
            Map<TableId, TableSchema> tables,
            Map<TableId, RecordedTable> recorded,
            Wishes wishes) {
        Optional<Ledger.Origin> origin = ledger.origin();
        if (origin.isEmpty()) {
            SourceLog.Start start = begin(ledger, out, tables);
            originCatalog = fingerprint(tables);
            load(start.boundary().position(), Optional.of(start.snapshot()), out, tables, ledger, wishes);
            return start.boundary();
        }
        originCatalog = origin.get().catalog();
        Boundary boundary = CaptureState.requireContinuation(config.source(), source, ledger);
        Set<TableId> done = ledger.loaded();
        Instant now = clock.instant();
        for (TableSchema schema : tables.values()) {
            RecordedTable known = recorded.get(schema.table());
            if (known != null && known.standstill().isPresent()) {
                // It does not go on, and so has no progress to claim.
                continue;
            }
            boolean wasLoaded = done.contains(schema.table());
            boolean isLoaded = wasLoaded && !outdated(ledger, schema.table());
            SourcePosition position =
                    wasLoaded ? boundary.position() : origin.get().low();
            // what was loaded has all its changes up to the boundary in the log: a round of its own
            Origin kind = wasLoaded ? Origin.STREAM : Origin.LOAD;
            out.send(new Mark(schema, position, kind, isLoaded, boundary.committedAt(), now));
        }
        out.commit();
        load(origin.get().low(), Optional.empty(), out, tables, ledger, wishes);
        return boundary;
    }

    private SourceLog.Start begin(Ledger ledger, ChangeLog out, Map<TableId, TableSchema> tables) {
        if (ledger.intended()) {
            source.forget();
        }
        out.remember(ledger.intentKey(), "{}");
        out.commit();
        SourceLog.Start start = source.start(clock.instant());
        Boundary boundary = start.boundary();
        Instant now = clock.instant();
        out.remember(
                ledger.originKey(),
                Ledger.write(new Ledger.Origin(source.identity(), boundary.position(), fingerprint(tables))));
        out.remember(ledger.boundaryKey(), Ledger.write(boundary));
        for (TableSchema schema : tables.values()) {
            out.send(new Mark(schema, boundary.position(), Origin.LOAD, false, boundary.committedAt(), now));
        }
        out.commit();
        LOG.atInfo().addKeyValue("position", boundary.position().text()).log("capture begins");
        return start;
    }

    /** The log does not describe its tables; until their history is kept, they must be as they were at its start. */
    private void requireSameTables(Map<TableId, TableSchema> atStart) {
        Map<TableId, TableSchema> now = new TreeMap<>();
        catalog.tables().forEach(table -> table.schema().ifPresent(schema -> now.put(table.table(), schema)));
        if (!fingerprint(now).equals(originCatalog)) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "schema-changed",
                    "tables of " + config.source() + " changed while they were loaded (" + atStart.size() + " tables)",
                    "load the source again under a new pipeline name, and leave its tables alone until it is loaded");
        }
    }

    private static String fingerprint(Map<TableId, TableSchema> tables) {
        return fingerprint(tables.values());
    }

    static String fingerprint(Collection<TableSchema> tables) {
        StringBuilder text = new StringBuilder();
        tables.forEach(schema -> text.append(schema.table().text())
                .append(schema.columns())
                .append(schema.key())
                .append('\n'));
        CRC32C sum = new CRC32C();
        sum.update(text.toString().getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }

    private void load(
            SourcePosition low,
            Optional<LoadSnapshot> exact,
            ChangeLog out,
            Map<TableId, TableSchema> tables,
            Ledger ledger,
            Wishes wishes) {
        Set<TableId> unfinished = new TreeSet<>(tables.keySet());
        unfinished.removeIf(table -> ledger.loaded().contains(table) && !outdated(ledger, table));
        if (unfinished.isEmpty()) {
            ledger.held().ifPresent(held -> remember(Optional.empty(), ledger, out));
            return;
        }
        try (SourceGauge gauge = new SourceGauge(config.source())) {
            LoadGate gate = new LoadGate(
                    config.load().pauseWhen(),
                    gauge,
                    wishes::paused,
                    ledger.held().isPresent(),
                    held -> remember(held, ledger, out),
                    clock,
                    () -> stopping);
            load(low, exact, out, tables, unfinished, ledger, gate);
            gate.end();
        } catch (LoadGate.Stopped e) {
            LOG.atInfo().log("the load ends before it is complete, capture is stopping");
        }
    }

    static void remember(Optional<LoadHold> held, Ledger ledger, ChangeLog out) {
        held.ifPresentOrElse(
                hold -> out.remember(ledger.heldKey(), Ledger.write(hold)), () -> out.forget(ledger.heldKey()));
        out.commit();
    }

    private void load(
            SourcePosition low,
            Optional<LoadSnapshot> exact,
            ChangeLog out,
            Map<TableId, TableSchema> tables,
            Set<TableId> unfinished,
            Ledger ledger,
            LoadGate gate) {
        if (exact.isEmpty()) {
            gate.passOrEnd(); // no snapshot is open meanwhile
        }
        try (LoadSnapshot snapshot = exact.orElseGet(() -> source.snapshot(low, clock.instant()))) {
            // where the snapshot is the very start of streaming, the log holds nothing that it saw
            Optional<String> cut = exact.isPresent() ? Optional.empty() : Optional.of(source.cut(snapshot));
            for (TableId table : chunked(snapshot, unfinished, tables, out, ledger, gate)) {
                gate.passOrEnd();
                load(tables.get(table), snapshot, cut, out, ledger, gate);
            }
        } catch (SQLException e) {
            throw new SourceSessions(config.source()).fault(e);
        }
    }

    /** Loads past the log what can be. @return what is left */
    private Set<TableId> chunked(
            LoadSnapshot snapshot,
            Set<TableId> unfinished,
            Map<TableId, TableSchema> tables,
            ChangeLog out,
            Ledger ledger,
            LoadGate gate) {
        Optional<ChunkReader> reader = Loaders.chunks(loader);
        if (reader.isEmpty()) {
            return unfinished;
        }
        List<TableSchema> never = new ArrayList<>();
        for (TableId table : unfinished) {
            TableSchema schema = tables.get(table);
            if (schema != null && ledger.loaded(table).isEmpty()) {
                never.add(schema);
            }
        }
        Set<TableId> left = new TreeSet<>(unfinished);
        ChunkedLoad load = new ChunkedLoad(config, source, reader.get(), bulk, pace, out, ledger, clock, gate);
        left.removeAll(load.run(snapshot, never));
        return left;
    }

    /**
     * Whether rows of a table went to the target past the log under an older mapping version: the log does not have
     * them, so they are read again, and go through it.
     */
    private boolean outdated(Ledger ledger, TableId table) {
        return ledger.loaded(table)
                .filter(loaded -> loaded.mappingVersion() > 0)
                .filter(loaded -> loaded.mappingVersion() < bulk.mappingVersion(table))
                .isPresent();
    }

    private void load(
            @Nullable TableSchema schema,
            LoadSnapshot snapshot,
            Optional<String> cut,
            ChangeLog out,
            Ledger ledger,
            LoadGate gate) {
        if (schema == null) {
            return;
        }
        long[] rows = {0};
        Instant end = clock.instant().plus(KEYLESS_LOAD_MAX);
        loader.load(schema, snapshot, row -> {
            out.send(row);
            rows[0]++;
            pace.next(rows[0]);
            if (rows[0] % config.load().transactionRows() == 0) {
                if (!schema.keyless()) {
                    out.commit();
                    gate.passOrEnd();
                } else if (clock.instant().isAfter(end)) {
                    throw keylessTooLarge(schema);
                }
            }
        });
        Instant now = clock.instant();
        Optional<String> kept = schema.keyless() ? cut : Optional.empty();
        out.remember(
                ledger.loadedKey(schema.table()),
                Ledger.write(new Ledger.Loaded(rows[0], fingerprint(List.of(schema)), kept, 0)));
        kept.ifPresent(text -> cuts.put(schema.table(), source.format().cut(text)));
        out.remember(
                ledger.schemaKey(schema.table()), RecordedTable.loaded(schema).json());
        out.send(new Mark(schema, snapshot.stamp(), Origin.LOAD, true, snapshot.takenAt(), now));
        out.commit();
        LOG.atInfo()
                .addKeyValue("table", schema.table().text())
                .addKeyValue("rows", rows[0])
                .log("table loaded");
    }

    /** Its rows are in one transaction, so that no part of a load is ever counted beside the next one's. */
    private static Fault keylessTooLarge(TableSchema schema) {
        return Fault.of(
                ExitCode.CONFLICT,
                "keyless-too-large",
                "table " + schema.table() + " has no key, and cannot be loaded within " + KEYLESS_LOAD_MAX.toMinutes()
                        + " minutes, in one transaction of kafka",
                "add a primary key at the source, or declare the columns that identify a row under tables[].key");
    }

    /** What earlier runs' loads of tables without a key saw; their rows are known by all of their columns. */
    private void recall(Ledger ledger, Map<TableId, TableSchema> tables) {
        for (TableSchema schema : tables.values()) {
            if (schema.keyless()) {
                ledger.loaded(schema.table()).ifPresent(loaded -> {
                    if (!loaded.columns().equals(fingerprint(List.of(schema)))) {
                        throw keylessChanged(schema.table());
                    }
                    loaded.cut()
                            .ifPresent(text ->
                                    cuts.put(schema.table(), source.format().cut(text)));
                });
            }
        }
    }

    /** Its rows are known by all of their columns: with other columns, none of those that were loaded is known. */
    private static Fault keylessChanged(TableId table) {
        return Fault.of(
                ExitCode.CONFLICT,
                "table-changed",
                "table " + table + " has no key, and its columns changed since it was loaded",
                "load the table again under a new pipeline name, or add a primary key at the source first");
    }

    private void stream(
            ChangeLog out,
            Map<TableId, RecordedTable> recorded,
            List<SourceTable> live,
            Boundary from,
            Ledger ledger,
            Wishes wishes) {
        String heartbeat = config.topics().pipeline() + "/" + config.source().name();
        StreamJournal journal = new StreamJournal(out, ledger, config.topics(), clock);
        Map<TableId, SourceTable> catalogued = new TreeMap<>();
        live.forEach(table -> catalogued.put(table.table(), table));
        TableSchemas schemas = new TableSchemas(catalog, config::drift, recorded, catalogued, journal);
        ChangeStream running = new ChangeStream(
                config,
                source,
                out,
                clock,
                schemas,
                journal,
                recorded.keySet(),
                from,
                ledger,
                heartbeat,
                new LoadCuts(cuts));
        stream.set(running);
        if (stopping) {
            return;
        }
        try (Reloads reloads =
                new Reloads(config, source, catalog, loader, pace, out, ledger, clock, schemas, running, wishes)) {
            reloads.start();
            running.run(heartbeat);
        }
    }
}
