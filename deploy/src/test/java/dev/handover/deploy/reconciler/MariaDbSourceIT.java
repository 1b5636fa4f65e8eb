package dev.handover.deploy.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import dev.handover.position.SourceId;
import dev.handover.reconciler.judge.Stamp;
import dev.handover.reconciler.read.Answer;
import dev.handover.reconciler.read.Connections;
import dev.handover.reconciler.read.MariaDbSource;
import dev.handover.reconciler.read.SourceSnapshot;
import dev.handover.reconciler.rule.Consequence;
import dev.handover.reconciler.rule.Rule;
import dev.handover.reconciler.rule.Terms;
import dev.handover.reconciler.rule.Tolerance;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MariaDbSourceIT {
    private static final TableId ZOO = new TableId("lab", "lis", "zoo");
    private static final TableSchema SCHEMA = new TableSchema(
            ZOO,
            List.of(
                    column("id", ColumnType.of(Kind.UINT64)),
                    column("f", ColumnType.of(Kind.FLOAT32)),
                    column("d", ColumnType.of(Kind.FLOAT64)),
                    column("n", ColumnType.decimal(10, 3)),
                    column("b", new ColumnType(Kind.BITS, 10, 0, "bit(10)")),
                    column("t", new ColumnType(Kind.DURATION, 6, 0, "time(6)")),
                    column("z", ColumnType.of(Kind.DATE)),
                    column("s", new ColumnType(Kind.TIMESTAMPTZ, 3, 0, "timestamp(3)")),
                    column("e", ColumnType.of(Kind.TEXT)),
                    column("x", ColumnType.of(Kind.BYTES)),
                    column("c", ColumnType.of(Kind.TEXT))),
            List.of("id", "e"));

    private static Column column(String name, ColumnType type) {
        return new Column(name, type, true);
    }

    @Test
    void readsWhatADriverWouldBendAndKnowsItsPlace(@TempDir Path directory) throws Exception {
        try (EmbeddedStack stack = EmbeddedStack.start(
                StackConfig.of(directory.resolve("state"), EnumSet.of(Service.MARIADB)), line -> {})) {
            Endpoints.MariaDb server = stack.endpoints().mariadb();
            Connections connections = () -> DriverManager.getConnection(
                    server.jdbcUrl(),
                    server.admin().user(),
                    server.admin().password().text());
            execute(connections, "CREATE DATABASE lis");
            execute(
                    connections,
                    "CREATE TABLE lis.zoo (id bigint unsigned, f float, d double, n decimal(10,3), b bit(10), t time(6),"
                            + " z date, s timestamp(3) NULL, e enum('0','1'), x varbinary(9),"
                            + " c varchar(20) CHARACTER SET latin1, PRIMARY KEY (id, e))");
            try (Connection connection = connections.open();
                    Statement statement = connection.createStatement()) {
                statement.execute("SET sql_mode = '', time_zone = '+02:00'");
                statement.execute(
                        "INSERT INTO lis.zoo VALUES (18446744073709551615, 16777217.0 / 3, -0e0, 2.500, b'101',"
                                + " '-838:59:59.5', '0000-00-00', '2024-01-31 12:00:00.250', '0', x'00ff', 'Müller')");
            }
            MariaDbSource source = new MariaDbSource(new SourceId("lab"), connections, 1, 100);
            assertThat(source.tables(Set.of("lis"))).containsExactly(ZOO);
            execute(connections, "ALTER TABLE lis.zoo ADD COLUMN v double AS (n * 2) VIRTUAL");
            assertThat(source.columns(ZOO)).hasSize(11).doesNotContain("v");
            try (SourceSnapshot snapshot = source.open(new TreeSet<>())) {
                execute(connections, "DELETE FROM lis.zoo");
                List<String> scanned = new ArrayList<>();
                snapshot.scan(SCHEMA, (key, row) -> texts(row, scanned));
                assertThat(scanned)
                        .containsExactly(
                                "18446744073709551615",
                                Double.toString((float) (16777217.0 / 3)),
                                "-0.0",
                                "2.500",
                                "0000000101",
                                "-838:59:59.5",
                                "0000-00-00",
                                "2024-01-31 10:00:00.25+00",
                                "0",
                                "\\x00ff",
                                "Müller");
                List<String> looked = new ArrayList<>();
                snapshot.rows(
                        SCHEMA,
                        List.of(RowKey.of(new Value.Decimal("18446744073709551615"), new Value.Text("0"))),
                        (key, row) -> texts(row, looked));
                assertThat(looked).isEqualTo(scanned);
                answersStatements(snapshot);
                Stamp stamp = snapshot.stamp(SCHEMA);
                assertThat(stamp.settled()).contains(stamp.high());
                try (SourceSnapshot later = source.open(new TreeSet<>())) {
                    assertThat(later.stamp(SCHEMA).high()).isGreaterThan(stamp.high());
                }
            }
        }
    }

    /** In the snapshot, within a time, and without changing anything. */
    private static void answersStatements(SourceSnapshot snapshot) {
        Duration longest = Duration.ofSeconds(30);
        Rule.Orphans.Reference reference =
                new Rule.Orphans.Reference(ZOO, List.of("id"), Optional.of("n > 2 # as it is"), ZOO, List.of("b"));
        Rule.Orphans orphans = new Rule.Orphans(
                new Terms("r", Tolerance.NONE, Consequence.FAIL), Optional.of(reference), reference, Optional.empty());
        assertThat(snapshot.ask("DELETE FROM lis.zoo", longest)).isEqualTo(refused("25006", 1792));
        assertThat(snapshot.ask("SELECT nothing FROM lis.zoo", longest)).isEqualTo(refused("42S22", 1054));
        assertThat(snapshot.ask("SELECT count(*), SLEEP(20) FROM lis.zoo", Duration.ofMillis(200)))
                .isEqualTo(new Answer.Refused("took longer than 200 ms"));
        assertThat(snapshot.ask(orphans.sourceSql(snapshot).orElseThrow(), longest))
                .isEqualTo(
                        new Answer.Answered(new Rule.Table(List.of("count(*)"), List.of(List.of(Optional.of("1"))))));
        assertThat(snapshot.ask("SELECT seq FROM lis.seq_1_to_1001", longest))
                .isEqualTo(new Answer.Refused("answers with more than 1000 rows"));
    }

    private static Answer refused(String state, int code) {
        return new Answer.Refused("is refused (SQLSTATE " + state + ", code " + code + ")");
    }

    private static void texts(dev.handover.change.Outcome<dev.handover.row.Row> outcome, List<String> texts) {
        outcome.<Boolean>fold(
                row -> {
                    row.cells().forEach(cell -> texts.add(PostgresText.format((Value) cell)));
                    return true;
                },
                rejection -> texts.add("unreadable " + rejection.where()));
    }

    private static void execute(Connections connections, String sql) throws SQLException {
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
