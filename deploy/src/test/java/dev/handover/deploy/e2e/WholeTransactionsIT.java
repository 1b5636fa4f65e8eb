package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.stack.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transactions over three tables whose sums agree at the source after each of them, looked at again and again at the
 * target: a ward that counts its beds, accounts that move money, badges whose unique codes are swapped. A table that is
 * parked at last stops nobody.
 */
class WholeTransactionsIT {
    private static final Duration STEP_MAX = Duration.ofMinutes(2);
    private static final int TABLES = 4;
    private static final int WARDS = 8;
    private static final int ACCOUNTS = 40;
    private static final int BALANCE = 1_000;
    private static final int BETWEEN = 400;
    private static final int PAUSE_MILLIS = 4;
    private static final long SEED = 20_261_121;

    @Test
    void noReaderOfTheTargetSeesAPartOfASourceTransaction(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            try (Connection source = pipeline.source("");
                    Statement statement = source.createStatement()) {
                statement.execute("CREATE TABLE ward (id int PRIMARY KEY, beds int NOT NULL)");
                statement.execute("CREATE TABLE bed (id int PRIMARY KEY, ward int NOT NULL REFERENCES ward)");
                statement.execute("CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL,"
                        + " code int NOT NULL UNIQUE DEFERRABLE INITIALLY DEFERRED)");
                statement.execute("CREATE TABLE note (id int PRIMARY KEY)");
                statement.execute("INSERT INTO ward SELECT i, 0 FROM generate_series(1, " + WARDS + ") i");
                statement.execute(
                        "INSERT INTO account SELECT i, " + BALANCE + ", i FROM generate_series(1, " + ACCOUNTS + ") i");
            }
            describe(pipeline, "batch");
            pipeline.run();
            pipeline.awaitLoaded(TABLES);
            execute(pipeline, "ALTER TABLE clinical.account ADD UNIQUE (code) DEFERRABLE INITIALLY DEFERRED");
            try (Work work = new Work(pipeline);
                    Reader reader = new Reader(pipeline)) {
                pipeline.until("a reader that sees parts, so that it can", STEP_MAX, () -> !reader.seen.isEmpty());
                work.end();
            }
            settle(pipeline);

            pipeline.roles().close();
            execute(pipeline, "DELETE FROM handover.receipt");
            describe(pipeline, "source");
            pipeline.run();
            String changes = "SELECT coalesce(sum(changes), 0) FROM handover.receipt";
            try (Work work = new Work(pipeline);
                    Reader reader = new Reader(pipeline)) {
                work(pipeline, work, BETWEEN);
                for (RoleName victim : List.of(RoleName.SINK, RoleName.TRANSFORM)) {
                    pipeline.roles().kill(victim);
                    pipeline.until(
                            victim.text() + " started again",
                            STEP_MAX,
                            () -> pipeline.roles().starts(victim) == 2);
                    long before = pipeline.number(changes);
                    work(pipeline, work, BETWEEN);
                    pipeline.until("changes to arrive", STEP_MAX, () -> pipeline.number(changes) > before + BETWEEN);
                }
                work.end();
                settle(pipeline);
                assertThat(reader.seen)
                        .as("%s looks%n%s", reader.looks, sinkLog(pipeline))
                        .isEmpty();
                assertThat(reader.looks.get()).isGreaterThan(BETWEEN);
            }
            assertThat(pipeline.number("SELECT count(*) FROM handover.receipt WHERE partial"))
                    .isZero();
            assertThat(pipeline.number("SELECT count(*) FROM handover.dead_letter"))
                    .isZero();
            Reports.assertConverged(pipeline.compare(), TABLES);
            aTableThatIsParkedStopsNobody(pipeline, changes);
        }
    }

    private static void aTableThatIsParkedStopsNobody(LivePipeline pipeline, String changes) throws Exception {
        try (Connection source = pipeline.source("");
                Statement statement = source.createStatement();
                Work work = new Work(pipeline);
                Reader reader = new Reader(pipeline)) {
            statement.execute("ALTER TABLE note ADD COLUMN text text");
            statement.execute("INSERT INTO note VALUES (1, 'a change that parks it')");
            pipeline.until("the sink to see that the table stands still", STEP_MAX, () -> sinkLog(pipeline)
                    .contains("proof.canonical.clinical.note"));
            long before = pipeline.number(changes);
            work(pipeline, work, BETWEEN);
            pipeline.until("changes to arrive", STEP_MAX, () -> pipeline.number(changes) > before + BETWEEN);
            work.end();
            settle(pipeline);
            assertThat(reader.seen).as("%s", sinkLog(pipeline)).isEmpty();
        }
        assertThat(pipeline.number("SELECT count(*) FROM clinical.note")).isZero();
        assertThat(sinkLog(pipeline).lines().filter(line -> line.contains("WARN")))
                .singleElement()
                .asString()
                .contains("a table gets no marks", "proof.canonical.clinical.note");
    }

    private static String sinkLog(LivePipeline pipeline) {
        try {
            return Files.readString(pipeline.roles().log(RoleName.SINK));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void describe(LivePipeline pipeline, String transactions) {
        pipeline.describe(
                pipeline.endpoints().source().database(),
                "    postgres: {heartbeat: 1s}\n",
                "    transactions: " + transactions + "\n"
                        + "tables:\n  - {from: pas.public.note, to: clinical.note, drift: stop}\n");
    }

    private static void work(LivePipeline pipeline, Work work, int more) {
        long before = work.transactions.get();
        pipeline.until("the source at work", STEP_MAX, () -> work.transactions.get() > before + more);
    }

    private static void settle(LivePipeline pipeline) throws SQLException {
        List<Long> wanted;
        try (Connection source = pipeline.source("")) {
            wanted = state(source, "public");
        }
        pipeline.until("the target to be as the source", STEP_MAX, () -> {
            try (Connection target = pipeline.target()) {
                return state(target, "clinical").equals(wanted);
            } catch (SQLException e) {
                throw new AssertionError("the target does not answer", e);
            }
        });
    }

    private static void execute(LivePipeline pipeline, String sql) throws SQLException {
        try (Connection target = pipeline.target();
                Statement statement = target.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<Long> state(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(String.format(
                        "SELECT (SELECT sum(beds) FROM %1$s.ward), (SELECT count(*) FROM %1$s.bed),"
                                + " (SELECT sum(balance) FROM %1$s.account),"
                                + " (SELECT count(DISTINCT code) FROM %1$s.account),"
                                + " (SELECT coalesce(sum(id * 7 + ward), 0) FROM %1$s.bed),"
                                + " (SELECT sum(id * balance) FROM %1$s.account),"
                                + " (SELECT sum(id * code) FROM %1$s.account)",
                        schema))) {
            row.next();
            List<Long> state = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                state.add(row.getLong(i));
            }
            return state;
        }
    }

    /** Looks at the target as long as it is open. */
    private static final class Reader implements AutoCloseable {
        private final List<String> seen = java.util.Collections.synchronizedList(new ArrayList<>());
        private final AtomicLong looks = new AtomicLong();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final CompletableFuture<Void> looking;

        Reader(LivePipeline pipeline) {
            looking = CompletableFuture.runAsync(() -> {
                try (Connection target = pipeline.target()) {
                    target.setAutoCommit(false);
                    target.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                    while (!ended.get()) {
                        look(target);
                    }
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
        }

        private void look(Connection target) throws SQLException {
            List<Long> state = state(target, "clinical");
            target.rollback();
            looks.incrementAndGet();
            if (!state.get(0).equals(state.get(1))) {
                seen.add("wards count " + state.get(0) + " beds, and there are " + state.get(1));
            }
            if (state.get(2) != (long) ACCOUNTS * BALANCE) {
                seen.add("the accounts hold " + state.get(2));
            }
            if (state.get(3) != ACCOUNTS) {
                seen.add(state.get(3) + " different codes");
            }
        }

        @Override
        public void close() {
            ended.set(true);
            looking.orTimeout(1, TimeUnit.MINUTES).join();
        }
    }

    /** Changes the source as long as it is open. */
    private static final class Work implements AutoCloseable {
        private final AtomicLong transactions = new AtomicLong();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Random random = new Random(SEED);
        private final CompletableFuture<Void> working;
        private static final AtomicLong BEDS = new AtomicLong();

        Work(LivePipeline pipeline) {
            working = CompletableFuture.runAsync(() -> {
                try (Connection source = pipeline.source("")) {
                    source.setAutoCommit(false);
                    while (!ended.get()) {
                        transaction(source);
                        source.commit();
                        transactions.incrementAndGet();
                        Thread.sleep(PAUSE_MILLIS);
                    }
                } catch (SQLException e) {
                    throw new CompletionException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        private void transaction(Connection source) throws SQLException {
            int ward = 1 + random.nextInt(WARDS);
            int one = 1 + random.nextInt(ACCOUNTS);
            int other = 1 + (one + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            int kind = random.nextInt(4);
            if (kind == 0 || kind == 3) {
                change(source, "INSERT INTO bed VALUES (?, ?)", (int) BEDS.incrementAndGet(), ward);
                change(source, "UPDATE ward SET beds = beds + ? WHERE id = ?", 1, ward);
            }
            if (kind == 1 || kind == 3) {
                int amount = 1 + random.nextInt(9);
                change(source, "UPDATE account SET balance = balance - ? WHERE id = ?", amount, one);
                change(source, "UPDATE account SET balance = balance + ? WHERE id = ?", amount, other);
            }
            if (kind == 2 || kind == 3) {
                change(
                        source,
                        "UPDATE account a SET code = b.code FROM account b WHERE a.id IN (?, ?) AND b.id IN (?, ?)"
                                + " AND a.id <> b.id",
                        one,
                        other,
                        one,
                        other);
            }
        }

        private static void change(Connection source, String sql, int... values) throws SQLException {
            try (PreparedStatement statement = source.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setInt(i + 1, values[i]);
                }
                statement.executeUpdate();
            }
        }

        void end() {
            ended.set(true);
            working.orTimeout(1, TimeUnit.MINUTES).join();
        }

        @Override
        public void close() {
            end();
        }
    }
}
