package dev.handover.sink.postgres;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalChunk;
import dev.handover.change.CanonicalMark;
import dev.handover.change.Effect;
import dev.handover.change.Outcome.Rejection;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.fault.Retry;
import dev.handover.row.TableSchema;
import dev.handover.sink.archive.RawArchive;
import dev.handover.sink.batch.Batch;
import dev.handover.sink.batch.BatchPlan;
import dev.handover.sink.batch.BatchPlan.TableBucket;
import dev.handover.sink.batch.Counts;
import dev.handover.sink.batch.Filtered;
import dev.handover.sink.batch.FindingTotal;
import dev.handover.sink.batch.Findings;
import dev.handover.sink.batch.Partition;
import dev.handover.sink.batch.Receipt;
import dev.handover.sink.batch.Sink;
import dev.handover.sink.batch.TableWork;
import dev.handover.sink.postgres.TableWriter.Effects;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies batches to PostgreSQL, each in one transaction. Used by one thread.
 *
 * <p>Order within the transaction: lock the partitions and find our epoch there; check the sequence of each bucket;
 * write the tables; write buckets, findings, ledger, dead letters, offsets and receipt; commit. A fault of the
 * environment rolls all of it back, and the whole batch is tried again on a fresh connection.
 */
public final class PostgresSink implements Sink {
    private static final Logger log = LoggerFactory.getLogger(PostgresSink.class);

    private final TargetDatabase target;
    private final Retry retry;
    private final int copyRowsMin;
    private final Optional<RawArchive> archive;
    private final InstantSource clock;
    private final TargetTables tables;
    private final Claims claims = new Claims();
    private final Buckets buckets = new Buckets();
    private final Books books;
    private final FindingBooks findings = new FindingBooks();
    private @Nullable Session session; // sink thread only

    /** @param copyRowsMin upserts of one table in one batch from which on they go by COPY */
    public PostgresSink(TargetDatabase target, Retry retry, int copyRowsMin, InstantSource clock) {
        this(target, retry, copyRowsMin, Optional.empty(), clock);
    }

    /**
     * @param copyRowsMin upserts of one table in one batch from which on they go by COPY
     * @param archive of raw values; closed by whoever opened it
     */
    public PostgresSink(
            TargetDatabase target, Retry retry, int copyRowsMin, Optional<RawArchive> archive, InstantSource clock) {
        this.target = target;
        this.retry = retry;
        this.copyRowsMin = copyRowsMin;
        this.archive = archive;
        this.clock = clock;
        this.tables = new TargetTables(clock);
        this.books = new Books(clock);
    }

    /** Work on the target that may be repeated on a fresh connection. */
    private interface Work<T> {
        T run(Session session) throws SQLException;
    }

    @Override
    public SortedMap<Partition, Long> claim(Set<Partition> partitions) {
        buckets.forget();
        return retrying(session -> claims.claim(session.connection(), partitions, clock.instant()));
    }

    @Override
    public void release(Set<Partition> partitions) {
        claims.release(partitions);
    }

    @Override
    public Receipt apply(Batch batch) {
        Attempt attempt = new Attempt(archive.map(raw -> raw.stored(batch)).orElse(batch));
        Receipt receipt = retrying(attempt);
        claims.committed(batch.nextOffsets());
        return receipt;
    }

    /** One batch; it remembers what it sent to be committed, in case the answer is lost. */
    private final class Attempt implements Work<Receipt> {
        private final Batch batch;
        private Optional<Receipt> sent = Optional.empty();

        Attempt(Batch batch) {
            this.batch = batch;
        }

        @Override
        public Receipt run(Session session) throws SQLException {
            Connection connection = session.connection();
            Map<TableSchema, Rejection> refused = new HashMap<>();
            for (var schema : batch.schemas().entrySet()) {
                tables.settle(
                                connection,
                                schema.getKey(),
                                schema.getValue()
                                        .event()
                                        .foldEvent(
                                                CanonicalChange::provenance,
                                                CanonicalMark::provenance,
                                                CanonicalChunk::provenance),
                                schema.getValue().at().topic())
                        .ifPresent(why -> refused.put(schema.getKey(), why));
            }
            if (!claims.lock(connection, batch.nextOffsets())) {
                connection.rollback();
                return sent.orElseThrow(() -> Fault.of(
                        ExitCode.CONFLICT,
                        "fenced",
                        "the offsets of a batch were applied by somebody else",
                        "Start the sink again; it goes on from what is applied."));
            }
            for (TableSchema schema : batch.schemas().keySet()) {
                buckets.load(connection, schema.table());
            }
            BatchPlan plan = BatchPlan.of(batch, buckets);
            Instant now = clock.instant();
            TableWriter.Written written = new TableWriter.Written();
            for (TableWork work : plan.tables()) {
                Rejection why = refused.get(work.schema());
                if (why == null) {
                    session.write(work, now, written);
                } else {
                    written.refuse(work, why);
                }
            }
            buckets.store(connection, plan.buckets());
            List<FindingTotal> totals = findings.write(connection, Findings.of(batch));
            findings.write(connection, filtered(written));
            Receipt receipt = new Receipt(counts(plan, written), totals);
            books.write(connection, plan, receipt, batch, written.refusals());
            claims.advance(
                    connection,
                    plan.progress().values().stream()
                            .map(progress -> progress.holdingBack(refused.keySet()))
                            .toList(),
                    clock.instant());
            sent = Optional.of(receipt);
            connection.commit();
            buckets.committed(plan.buckets());
            return receipt;
        }
    }

    private static SortedMap<Filtered, Long> filtered(TableWriter.Written written) {
        SortedMap<Filtered, Long> changes = new TreeMap<>();
        written.effects().forEach(effects -> effects.filtered()
                .ifPresent(rule -> changes.merge(rule, effects.written(), Long::sum)));
        return changes;
    }

    private static SortedMap<Partition, Counts> counts(BatchPlan plan, TableWriter.Written written) {
        SortedMap<Partition, Counts> counts = new TreeMap<>(plan.arrived());
        for (Effects effects : written.effects()) {
            Partition partition =
                    plan.partition(new TableBucket(effects.schema().table(), effects.bucket()));
            Counts more = effects.deletes()
                    ? Counts.of(Effect.DELETED, effects.written())
                    : Counts.of(Effect.INSERTED, effects.fresh())
                            .plus(Counts.of(Effect.UPDATED, effects.written() - effects.fresh()));
            counts.merge(partition, more, Counts::plus);
        }
        written.refusals()
                .forEach(refusal -> counts.merge(refusal.delivery().partition(), Counts.refused(1), Counts::plus));
        // What neither was written nor refused was at its position or beyond.
        counts.replaceAll((partition, known) -> known.plus(Counts.of(Effect.STALE, known.unaccounted())));
        return counts;
    }

    private <T> T retrying(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.run(session());
            } catch (SQLException e) {
                drop();
                if (!SqlState.isTransient(e) || attempt >= retry.attemptsMax()) {
                    throw target.fault(e);
                }
                log.atWarn()
                        .addKeyValue("sqlState", SqlState.of(e))
                        .addKeyValue("attempt", attempt)
                        .log("the target failed; trying again");
                pause(attempt, e);
            } catch (RuntimeException e) {
                drop();
                throw e;
            }
        }
    }

    private void pause(int attempt, SQLException failure) {
        try {
            retry.await(attempt);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw target.fault(failure);
        }
    }

    private Session session() throws SQLException {
        Session open = session;
        if (open == null) {
            open = Session.open(target, copyRowsMin);
            session = open;
        }
        return open;
    }

    private void drop() {
        buckets.forget();
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        drop();
    }
}
