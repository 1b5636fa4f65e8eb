package dev.handover.capture.engine;

import dev.handover.capture.BulkLoad;
import dev.handover.capture.BulkLoad.Lane;
import dev.handover.capture.BulkLoad.Written;
import dev.handover.capture.CaptureConfig;
import dev.handover.capture.ChunkReader;
import dev.handover.capture.ChunkReader.ChunkPlan;
import dev.handover.capture.ChunkReader.Recut;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.load.Pace;
import dev.handover.capture.publish.ChangeLog;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.SourceChunk;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads tables chunk by chunk past the log, with several readers. What a chunk brought is told to the log in the same
 * Kafka transaction as the entry of the ledger, after its rows are committed at the target:
 *
 * <pre>
 * killed before the target's commit     nothing of the chunk is anywhere; it is read again
 * between the two commits               the target has it and the log does not know: the claim there refuses it, and its
 *                                       rows go through the log, where each is as it is at the target or is changed later
 * after both                            done, and never read again
 * </pre>
 *
 * <p>That a chunk goes by rows is in the ledger before the first of them is sent: a row is never counted twice, as one
 * of a chunk and as one by itself. Streaming has not begun, so no change of a row is before the chunk that brought it.
 */
final class ChunkedLoad {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkedLoad.class);
    private static final int READERS_END_SECONDS_MAX = 30;

    private final CaptureConfig config;
    private final SourceLog source;
    private final ChunkReader reader;
    private final BulkLoad bulk;
    private final Pace pace;
    private final ChangeLog out;
    private final Ledger ledger;
    private final InstantSource clock;
    private final LoadGate gate;

    ChunkedLoad(
            CaptureConfig config,
            SourceLog source,
            ChunkReader reader,
            BulkLoad bulk,
            Pace pace,
            ChangeLog out,
            Ledger ledger,
            InstantSource clock,
            LoadGate gate) {
        this.config = config;
        this.source = source;
        this.reader = reader;
        this.bulk = bulk;
        this.pace = pace;
        this.out = out;
        this.ledger = ledger;
        this.clock = clock;
        this.gate = gate;
    }

    /** A table that is loaded so, and what is left of it. */
    private static final class Table {
        final TableSchema schema;
        final Lane lane;
        final ChunkPlan plan;
        int left;
        long rows;
        int leastVersion = Integer.MAX_VALUE;
        volatile boolean givenUp;

        Table(TableSchema schema, Lane lane, ChunkPlan plan) {
            this.schema = schema;
            this.lane = lane;
            this.plan = plan;
            this.left = plan.chunks().size();
        }

        void done(long more, int version) {
            rows += more;
            left--;
            if (version > 0) {
                leastVersion = Math.min(leastVersion, version);
            }
        }
    }

    private record Chunk(Table table, int number) {}

    /** What a reader has to say. */
    private sealed interface Answer {
        record Chunked(Chunk chunk, Written written) implements Answer {}

        record GivenUp(Table table) implements Answer {}

        record Ended(Optional<Throwable> failure) implements Answer {}
    }

    /**
     * Loads what can be loaded so.
     *
     * @param first open until this returns
     * @return the tables that are loaded; all others have to go through the log as a whole
     */
    Set<TableId> run(LoadSnapshot first, List<TableSchema> tables) {
        gate.passOrEnd();
        Queue<Chunk> chunks = new ConcurrentLinkedQueue<>();
        Set<TableId> loaded = new TreeSet<>();
        for (Table table : plan(first, tables)) {
            for (int number = 0; number < table.plan.chunks().size(); number++) {
                Chunk chunk = new Chunk(table, number);
                Optional<Ledger.Chunk> known = ledger.chunk(table.schema.table(), number);
                if (known.isEmpty()) {
                    chunks.add(chunk);
                } else if (known.get().done()) {
                    table.done(known.get().rows(), known.get().mappingVersion());
                } else if (!table.givenUp && !gate.stopping()) {
                    byRows(chunk, first);
                }
            }
            finish(table, first, loaded);
        }
        List<LoadSnapshot> snapshots = new ArrayList<>();
        for (int i = 0; i < Math.min(config.load().connections(), chunks.size()); i++) {
            snapshots.add(source.another(first));
        }
        if (!snapshots.isEmpty()) {
            read(first, snapshots, chunks, loaded);
        }
        bulk.rest();
        return loaded;
    }

    private List<Table> plan(LoadSnapshot first, List<TableSchema> tables) {
        List<Table> planned = new ArrayList<>();
        Optional<String> obstacle = Optional.empty();
        boolean asked = false;
        for (TableSchema schema : tables) {
            Optional<Lane> lane = bulk.lane(schema);
            if (lane.isEmpty()) {
                continue;
            }
            Optional<ChunkPlan> known = ledger.plan(schema.table());
            Optional<ChunkPlan> plan = known.isPresent()
                    ? known
                    : reader.plan(schema, first, config.load().chunkRows());
            if (plan.isEmpty() || known.filter(ChunkPlan::oneSnapshot).isPresent()) {
                continue;
            }
            if (!asked) {
                obstacle = bulk.obstacle();
                asked = true;
                obstacle.ifPresent(why ->
                        LOG.atWarn().addKeyValue("why", why).log("tables are loaded through the log, row by row"));
            }
            if (obstacle.isPresent()) {
                return List.of();
            }
            if (known.isEmpty()) {
                out.remember(ledger.planKey(schema.table()), Ledger.write(plan.get()));
            }
            planned.add(new Table(schema, lane.get(), plan.get()));
        }
        out.commit();
        return planned;
    }

    /** Readers take chunks and write them; this thread alone tells the log. */
    private void read(LoadSnapshot first, List<LoadSnapshot> snapshots, Queue<Chunk> chunks, Set<TableId> loaded) {
        ExecutorService threads = Executors.newFixedThreadPool(snapshots.size());
        BlockingQueue<Answer> answers = new ArrayBlockingQueue<>(snapshots.size());
        try {
            for (LoadSnapshot snapshot : snapshots) {
                threads.execute(() -> work(snapshot, chunks, answers));
            }
            for (int working = snapshots.size(); working > 0; ) {
                gate.look();
                Answer answer = answers.poll(LoadGate.LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (answer instanceof Answer.Chunked chunked) {
                    settle(chunked.chunk(), chunked.written(), first, loaded);
                } else if (answer instanceof Answer.GivenUp givenUp) {
                    giveUp(givenUp.table(), "it was written anew since it was cut into chunks");
                } else if (answer instanceof Answer.Ended ended) {
                    working--;
                    if (ended.failure().isPresent()) {
                        throw fault(ended.failure().get());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(e, ExitCode.FAILED, "interrupted", "interrupted while loading", "start again");
        } finally {
            chunks.clear();
            end(threads, snapshots);
        }
    }

    private void work(LoadSnapshot snapshot, Queue<Chunk> chunks, BlockingQueue<Answer> answers) {
        Optional<Throwable> failure = Optional.empty();
        try {
            for (Chunk chunk = next(chunks); chunk != null; chunk = next(chunks)) {
                if (!chunk.table().givenUp) {
                    answers.put(write(chunk, snapshot));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException | Error e) {
            failure = Optional.of(e);
        }
        try {
            answers.put(new Answer.Ended(failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits while the load is held and there is something to wait for. */
    private @Nullable Chunk next(Queue<Chunk> chunks) throws InterruptedException {
        if (!chunks.isEmpty()) {
            gate.await();
        }
        return gate.stopping() ? null : chunks.poll();
    }

    private Answer write(Chunk chunk, LoadSnapshot snapshot) {
        Table table = chunk.table();
        try {
            Written written = table.lane.write(
                    chunk.number(),
                    snapshot.stamp(),
                    snapshot.takenAt(),
                    rows -> read(table, chunk.number(), snapshot, rows));
            return new Answer.Chunked(chunk, written);
        } catch (RecutPassing e) {
            return new Answer.GivenUp(table);
        }
    }

    /** Carries {@link Recut} through the writer, which rolls back on the way. */
    private static final class RecutPassing extends RuntimeException {
        private static final long serialVersionUID = 1;

        RecutPassing(Recut recut) {
            super(recut.getMessage(), recut, false, false);
        }
    }

    private void read(Table table, int number, LoadSnapshot snapshot, BulkLoad.Row rows) {
        try {
            long[] read = {0};
            reader.read(table.schema, table.plan, number, snapshot, (row, outOfLine) -> {
                rows.take(row, outOfLine);
                pace.next(++read[0]);
            });
        } catch (Recut e) {
            throw new RecutPassing(e);
        }
    }

    private void settle(Chunk chunk, Written written, LoadSnapshot first, Set<TableId> loaded) {
        Table table = chunk.table();
        TableId id = table.schema.table();
        if (table.givenUp) {
            return;
        }
        if (written.refused().isPresent()) {
            LOG.atWarn()
                    .addKeyValue("table", id.text())
                    .addKeyValue("chunk", chunk.number())
                    .addKeyValue("why", written.refused().get())
                    .log("the target did not take a chunk as a whole; its rows go through the log");
            out.remember(ledger.chunkKey(id, chunk.number()), Ledger.write(Ledger.Chunk.BY_ROWS));
            out.commit();
            byRows(chunk, first);
        } else {
            long rows = written.aside().size();
            for (var accounts : written.accounts().entrySet()) {
                out.send(
                        new SourceChunk(table.schema, first.stamp(), first.takenAt(), accounts.getValue()),
                        accounts.getKey());
                rows += accounts.getValue().rows();
            }
            written.aside().forEach(out::send);
            done(chunk, rows, table.lane.mappingVersion());
        }
        finish(table, first, loaded);
    }

    /** The ledger says already that it goes so. */
    private void byRows(Chunk chunk, LoadSnapshot first) {
        long[] rows = {0};
        gate.passOrEnd();
        try {
            read(chunk.table(), chunk.number(), first, (row, outOfLine) -> {
                out.send(row);
                rows[0]++;
                if (rows[0] % config.load().transactionRows() == 0) {
                    out.commit();
                    gate.passOrEnd();
                }
            });
        } catch (RecutPassing e) {
            giveUp(chunk.table(), String.valueOf(e.getMessage()));
            return;
        }
        done(chunk, rows[0], 0);
    }

    private void done(Chunk chunk, long rows, int mappingVersion) {
        out.remember(
                ledger.chunkKey(chunk.table().schema.table(), chunk.number()),
                Ledger.write(new Ledger.Chunk(true, rows, mappingVersion)));
        out.commit();
        chunk.table().done(rows, mappingVersion);
    }

    /** The rows that are at the target stay there, and the log refuses them as known when they come again. */
    private static void giveUp(Table table, String why) {
        if (!table.givenUp) {
            table.givenUp = true;
            LOG.atWarn()
                    .addKeyValue("table", table.schema.table().text())
                    .addKeyValue("why", why)
                    .log("the table is loaded through the log, row by row");
        }
    }

    /** The load of a table is complete when its last chunk is. */
    private void finish(Table table, LoadSnapshot first, Set<TableId> loaded) {
        TableId id = table.schema.table();
        if (table.left > 0 || table.givenUp) {
            return;
        }
        boolean pastTheLog = table.leastVersion < Integer.MAX_VALUE;
        if (pastTheLog && table.leastVersion < bulk.mappingVersion(id)) {
            giveUp(table, "its mapping version was raised while it was loaded");
            return;
        }
        Instant now = clock.instant();
        out.remember(
                ledger.loadedKey(id),
                Ledger.write(new Ledger.Loaded(
                        table.rows,
                        CaptureRun.fingerprint(List.of(table.schema)),
                        Optional.empty(),
                        pastTheLog ? table.leastVersion : 0)));
        out.remember(ledger.schemaKey(id), RecordedTable.loaded(table.schema).json());
        out.send(new Mark(table.schema, first.stamp(), Origin.LOAD, true, first.takenAt(), now));
        out.commit();
        loaded.add(id);
        LOG.atInfo()
                .addKeyValue("table", id.text())
                .addKeyValue("rows", table.rows)
                .addKeyValue("chunks", table.plan.chunks().size())
                .log("table loaded");
    }

    private static Fault fault(Throwable failure) {
        return failure instanceof Fault fault
                ? fault
                : Fault.causedBy(
                        failure,
                        ExitCode.FAILED,
                        "load-failed",
                        "a chunk of a load failed in an unforeseen way ("
                                + failure.getClass().getSimpleName() + ")",
                        "start again; it goes on at the chunk");
    }

    /** A reader that waits for its source is woken by the end of its connection. */
    private static void end(ExecutorService threads, List<LoadSnapshot> snapshots) {
        threads.shutdownNow();
        for (LoadSnapshot snapshot : snapshots) {
            try {
                snapshot.close();
            } catch (SQLException e) {
                LOG.atDebug().addKeyValue("sqlState", e.getSQLState()).log("closing a connection failed");
            }
        }
        try {
            if (!threads.awaitTermination(READERS_END_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.atWarn().log("readers of a load did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
