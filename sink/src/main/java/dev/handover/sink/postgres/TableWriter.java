package dev.handover.sink.postgres;

import dev.handover.change.CanonicalChange;
import dev.handover.change.Outcome.Rejection;
import dev.handover.digest.CanonicalBytes;
import dev.handover.row.Column;
import dev.handover.row.PostgresText;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.sink.batch.Delivery;
import dev.handover.sink.batch.Filtered;
import dev.handover.sink.batch.TableWork;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes one table under one schema over one connection, within the transaction of its caller. What the server refuses
 * is halved until single rows are left; those are given back, and all others are written.
 */
final class TableWriter {
    private final Session session;
    private final TableSchema schema;
    private final TableStatements statements;
    private final String stage;
    private boolean staged;

    TableWriter(Session session, TableSchema schema, int number) {
        this.session = session;
        this.schema = schema;
        this.statements = new TableStatements(schema);
        this.stage = "pg_temp.handover_stage_" + number;
    }

    /** Writes the deletes, then the upserts: a key that moves frees what it held before it takes anything. */
    void write(TableWork work, Instant now, Written written) throws SQLException {
        attempt(work.deletes(), false, (part, halved) -> delete(part, now), written);
        attempt(work.upserts(), false, this::upsert, written);
    }

    /** What was written, by bucket, and what was refused. */
    static final class Written {
        private final List<Effects> effects = new ArrayList<>();
        private final List<Refusal> refusals = new ArrayList<>();

        List<Effects> effects() {
            return effects;
        }

        List<Refusal> refusals() {
            return refusals;
        }

        /** All changes of a table that does not hold them. */
        void refuse(TableWork work, Rejection why) {
            work.deletes().forEach(delivery -> refusals.add(new Refusal(delivery, why)));
            work.upserts().forEach(delivery -> refusals.add(new Refusal(delivery, why)));
        }
    }

    /**
     * Effects in one bucket: rows that were new, and rows that were written at all.
     *
     * @param filtered the rule that left them out, where one did
     */
    record Effects(
            TableSchema schema, boolean deletes, int bucket, long fresh, long written, Optional<Filtered> filtered) {}

    private interface Write {
        List<Effects> apply(List<Delivery> part, boolean halved) throws SQLException;
    }

    private void attempt(List<Delivery> part, boolean halved, Write write, Written written) throws SQLException {
        if (part.isEmpty()) {
            return;
        }
        Connection connection = session.connection();
        Savepoint savepoint = connection.setSavepoint();
        try {
            List<Effects> effects = write.apply(part, halved);
            session.checkConstraints();
            connection.releaseSavepoint(savepoint);
            written.effects().addAll(effects);
        } catch (SQLException e) {
            if (!SqlState.refusesRow(e)) {
                throw e;
            }
            connection.rollback(savepoint);
            connection.releaseSavepoint(savepoint);
            if (part.size() == 1) {
                written.refusals().add(new Refusal(part.get(0), rejection(e, part.get(0))));
            } else {
                attempt(part.subList(0, part.size() / 2), true, write, written);
                attempt(part.subList(part.size() / 2, part.size()), true, write, written);
            }
        }
    }

