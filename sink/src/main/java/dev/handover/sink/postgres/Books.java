package dev.handover.sink.postgres;

import dev.handover.change.CanonicalChange;
import dev.handover.change.DeadLetter;
import dev.handover.change.Stage;
import dev.handover.control.LagScale;
import dev.handover.row.TableId;
import dev.handover.sink.batch.Batch;
import dev.handover.sink.batch.BatchPlan;
import dev.handover.sink.batch.Counts;
import dev.handover.sink.batch.Delivery;
import dev.handover.sink.batch.Partition;
import dev.handover.sink.batch.Receipt;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The books that a batch is entered in: receipt, ledger, dead letters. */
final class Books {
    private static final Logger log = LoggerFactory.getLogger(Books.class);
    private static final String LEDGER = "INSERT INTO handover.ledger AS l (topic, partition, table_name, changes,"
            + " loaded, inserted, updated, deleted, stale, dead) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (topic, partition) DO UPDATE SET changes = l.changes + excluded.changes,"
            + " loaded = l.loaded + excluded.loaded, inserted = l.inserted + excluded.inserted,"
            + " updated = l.updated + excluded.updated, deleted = l.deleted + excluded.deleted,"
            + " stale = l.stale + excluded.stale, dead = l.dead + excluded.dead";
    private static final String RECEIPT =
            "INSERT INTO handover.receipt (applied_at, offsets, changes, inserted, updated,"
                    + " deleted, stale, dead, lag_counts, partial) VALUES (?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String LETTER = "INSERT INTO handover.dead_letter (stage, reason, place, topic, partition,"
            + " record_offset, table_name, position_text, mapping_version, key, value, rejected_at, target_name)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT DO NOTHING";

    private final InstantSource clock;

    Books(InstantSource clock) {
        this.clock = clock;
    }

    /** Enters a batch. A batch that only moved marks leaves no receipt and no entry in the ledger. */
    void write(Connection connection, BatchPlan plan, Receipt receipt, Batch batch, Collection<Refusal> refusals)
            throws SQLException {
        if (!receipt.counts().isEmpty()) {
            ledger(connection, plan.tableOf(), receipt);
            receipt(connection, plan, receipt, batch.partial());
        }
        List<DeadLetter> letters = batch.letters();
        if (letters.isEmpty() && refusals.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(LETTER)) {
            for (DeadLetter letter : letters) {
                add(statement, letter);
            }
            for (Refusal refusal : refusals) {
                add(statement, letter(refusal, clock.instant()));
            }
            statement.executeBatch();
        }
        if (!refusals.isEmpty()) {
            log.atWarn()
                    .addKeyValue("changes", refusals.size())
                    .log("the target refused changes: see the dead letters");
        }
    }

    private static void ledger(Connection connection, Map<Partition, TableId> tableOf, Receipt receipt)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LEDGER)) {
            for (var entry : receipt.counts().entrySet()) {
                Partition partition = entry.getKey();
                TableId table = tableOf.get(partition);
                if (table == null) {
                    throw new IllegalStateException("changes of " + partition + " belong to no table");
                }
                Counts counts = entry.getValue();
                statement.setString(1, partition.topic());
                statement.setInt(2, partition.number());
                statement.setString(3, table.shortText());
                statement.setLong(4, counts.changes());
                statement.setLong(5, counts.loaded());
                statement.setLong(6, counts.inserted());
                statement.setLong(7, counts.updated());
                statement.setLong(8, counts.deleted());
                statement.setLong(9, counts.stale());
                statement.setLong(10, counts.dead());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private void receipt(Connection connection, BatchPlan plan, Receipt receipt, boolean partial) throws SQLException {
        Instant now = clock.instant();
        Integer[] lags = new Integer[LagScale.SLOTS];
        java.util.Arrays.fill(lags, 0);
        for (Instant committed : plan.streamed()) {
            lags[LagScale.slot(Duration.between(committed, now).toMillis())]++;
        }
        StringBuilder offsets = new StringBuilder("{");
        plan.progress().forEach((partition, progress) -> offsets.append(offsets.length() == 1 ? "\"" : ",\"")
                .append(partition) // topic names are letters, digits, dots, hyphens and underscores
                .append("\":")
                .append(progress.nextOffset()));
        Counts total = receipt.total();
        try (PreparedStatement statement = connection.prepareStatement(RECEIPT)) {
            statement.setObject(1, now.atOffset(ZoneOffset.UTC));
            statement.setString(2, offsets.append('}').toString());
            statement.setLong(3, total.changes());
            statement.setLong(4, total.inserted());
            statement.setLong(5, total.updated());
            statement.setLong(6, total.deleted());
            statement.setLong(7, total.stale());
            statement.setLong(8, total.dead());
            statement.setArray(9, connection.createArrayOf("integer", lags));
            statement.setBoolean(10, partial);
            statement.executeUpdate();
        }
    }

    private static DeadLetter letter(Refusal refusal, Instant now) {
        Delivery delivery = refusal.delivery();
        CanonicalChange change = delivery.event()
                .<CanonicalChange>foldEvent(
                        same -> same,
                        mark -> {
                            throw new IllegalStateException("a mark is never refused");
                        },
                        chunk -> {
                            throw new IllegalStateException("a chunk is never refused");
                        });
        return new DeadLetter(
                Stage.APPLY,
                refusal.rejection(),
                delivery.at(),
                delivery.key(),
                delivery.value(),
                change.provenance().source().text(),
                change.schema().table().shortText(),
                change.position().text(),
                change.provenance().mappingVersion(),
                now);
    }

    private static void add(PreparedStatement statement, DeadLetter letter) throws SQLException {
        statement.setString(1, letter.stage().name().toLowerCase(java.util.Locale.ROOT));
        statement.setString(2, letter.rejection().reason().code());
        statement.setString(3, letter.rejection().where());
        statement.setString(4, letter.at().topic());
        statement.setInt(5, letter.at().partition());
        statement.setLong(6, letter.at().offset());
        statement.setString(7, letter.table());
        statement.setString(8, letter.position());
        statement.setInt(9, letter.mappingVersion());
        statement.setObject(10, letter.key().orElse(null), Types.BINARY);
        statement.setObject(11, letter.value().orElse(null), Types.BINARY);
        statement.setObject(12, letter.rejectedAt().atOffset(ZoneOffset.UTC));
        statement.setString(13, letter.target());
        statement.addBatch();
    }
}
