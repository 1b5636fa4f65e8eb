package dev.handover.capture.check;

import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.capture.catalog.ForeignKeyOrder;
import dev.handover.capture.catalog.Inventory;
import dev.handover.capture.catalog.NotTaken;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Looks at a live source before anything is done to it. It changes nothing there; a privilege is judged by asking for
 * it, not by using it.
 */
public final class SourceChecks {
    /** Beyond this, times in reports mislead. */
    private static final Duration SKEW_MAX = Duration.ofSeconds(2);

    private final InstantSource clock;

    public SourceChecks(InstantSource clock) {
        this.clock = clock;
    }

    /** As {@link #run(SourceConfig, Map)} without declared keys. */
    public List<Check> run(SourceConfig config) {
        return run(config, Map.of());
    }

    /**
     * Everything that was looked at, in the order in which a person would look.
     *
     * @param keys the declared key of tables
     * @throws Fault when the source cannot be asked at all: {@code source-unreachable}, {@code source-denied},
     *     {@code source-missing}, {@code engine-unsupported}
     */
    public List<Check> run(SourceConfig config, Map<TableId, List<String>> keys) {
        Inventory inventory = Inventory.of(config, keys);
        SourceSessions sessions = new SourceSessions(config);
        List<Check> checks = new ArrayList<>();
        try (Connection connection = sessions.open()) {
            Question source = new Question(connection);
            List<SourceTable> tables = inventory.tables();
            List<NotTaken> notTaken = inventory.notTaken();
            if (config.engine().binlog()) {
                MariaDbChecks server = new MariaDbChecks(config, source);
                checks.addAll(server.server());
                checks.add(skew(source, "SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS SIGNED)"));
                checks.addAll(tables(config, tables, notTaken));
                checks.addAll(server.tables(tables));
            } else {
                PostgresChecks server = new PostgresChecks(config, source);
                checks.addAll(server.server());
                checks.add(skew(source, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"));
                checks.addAll(tables(config, tables, notTaken));
                checks.addAll(server.tables(tables));
            }
            checks.addAll(new DeclaredKeys(config, source).unique(tables, keys));
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
        return List.copyOf(checks);
    }

    private Check skew(Question source, String microsSql) throws SQLException {
        Instant before = clock.instant();
        long micros = source.number(microsSql);
        Instant after = clock.instant();
        Instant there = Instant.EPOCH.plusNanos(micros * 1_000);
        Duration skew = there.isBefore(before)
                ? Duration.between(there, before)
                : there.isAfter(after) ? Duration.between(after, there) : Duration.ZERO;
        return skew.compareTo(SKEW_MAX) <= 0
                ? Check.ok("clock", "the source's clock is within " + SKEW_MAX.toSeconds() + " s of ours")
                : Check.warn(
                        "clock",
                        "the source's clock is " + skew.toSeconds()
                                + " s off ours: lags will be reported wrong by that",
                        "let both machines follow a time server");
    }

    private static List<Check> tables(SourceConfig config, List<SourceTable> tables, List<NotTaken> notTaken) {
        List<Check> checks = new ArrayList<>();
        long keyed = tables.stream().filter(table -> table.problem().isEmpty()).count();
        if (tables.isEmpty()) {
            checks.add(Check.fail(
                    "tables",
                    config + " has no table that is selected",
                    "check include and exclude of the source, and the privileges of its user"));
        } else {
            checks.add(Check.ok("tables", keyed + " of " + tables.size() + " tables can be captured"));
        }
        List<String> keyless = tables.stream()
                .filter(table -> table.schema().map(TableSchema::keyless).orElse(false))
                .map(table -> table.table().toString())
                .toList();
        if (!keyless.isEmpty()) {
            checks.add(Check.warn(
                    "keys",
                    "these tables have no key, so their rows are told apart by all that they hold: "
                            + String.join(", ", keyless),
                    "nothing to do for the copy; each is loaded in one transaction of Kafka, and a change of its columns"
                            + " parks it. A primary key at the source, or tables[].key, lifts both"));
        }
        for (SourceTable table : tables) {
            table.problem()
                    .ifPresent(problem ->
                            checks.add(Check.fail("table " + table.table(), problem.message(), problem.hint())));
        }
        Map<String, List<String>> byKind = notTaken.stream()
                .collect(Collectors.groupingBy(
                        NotTaken::kind,
                        TreeMap::new,
                        Collectors.mapping(left -> left.table().toString(), Collectors.toList())));
        byKind.forEach((kind, names) -> checks.add(Check.warn(
                "not copied",
                kind + ": " + String.join(", ", names),
                kind.startsWith("generated column")
                        ? "the log does not hold it; create it at the target after the load"
                        : "create it at the target after the load, if it is needed there")));
        ForeignKeyOrder order = ForeignKeyOrder.of(
                tables.stream().collect(Collectors.toMap(SourceTable::table, table -> table.constraints()
                        .foreignKeys())));
        for (List<TableId> cycle : order.cycles()) {
            checks.add(Check.warn(
                    "foreign keys",
                    "these tables refer to each other in a circle: "
                            + cycle.stream().map(TableId::toString).collect(Collectors.joining(", ")),
                    "nothing to do: foreign keys are created at the target after the load"));
        }
        return checks;
    }
}