    private List<Effects> upsert(List<Delivery> part, boolean halved) throws SQLException {
        // The halves of a refused part go by arrays: the staging table is emptied by the commit only.
        if (part.size() < session.copyRowsMin() || halved) {
            return upsertArrays(part);
        }
        StringBuilder lines = new StringBuilder();
        for (Delivery delivery : part) {
            RowText.copyLine(lines, RowText.of(upsert(delivery)));
        }
        stage();
        byte[] text = lines.toString().getBytes(StandardCharsets.UTF_8);
        CopyIn copy =
                session.connection().unwrap(PGConnection.class).getCopyAPI().copyIn(statements.copyStage(stage));
        try {
            copy.writeToCopy(text, 0, text.length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        try (PreparedStatement statement = session.connection().prepareStatement(statements.upsertStaged(stage))) {
            statement.setString(1, schema.table().shortText());
            statement.setString(2, schema.table().shortText());
            return effects(statement, false, List.of(Optional.empty()));
        }
    }

    private List<Effects> upsertArrays(List<Delivery> part) throws SQLException {
        int columns = statements.stagedColumns().size();
        TextArrays arrays = new TextArrays(columns, part.size());
        for (int row = 0; row < part.size(); row++) {
            @Nullable String[] texts = RowText.of(upsert(part.get(row)));
            for (int column = 0; column < columns; column++) {
                arrays.set(column, row, texts[column]);
            }
        }
        try (PreparedStatement statement = session.connection().prepareStatement(statements.upsertArrays())) {
            int next = arrays.bind(session.connection(), statement, 1);
            statement.setString(next, schema.table().shortText());
            statement.setString(next + 1, schema.table().shortText());
            return effects(statement, false, List.of(Optional.empty()));
        }
    }

    private List<Effects> delete(List<Delivery> part, Instant now) throws SQLException {
        int keys = schema.key().size();
        TextArrays arrays = new TextArrays(keys + 5, part.size());
        List<Optional<Filtered>> groups = new ArrayList<>(List.of(Optional.empty()));
        for (int row = 0; row < part.size(); row++) {
            CanonicalChange change = change(part.get(row));
            List<Value> values = change.key().values();
            for (int i = 0; i < keys; i++) {
                arrays.set(i, row, PostgresText.format(values.get(i)));
            }
            arrays.set(keys, row, RowText.bytea(change.position().bytes()));
            arrays.set(keys + 1, row, Integer.toString(change.provenance().mappingVersion()));
            arrays.set(keys + 2, row, Integer.toString(change.bucket().bucket().number()));
            arrays.set(keys + 3, row, RowText.bytea(CanonicalBytes.key(change.key())));
            arrays.set(keys + 4, row, Integer.toString(group(Filtered.of(change), groups)));
        }
        try (PreparedStatement statement = session.connection().prepareStatement(statements.deleteArrays())) {
            int next = arrays.bind(session.connection(), statement, 1);
            statement.setString(next, schema.table().shortText());
            statement.setObject(next + 1, now.atOffset(ZoneOffset.UTC));
            return effects(statement, true, groups);
        }
    }

    /** The number of a group, which joins the groups where it is new. */
    private static int group(Optional<Filtered> filtered, List<Optional<Filtered>> groups) {
        int known = groups.indexOf(filtered);
        if (known >= 0) {
            return known;
        }
        groups.add(filtered);
        return groups.size() - 1;
    }

    private List<Effects> effects(PreparedStatement statement, boolean deletes, List<Optional<Filtered>> groups)
            throws SQLException {
        List<Effects> effects = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                effects.add(new Effects(
                        schema, deletes, rows.getInt(1), rows.getLong(2), rows.getLong(3), groups.get(rows.getInt(4))));
            }
        }
        return effects;
    }

    private void stage() throws SQLException {
        if (!staged) {
            try (Statement statement = session.connection().createStatement()) {
                statement.execute(statements.createStage(stage));
            }
            staged = true;
        }
    }

    /** Where the server named no place, each value is tried by itself. */
    private Rejection rejection(SQLException e, Delivery delivery) throws SQLException {
        Rejection rejection = Refusal.rejection(e);
        if (!Refusal.namesNoPlace(rejection) || !(change(delivery) instanceof CanonicalChange.Upsert upsert)) {
            return rejection;
        }
        @Nullable String[] texts = RowText.of(upsert);
        Connection connection = session.connection();
        Savepoint savepoint = connection.setSavepoint();
        try (Statement create = connection.createStatement()) {
            create.execute(statements.createStage(stage + "_probe"));
            for (int i = 0; i < schema.columns().size(); i++) {
                String text = texts[i];
                if (text != null && refuses(connection, schema.columns().get(i), text)) {
                    return new Rejection(
                            rejection.reason(), schema.columns().get(i).name());
                }
            }
            return rejection;
        } finally {
            connection.rollback(savepoint);
        }
    }

    private boolean refuses(Connection connection, Column column, String text) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO " + stage + "_probe (" + Identifiers.quoted(column.name())
                        + ") SELECT CAST(?::text AS " + TableStatements.uncut(column.type()) + ")")) {
            statement.setString(1, text);
            statement.executeUpdate();
            return false;
        } catch (SQLException e) {
            if (!SqlState.refusesRow(e)) {
                throw e;
            }
            connection.rollback(savepoint);
            return true;
        }
    }

    private static CanonicalChange change(Delivery delivery) {
        return delivery.event()
                .<CanonicalChange>foldEvent(
                        change -> change,
                        mark -> {
                            throw new IllegalStateException("a mark is not written to a table");
                        },
                        chunk -> {
                            throw new IllegalStateException("a chunk was written before");
                        });
    }

    private static CanonicalChange.Upsert upsert(Delivery delivery) {
        return change(delivery).<CanonicalChange.Upsert>fold(upsert -> upsert, delete -> {
            throw new IllegalStateException("a delete is not an upsert");
        });
    }
}
