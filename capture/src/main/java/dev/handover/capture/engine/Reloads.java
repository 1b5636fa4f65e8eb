package dev.handover.capture.engine;

import dev.handover.capture.Boundary;
import dev.handover.capture.CaptureConfig;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.Loader;
import dev.handover.capture.SourceCatalog;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.capture.decode.Reading;
import dev.handover.capture.engine.ChangeStream.Refused;
import dev.handover.capture.load.Pace;
import dev.handover.capture.publish.ChangeLog;
import dev.handover.change.SourceChange;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads tables again that people ask for, one after the other, on a thread of its own beside the stream:
 *
 * <pre>
 * the stream comes to where the log ended when the request was taken up   the boundary there is the stamp
 * a snapshot that sees everything up to that boundary
 * each row that it sees goes through the log, unless the stream told it since
 * the last rows and the word that it is done go in one transaction
 * </pre>
 *
 * <p>Nothing the stream told by then is after the stamp, so a row of the load passes every guard that it met so far. A
 * row that the stream told since is newer than the load's, and the load's is left out: in the log, every row's records
 * are in the order of their positions, and the newest is the last.
 */
final class Reloads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final CaptureConfig config;
    private final SourceLog source;
    private final SourceCatalog catalog;
    private final Loader loader;
    private final Pace pace;
    private final ChangeLog out; // only between two batches of the stream
    private final Ledger ledger;
    private final InstantSource clock;
    private final TableSchemas schemas; // only between two batches of the stream
    private final ChangeStream stream;
    private final Wishes wishes; // this thread only, once it runs
    private final Thread thread;
    private final Map<TableId, Instant> notBefore = new HashMap<>(); // this thread only
    private volatile boolean stopping;

    Reloads(
            CaptureConfig config,
            SourceLog source,
            SourceCatalog catalog,
            Loader loader,
            Pace pace,
            ChangeLog out,
            Ledger ledger,
            InstantSource clock,
            TableSchemas schemas,
            ChangeStream stream,
            Wishes wishes) {
        this.config = config;
        this.source = source;
        this.catalog = catalog;
        this.loader = loader;
        this.pace = pace;
        this.out = out;
        this.ledger = ledger;
        this.clock = clock;
        this.schemas = schemas;
        this.stream = stream;
        this.wishes = wishes;
        this.thread = new Thread(this::work, "capture-reload");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends the load that is running, if any; the next run begins it anew. The stream is over. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(END_MAX.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            while (!stopping) {
                Optional<Reload> next = wishes.next(this::due);
                if (next.isPresent()) {
                    settle(next.get());
                } else {
                    sleep(LOOK);
                }
            }
        } catch (LoadGate.Stopped e) {
            LOG.debug("capture is stopping");
        } catch (RuntimeException e) {
            stream.fail(e);
        }
    }

    private boolean due(TableId table) {
        return !clock.instant().isBefore(notBefore.getOrDefault(table, Instant.MIN));
    }

    private void settle(Reload asked) {
        TableId table = asked.table();
        LOG.atInfo().addKeyValue("table", table.text()).log("the table is loaded again");
        try {
            long rows = load(asked);
            wishes.settled(asked);
            LOG.atInfo()
                    .addKeyValue("table", table.text())
                    .addKeyValue("rows", rows)
                    .log("table loaded again");
        } catch (Refused e) {
            fail(asked, String.valueOf(e.getMessage()));
        } catch (Fault e) {
            String why = e.getMessage() + "; " + e.hint();
            if (e.exitCode() == ExitCode.UNREACHABLE || e.exitCode() == ExitCode.TIMED_OUT) {
                notBefore.put(table, clock.instant().plus(RETRY));
                remember(asked.waiting(clock.instant(), why));
            } else {
                fail(asked, why);
            }
        }
    }

    private void fail(Reload asked, String why) {
        LOG.atError()
                .addKeyValue("table", asked.table().text())
                .addKeyValue("why", why)
                .log("the table cannot be loaded again, the stream goes on");
        remember(asked.failed(clock.instant(), why));
        wishes.settled(asked);
    }

    private long load(Reload asked) {
        try (SourceGauge gauge = new SourceGauge(config.source())) {
            LoadGate gate = new LoadGate(
                    config.load().pauseWhen(),
                    gauge,
                    wishes::paused,
                    false,
                    held -> run(() -> CaptureRun.remember(held, ledger, out)),
                    clock,
                    () -> stopping);
            try {
                gate.passOrEnd();
                return load(asked, gate);
            } finally {
                run(() -> stream.overlap(Optional.empty()));
                gate.end();
            }
        }
    }

    private long load(Reload asked, LoadGate gate) {
        remember(asked.waiting(clock.instant(), "the stream comes to where the source's log ended"));
        run(() -> requireGoing(asked.table()));
        Overlap overlap = new Overlap(asked.table(), source.end());
        run(() -> stream.overlap(Optional.of(overlap)));
        Boundary from = await(STEP, () -> stream.between(overlap::from));
        remember(asked.waiting(clock.instant(), "transactions that write at the source come to their end"));
        SourceLog.Horizon horizon = source.horizon(from);
        try (LoadSnapshot snapshot = await(LOOK, () -> horizon.snapshot(clock.instant()))) {
            return load(asked.running(clock.instant()), snapshot, overlap, gate);
        } catch (SQLException e) {
            throw new SourceSessions(config.source()).fault(e);
        }
    }

    private long load(Reload begun, LoadSnapshot snapshot, Overlap overlap, LoadGate gate) {
        TableId table = begun.table();
        Optional<SourceTable> now = catalog.tables().stream()
                .filter(each -> each.table().equals(table))
                .findFirst();
        Reading.Followed reading = stream.between(() -> reading(table, now));
        remember(begun);
        long[] rows = {0};
        loader.load(read(reading), snapshot, row -> {
            SourceChange.Upsert change = written(row, reading);
            run(() -> send(change, overlap));
            rows[0]++;
            pace.next(rows[0]);
            if (rows[0] % config.load().transactionRows() == 0) {
                remember(begun.read(rows[0]));
                gate.passOrEnd();
            }
        });
        remember(begun.done(clock.instant(), rows[0]));
        return rows[0];
    }

    private Reading.Followed reading(TableId table, Optional<SourceTable> now) {
        Reading reading = schemas.loaded(table, now);
        if (reading instanceof Reading.Followed followed && !followed.schema().keyless()) {
            return followed;
        }
        throw new Refused(
                reading instanceof Reading.Parked parked ? parked.why() : "a table without a key is not loaded again");
    }

    /** The source's own columns of now, which are those that are read. */
    private static TableSchema read(Reading.Followed reading) {
        List<Column> columns = reading.schema().columns().stream()
                .flatMap(column -> Optional.ofNullable(reading.fields().get(column.name())).stream())
                .toList();
        return new TableSchema(
                reading.schema().table(), columns, reading.schema().key());
    }

    /** The row under the schema that the table's changes are written under. */
    private static SourceChange.Upsert written(SourceChange.Upsert row, Reading.Followed reading) {
        TableSchema schema = reading.schema();
        List<Cell> cells = new ArrayList<>(schema.columns().size());
        for (Column column : schema.columns()) {
            Column shown = reading.fields().get(column.name());
            cells.add(shown == null ? Cell.NULL : row.after().cell(shown.name()));
        }
        return new SourceChange.Upsert(row.key(), row.position(), row.lineage(), new Row(schema, cells));
    }

    private void send(SourceChange.Upsert change, Overlap overlap) {
        requireGoing(change.schema().table());
        if (overlap.tooMany()) {
            throw new Refused("too many rows of it were changed meanwhile: ask when less is written");
        }
        if (!overlap.told(change.key())) {
            out.send(change);
        }
    }

    private void requireGoing(TableId table) {
        schemas.standstill(table).ifPresent(why -> {
            throw new Refused(why);
        });
    }

    private void remember(Reload reload) {
        run(() -> {
            if (reload.stage() == Reload.Stage.DONE) {
                requireGoing(reload.table());
            }
            out.remember(ledger.reloadKey(reload.table()), Ledger.write(reload));
            out.commit();
        });
    }

    private void run(Runnable work) {
        var unused = stream.between(() -> {
            work.run();
            return true;
        });
    }

    private <T> T await(Duration step, Supplier<Optional<T>> look) {
        for (Optional<T> found = look.get(); ; found = look.get()) {
            if (found.isPresent()) {
                return found.get();
            }
            sleep(step);
        }
    }

    private void sleep(Duration time) {
        if (stopping) {
            throw new LoadGate.Stopped();
        }
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadGate.Stopped();
        }
    }
}
