package dev.handover.reconciler.tap;

import dev.handover.digest.FingerprintKey;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.fault.Retry;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.read.Connections;
import dev.handover.role.Role;
import dev.handover.wire.SchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a PostgreSQL source's log beside capture, and the change log behind it, and compares them for as long as it
 * runs. Nothing waits for it, and its failures are nobody's but its own: it says so and tries again. What it compared
 * is in the target before the source may forget it.
 */
public final class TapRole implements Role {
    private static final Logger LOG = LoggerFactory.getLogger(TapRole.class);

    private static final int MESSAGES_MAX = 20_000;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(2);
    private static final Duration PAUSE_MIN = Duration.ofMillis(200);

    private final TapConfig config;
    private final Connections source;
    private final Connections replications;
    private final TapLedger ledger;
    private final SchemaRegistry registry;
    private final FingerprintKey fingerprints;
    private final InstantSource clock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable ChangeLogView reading; // woken by stop()

    /**
     * A tap.
     *
     * @param source ordinary connections to it
     * @param replications connections to it that speak the replication protocol
     * @param target by a user who may write the control schema
     */
    public TapRole(
            TapConfig config,
            Connections source,
            Connections replications,
            Connections target,
            SchemaRegistry registry,
            FingerprintKey fingerprints,
            InstantSource clock) {
        this.config = config;
        this.source = source;
        this.replications = replications;
        this.ledger = new TapLedger(config.source(), config.slot(), target);
        this.registry = registry;
        this.fingerprints = fingerprints;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "tap";
    }

    @Override
    public void run() {
        int failures = 0;
        while (!isStopped()) {
            Instant began = clock.instant();
            try {
                session();
            } catch (OffsetOutOfRangeException e) {
                gap("the change log no longer holds what was to be read next");
            } catch (SQLException | RuntimeException e) {
                // whatever it is: no other role may end because of it
                if (e instanceof WakeupException && isStopped()) {
                    return;
                }
                failures = Duration.between(began, clock.instant()).compareTo(config.pauseMax()) > 0 ? 1 : failures + 1;
                failed(e);
                pause(new Retry(Integer.MAX_VALUE, PAUSE_MIN, config.pauseMax()), failures);
            }
        }
    }

