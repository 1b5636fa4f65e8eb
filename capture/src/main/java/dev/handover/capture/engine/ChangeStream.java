package dev.handover.capture.engine;

import dev.handover.capture.Boundary;
import dev.handover.capture.CaptureConfig;
import dev.handover.capture.RowReader;
import dev.handover.capture.decode.LoadCuts;
import dev.handover.capture.decode.Step;
import dev.handover.capture.decode.StreamDecoder;
import dev.handover.capture.publish.ChangeLog;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.StopEngineException;
import io.debezium.engine.spi.OffsetCommitPolicy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams a source's log: one Kafka transaction per batch of the engine, with the changes, the last boundary and, now
 * and then, marks. Only when it is committed is the engine told, and the engine the source. So whatever the source
 * forgets is in Kafka, and a crash at any point re-reads whole transactions.
 *
 * <p>A batch has the change log to itself for as long as it takes. So has whoever asks for the time between two batches
 * ({@link #between}): a load beside the stream. Both may leave a transaction open for the other to commit.
 */
final class ChangeStream {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);

    private static final int STOP_MILLIS_MAX = 10_000;

    /** How often the catalog is asked for tables that are new or gone. */
    private static final int MARKS_BETWEEN_LOOKS = 30;

    private final CaptureConfig config;
    private final SourceLog source;
    private final ChangeLog out;
    private final InstantSource clock;
    private final TableSchemas schemas;
    private final StreamJournal journal;
    private final RowReader rows;
    private final StreamDecoder decoder;
    private final Ledger ledger;
    private final AtomicReference<Fault> fault = new AtomicReference<>();
    private final AtomicReference<Throwable> engineFailure = new AtomicReference<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;
    private final ReentrantLock turn = new ReentrantLock(true);
    private boolean over; // guarded by turn
    private Optional<Overlap> overlap = Optional.empty(); // guarded by turn
    private boolean historyMissing; // engine thread only
    private Instant nextMark = Instant.MIN; // engine thread only
    private Instant nextLook = Instant.MIN; // engine thread only

    ChangeStream(
            CaptureConfig config,
            SourceLog source,
            ChangeLog out,
            InstantSource clock,
            TableSchemas schemas,
            StreamJournal journal,
            Collection<TableId> tables,
            Boundary from,
            Ledger ledger,
            String heartbeatId,
            LoadCuts cuts) {
        this.config = config;
        this.source = source;
        this.out = out;
        this.clock = clock;
        this.schemas = schemas;
        this.journal = journal;
        this.rows = source.rows();
        this.decoder = new StreamDecoder(source.format(), schemas, from, heartbeatId, cuts, rows);
        this.ledger = ledger;
        this.historyMissing = source.keepsSchemaHistory() && !ledger.history();
        this.engine = DebeziumEngine.create(Connect.class)
                .using(EngineProperties.of(config, source, tables, from, ledger.history()))
                .using(OffsetCommitPolicy.always())
                .using((success, message, error) -> {
                    if (error != null) {
                        engineFailure.set(error);
                    }
                })
                .notifying(this::batch)
                .build();
    }

    /** Streams on the calling thread until stopped. @throws Fault when the engine or a batch fails */
    void run(String heartbeatId) {
        Heartbeats heartbeats = new Heartbeats(source, heartbeatId, config.heartbeat(), this::fail);
        try {
            engine.run();
        } finally {
            end();
            ended.countDown();
            heartbeats.close();
            rows.close();
        }
        Fault failed = fault.get();
        if (failed != null) {
            throw failed;
        }
        Throwable failure = engineFailure.get();
        if (failure != null && !stopping.get()) {
            throw fault(failure);
        }
    }

    private void end() {
        turn.lock();
        try {
            over = true;
        } finally {
            turn.unlock();
        }
    }

    /**
     * Does something with the change log between two batches. Whatever goes wrong in it ends the stream, for what is in
     * the open transaction is not known then.
     *
     * @throws LoadGate.Stopped when the stream is over
     */
    <T> T between(Supplier<T> work) {
        turn.lock();
        try {
            if (over || fault.get() != null) {
                throw new LoadGate.Stopped();
            }
            return work.get();
        } catch (LoadGate.Stopped | Refused e) {
            throw e;
        } catch (RuntimeException e) {
            fail(e);
            throw new LoadGate.Stopped();
        } finally {
            turn.unlock();
        }
    }

    /** Ends what was asked {@link #between} two batches, and leaves the stream as it is. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /** The table that is loaded beside the stream from now on; {@link #between} two batches. */
    void overlap(Optional<Overlap> next) {
        overlap = next;
        decoder.reread(Set.of());
    }

    /** Ends {@link #run} with a fault; from any thread. */
    void fail(RuntimeException cause) {
        fail(cause instanceof Fault known ? known : unexpected(cause));
    }

    /** Ends {@link #run}; from any thread. */
    void stop() {
        if (stopping.compareAndSet(false, true)) {
            Thread closer = new Thread(this::closeWhenLate, "capture-stop");
            closer.setDaemon(true);
            closer.start();
        }
    }

    private void fail(Fault cause) {
        fault.compareAndSet(null, cause);
        stop();
    }

    /**
     * The next batch, a heartbeat at the latest, ends the engine from within; only when none comes is it closed from
     * outside, which it does not take well while it starts.
     */
    private void closeWhenLate() {
        try {
            if (!ended.await(STOP_MILLIS_MAX + config.heartbeat().toMillis() * 3, TimeUnit.MILLISECONDS)) {
                engine.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("the engine was closing already");
        }
    }

    private void batch(
            List<ChangeEvent<SourceRecord, SourceRecord>> events,
            RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
            throws InterruptedException {
        turn.lock();
        try {
            send(events);
        } catch (RuntimeException e) {
            fault.compareAndSet(null, e instanceof Fault known ? known : unexpected(e));
            throw e;
        } finally {
            turn.unlock();
        }
        for (ChangeEvent<SourceRecord, SourceRecord> event : events) {
            committer.markProcessed(event);
        }
        committer.markBatchFinished();
        if (stopping.get()) {
            throw new StopEngineException("stopped");
        }
    }

    private void send(List<ChangeEvent<SourceRecord, SourceRecord>> events) {
        Instant now = clock.instant();
        Boundary before = decoder.boundary();
        for (ChangeEvent<SourceRecord, SourceRecord> event : events) {
            Step step = decoder.accept(event.value(), now);
            if (step instanceof Step.Changes changes) {
                changes.changes().forEach(this::send);
            } else if (step instanceof Step.End end) {
                overlap.filter(load -> load.passed(end.boundary()))
                        .ifPresent(load -> decoder.reread(Set.of(load.table())));
            } else if (step instanceof Step.Held held) {
                journal.hold(held);
            }
        }
        Boundary boundary = decoder.boundary();
        if (!boundary.equals(before)) {
            out.remember(ledger.boundaryKey(), Ledger.write(boundary));
            if (historyMissing) {
                out.remember(ledger.historyKey(), "{}");
                historyMissing = false;
            }
            if (!now.isBefore(nextLook)) {
                schemas.look(boundary.position());
                nextLook = now.plus(config.markInterval().multipliedBy(MARKS_BETWEEN_LOOKS));
            }
            if (!now.isBefore(nextMark)) {
                for (TableSchema schema : schemas.current()) {
                    out.send(new Mark(schema, boundary.position(), Origin.STREAM, true, boundary.committedAt(), now));
                }
                nextMark = now.plus(config.markInterval());
            }
        }
        out.commit();
    }

    private void send(SourceChange change) {
        out.send(change);
        overlap.ifPresent(load -> load.told(change));
    }

    private static Fault unexpected(RuntimeException e) {
        return Fault.causedBy(
                e,
                ExitCode.FAILED,
                "capture-failed",
                "capture met what it does not understand (" + e.getClass().getSimpleName() + ")",
                "report it; nothing of the batch was sent");
    }

    private Fault fault(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException || cause instanceof IOException) {
                return Fault.causedBy(
                        failure,
                        ExitCode.UNREACHABLE,
                        "source-lost",
                        "the stream from " + config.source() + " broke ("
                                + cause.getClass().getSimpleName() + ")",
                        "start again when the source runs: it goes on from the last boundary");
            }
        }
        return Fault.causedBy(
                failure,
                ExitCode.FAILED,
                "engine-failed",
                "the engine of " + config.source() + " failed ("
                        + failure.getClass().getSimpleName() + ")",
                "start again: it goes on from the last boundary; see the engine's log");
    }
}
