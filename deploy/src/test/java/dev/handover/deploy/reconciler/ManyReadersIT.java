package dev.handover.deploy.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import dev.handover.position.SourceId;
import dev.handover.reconciler.read.Connections;
import dev.handover.reconciler.read.PostgresSource;
import dev.handover.reconciler.read.Scanned;
import dev.handover.reconciler.read.SourceSnapshot;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several connections read one table in one snapshot. */
class ManyReadersIT {
    private static final int ROWS = 60_000;
    private static final int READERS = 3;

    @Test
    void readEachRowOfOneSnapshotOnceWhileItIsWritten(@TempDir Path directory) throws Exception {
        try (EmbeddedStack stack = EmbeddedStack.start(
                StackConfig.of(directory.resolve("state"), EnumSet.of(Service.SOURCE)), line -> {})) {
            AtomicInteger opened = new AtomicInteger();
            Connections connections = () -> {
                opened.incrementAndGet();
                return open(stack);
            };
            // 100 bytes a row: about 900 pages
            execute(
                    stack,
                    "CREATE TABLE visit (id bigint PRIMARY KEY, note text); INSERT INTO visit SELECT i, repeat('x', 80)"
                            + " FROM generate_series(1, " + ROWS
                            + ") AS i; CREATE TABLE small AS TABLE visit WITH NO DATA;"
                            + " ALTER TABLE small ADD PRIMARY KEY (id); INSERT INTO small VALUES (1, 'x')");
            PostgresSource source = new PostgresSource(new SourceId("pas"), connections, 500, 100);
            try (SourceSnapshot snapshot = source.open(new TreeSet<>())) {
                // what comes after the snapshot moves rows about, also to pages that are beyond the end of now
                execute(
                        stack,
                        "UPDATE visit SET note = 'y' WHERE id % 3 = 0; DELETE FROM visit WHERE id % 3 = 1;"
                                + " INSERT INTO visit SELECT i, 'z' FROM generate_series(100001, 130000) AS i;"
                                + " DELETE FROM visit WHERE id < 5000");
                execute(stack, "VACUUM visit");
                int before = opened.get();
                List<List<Long>> read = scan(snapshot, "visit");
                assertThat(opened.get() - before).isEqualTo(READERS - 1);
                assertThat(read).allSatisfy(part -> assertThat(part).isNotEmpty());
                assertThat(read.stream().flatMap(List::stream).sorted())
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, ROWS).boxed().toList());
                int afterwards = opened.get();
                assertThat(scan(snapshot, "small").get(0)).containsExactly(1L);
                assertThat(opened.get()).as("a small table is read by one").isEqualTo(afterwards);
            }
            aReaderThatFailsEndsTheScan(source);
        }
    }

    private static void aReaderThatFailsEndsTheScan(PostgresSource source) {
        for (int failing = 0; failing < READERS; failing++) {
            CountDownLatch failed = new CountDownLatch(1);
            List<Scanned> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                boolean fails = i == failing;
                readers.add((key, row) -> {
                    if (fails) {
                        failed.countDown();
                        throw new IllegalStateException("on purpose");
                    }
                    awaitOrFail(failed);
                });
            }
            try (SourceSnapshot snapshot = source.open(new TreeSet<>())) {
                assertThatThrownBy(() -> snapshot.scan(schema("visit"), readers))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("on purpose");
            }
        }
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static List<List<Long>> scan(SourceSnapshot snapshot, String table) {
        List<List<Long>> parts = new ArrayList<>();
        List<Scanned> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            List<Long> part = new ArrayList<>();
            parts.add(part);
            readers.add((key, row) -> part.add(((Value.Int) key.values().get(0)).value()));
        }
        snapshot.scan(schema(table), readers);
        return parts;
    }

    private static TableSchema schema(String table) {
        return new TableSchema(
                new TableId("pas", "public", table),
                List.of(
                        new Column("id", ColumnType.of(Kind.INT64), false),
                        new Column("note", ColumnType.of(Kind.TEXT), true)),
                List.of("id"));
    }

    private static Connection open(EmbeddedStack stack) throws SQLException {
        Endpoints.Postgres server = stack.endpoints().source();
        return DriverManager.getConnection(
                server.jdbcUrl(), server.user(), server.password().text());
    }

    private static void execute(EmbeddedStack stack, String sql) throws SQLException {
        try (Connection connection = open(stack);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