    @Override
    public void stop() {
        stopped.countDown();
        ChangeLogView view = reading;
        if (view != null) {
            view.wakeup();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** The driver's own text may quote a row, and is not repeated. */
    private void failed(Exception e) {
        Fault fault = e instanceof Fault known
                ? known
                : Fault.causedBy(
                        e,
                        ExitCode.UNREACHABLE,
                        "tap-failed",
                        "the tap met " + e.getClass().getSimpleName()
                                + (e instanceof SQLException sql ? " (SQLSTATE " + sql.getSQLState() + ")" : ""),
                        "it goes on trying");
        LOG.atWarn().addKeyValue("code", fault.code()).log("the tap stands still");
        LOG.atDebug().addKeyValue("failure", e.getClass().getSimpleName()).log("why the tap stands still");
        try {
            ledger.failing(fault.code() + ": " + fault.getMessage(), clock.instant());
        } catch (SQLException | Fault unreachable) {
            LOG.atDebug().log("nor can it say so at the target");
        }
    }

    private void gap(String why) {
        try {
            ledger.gap(why, clock.instant());
            LOG.atWarn().log("the tap begins anew: what it was to compare is gone");
        } catch (SQLException | Fault e) {
            failed(e);
            pause(new Retry(Integer.MAX_VALUE, PAUSE_MIN, config.pauseMax()), 1);
        }
    }

    private void pause(Retry retry, int failures) {
        long millis = Math.min(retry.backOffMax().toMillis(), retry.backOffMin().toMillis() << Math.min(20, failures));
        try {
            if (stopped.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.atDebug().log("stopped while it waited");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
    }

    private void session() throws SQLException {
        try (Connection catalog = source.open()) {
            // capture makes its slot after the publication, and comes first where there is one left
            if (!ledger.present()
                    || !TapLog.published(catalog, config.publication())
                    || TapLog.slot(catalog, config.captureSlot()).isEmpty()) {
                pause(new Retry(Integer.MAX_VALUE, PAUSE_MIN, PAUSE_MIN), 1);
                return;
            }
            long from = slot(catalog);
            SourceEvents events = new SourceEvents(config.topics(), config.partitions(), registry);
            try (ChangeLogView view = new ChangeLogView(config, events)) {
                reading = view;
                List<TapLedger.Known> known = ledger.tables();
                long start = known.stream()
                        .mapToLong(TapLedger.Known::verified)
                        .min()
                        .orElse(from);
                Tap tap = new Tap(
                        config.source(),
                        fingerprints,
                        type -> domain(catalog, type),
                        config.partitions(),
                        config.patience(),
                        () -> end(catalog),
                        start);
                known.forEach(table -> {
                    tap.resume(table.table(), table.key(), table.offsets(), table.verified());
                    view.resume(table.table(), table.offsets());
                });
                try (TapLog log = TapLog.open(
                        replications, config, catalog.getMetaData().getDatabaseMajorVersion() * 10_000, start)) {
                    LOG.atInfo()
                            .addKeyValue("position", SourcePosition.lsn(start))
                            .log("the tap compares");
                    compare(tap, log, view, catalog);
                }
            } finally {
                reading = null;
            }
        }
    }

    /** The slot, made where it is not there. @return from where it can be read */
    private long slot(Connection catalog) throws SQLException {
        Optional<TapLog.Slot> slot = TapLog.slot(catalog, config.slot());
        List<TapLedger.Known> known = ledger.tables();
        if (slot.isPresent() && !ledger.owned()) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "tap-slot-foreign",
                    "replication slot \"" + config.slot() + "\" was not made by this tap",
                    "drop it if nobody needs it, or name another one in sources[].postgres.slot");
        }
        if (slot.isPresent() && slot.get().lost()) {
            ledger.gap("the source no longer kept the log for slot " + config.slot(), clock.instant());
            if (!TapLog.drop(catalog, config.slot())) {
                throw Fault.of(
                        ExitCode.CONFLICT,
                        "tap-slot-lost",
                        "replication slot \"" + config.slot() + "\" is lost and in use",
                        "it is made anew as soon as nobody reads it");
            }
            return TapLog.create(replications, config.slot());
        }
        if (slot.isEmpty()) {
            if (!known.isEmpty()) {
                ledger.gap("slot " + config.slot() + " was gone from the source", clock.instant());
            }
            // whose it is, is known before it is there
            ledger.failing("waits for the transactions at the source, to make its slot", clock.instant());
            return TapLog.create(replications, config.slot());
        }
        long confirmed = slot.get().confirmed();
        if (known.stream().anyMatch(table -> Long.compareUnsigned(table.verified(), confirmed) < 0)) {
            ledger.gap("slot " + config.slot() + " was moved on by somebody else", clock.instant());
        } else if (!config.retention().isZero()
                && ledger.verifiedAt()
                        .filter(at -> at.plus(config.retention()).isBefore(clock.instant()))
                        .isPresent()) {
            ledger.gap("the tap was away for longer than the change log keeps every record", clock.instant());
        }
        return confirmed;
    }

    private void compare(Tap tap, TapLog log, ChangeLogView view, Connection catalog) throws SQLException {
        Instant nextStatus = Instant.MIN;
        while (!isStopped()) {
            int messages = read(tap, log);
            Instant now = clock.instant();
            int records = view.poll(tap, messages == MESSAGES_MAX ? Duration.ZERO : POLL, now);
            List<Compared> compared = tap.compare(now);
            boolean due = !now.isBefore(nextStatus);
            if (!compared.isEmpty() || due) {
                ledger.keep(compared, tap, now);
                log.confirm(tap.settled().orElse(tap.passed()));
                compared.stream().filter(one -> one.disagreed() > 0).forEach(one -> LOG.atError()
                        .addKeyValue("table", one.table().text())
                        .addKeyValue(
                                "position",
                                one.disagreements().get(0).position().text())
                        .addKeyValue("disagreements", one.disagreed())
                        .log("the log and the change log do not say the same"));
            }
            if (due) {
                log.alive();
                TapLog.slot(catalog, config.captureSlot()).ifPresent(slot -> tap.released(slot.confirmed()));
                nextStatus = now.plus(STATUS_EVERY);
            }
            if (records == 0 && messages == 0 && view.idle()) {
                pause(new Retry(Integer.MAX_VALUE, POLL, POLL), 0);
            }
        }
    }

    /** Reads what is there of the log, unless it is far ahead of the change log. @return how many messages */
    private int read(Tap tap, TapLog log) throws SQLException {
        int messages = 0;
        while (messages < MESSAGES_MAX && tap.pending() < config.transactionsMax()) {
            ByteBuffer message = log.next();
            if (message == null) {
                return messages;
            }
            tap.log(PgOutput.parse(message));
            messages++;
        }
        return messages;
    }

    private static long end(Connection catalog) {
        try {
            return TapLog.end(catalog);
        } catch (SQLException e) {
            throw lost(e);
        }
    }

    private static Optional<LoggedText.Base> domain(Connection catalog, int type) {
        try (PreparedStatement statement = catalog.prepareStatement(
                "WITH RECURSIVE d AS (SELECT oid, typtype, typbasetype, typtypmod FROM pg_type WHERE oid = ?"
                        + " UNION ALL SELECT t.oid, t.typtype, t.typbasetype,"
                        + " CASE WHEN t.typtype = 'd' AND d.typtypmod = -1 THEN t.typtypmod ELSE d.typtypmod END"
                        + " FROM d JOIN pg_type t ON t.oid = d.typbasetype WHERE d.typtype = 'd')"
                        + " SELECT oid, typtypmod FROM d WHERE typtype <> 'd' AND EXISTS"
                        + " (SELECT FROM d WHERE typtype = 'd')")) {
            statement.setLong(1, Integer.toUnsignedLong(type));
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new LoggedText.Base((int) row.getLong(1), row.getInt(2)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw lost(e);
        }
    }

    private static Fault lost(SQLException e) {
        return Fault.causedBy(
                e,
                ExitCode.UNREACHABLE,
                "tap-source-lost",
                "the source did not answer the tap (SQLSTATE " + e.getSQLState() + ")",
                "it goes on trying");
    }

    /** Whether a tap has its slot at the source. */
    public static boolean hasSlot(Connections source, String slot) throws SQLException {
        try (Connection catalog = source.open()) {
            return TapLog.slot(catalog, slot).isPresent();
        }
    }

    /**
     * Drops the slot of a tap that is switched off, so that the source need not keep its log for it.
     *
     * @return whether there was one
     */
    public static boolean forget(Connections source, String slot) throws SQLException {
        try (Connection catalog = source.open()) {
            return TapLog.drop(catalog, slot);
        }
    }
}
