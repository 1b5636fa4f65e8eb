package dev.handover.capture.check;

import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.SourceTable;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What only MariaDB and MySQL have. */
final class MariaDbChecks {
    private static final long RETENTION_HOURS_MIN = 24;
    private static final int TRANSACTION_MINUTES_MAX = 10;
    /** A column is looked through for zero dates no further than this. */
    private static final int SAMPLE_ROWS_MAX = 10_000;

    private final SourceConfig config;
    private final Question source;

    MariaDbChecks(SourceConfig config, Question source) {
        this.config = config;
        this.source = source;
    }

    List<Check> server() throws SQLException {
        Map<String, String> settings = new TreeMap<>();
        for (List<String> row : source.rows("SHOW GLOBAL VARIABLES")) {
            settings.put(row.get(0).toLowerCase(Locale.ROOT), row.get(1));
        }
        List<Check> checks = new ArrayList<>();
        checks.add(Check.ok("version", settings.getOrDefault("version", "")));
        boolean logs = settings.getOrDefault("log_bin", "OFF").matches("ON|1");
        checks.add(
                logs
                        ? Check.ok("log_bin", "on")
                        : Check.fail(
                                "log_bin", "off: there is no log to read", "start the server with log_bin=binlog"));
        checks.add(required(settings, "binlog_format", "ROW", "the log holds statements, not rows"));
        checks.add(required(settings, "binlog_row_image", "FULL", "the log holds parts of rows"));
        checks.add(serverId(settings));
        checks.add(retention(settings));
        if (config.engine() == SourceEngine.MARIADB) {
            checks.add(
                    settings.getOrDefault("gtid_strict_mode", "OFF").equals("ON")
                            ? Check.ok("gtid_strict_mode", "on")
                            : Check.warn(
                                    "gtid_strict_mode",
                                    "off: after a failover the log may repeat its numbers",
                                    "SET GLOBAL gtid_strict_mode = ON, and in the server's configuration"));
            checks.add(logCompression(settings));
        }
        checks.add(filters());
        checks.addAll(privileges());
        checks.add(transactions());
        return checks;
    }

    private static Check required(Map<String, String> settings, String name, String wanted, String meaning) {
        String value = settings.getOrDefault(name, "");
        return value.equalsIgnoreCase(wanted)
                ? Check.ok(name, value)
                : Check.fail(
                        name,
                        value + ": " + meaning,
                        "SET GLOBAL " + name + " = '" + wanted
                                + "', and in the server's configuration; then end the sessions that are open");
    }

    private Check serverId(Map<String, String> settings) {
        return settings.getOrDefault("server_id", "").equals(String.valueOf(config.serverId()))
                ? Check.fail(
                        "server id",
                        config.serverId() + " is the server's own",
                        "choose one that neither the server nor any of its replicas uses")
                : Check.ok("server id", config.serverId() + " is not the server's own");
    }

    private static Check retention(Map<String, String> settings) {
        double seconds = Double.parseDouble(settings.getOrDefault("binlog_expire_logs_seconds", "0"));
        double days = Double.parseDouble(settings.getOrDefault("expire_logs_days", "0"));
        double hours = seconds > 0 ? seconds / 3_600 : days * 24;
        return hours > 0 && hours < RETENTION_HOURS_MIN
                ? Check.warn(
                        "log retention",
                        "the log is kept for " + Math.round(hours)
                                + " h: after a longer outage of capture everything must" + " be loaded again",
                        "raise binlog_expire_logs_seconds to what you plan for")
                : Check.ok(
                        "log retention",
                        hours == 0 ? "the log is kept" : "the log is kept for " + Math.round(hours) + " h");
    }

    private static Check logCompression(Map<String, String> settings) {
        return settings.getOrDefault("log_bin_compress", "OFF").equals("ON")
                ? Check.fail(
                        "log_bin_compress",
                        "on: compressed events cannot be read here",
                        "SET GLOBAL log_bin_compress = OFF, and in the server's configuration")
                : Check.ok("log_bin_compress", "off");
    }

    /** Databases that the server does not log at all. Asking needs a privilege of its own. */
    private Check filters() {
        try {
            for (List<String> row : source.rows("SHOW MASTER STATUS")) {
                if (!row.get(2).isEmpty() || !row.get(3).isEmpty()) {
                    return Check.warn(
                            "log filters",
                            "the server logs only some databases (binlog_do_db, binlog_ignore_db)",
                            "make sure that the selected ones are logged");
                }
            }
            return Check.ok("log position", "may be asked for");
        } catch (SQLException e) {
            return Check.fail(
                    "log position",
                    "user \"" + config.user() + "\" may not ask where the log ends",
                    "run there: GRANT BINLOG MONITOR ON *.* TO '" + config.user() + "'; for MySQL REPLICATION CLIENT");
        }
    }

    private List<Check> privileges() throws SQLException {
        String grants = source.rows("SHOW GRANTS").stream()
                .map(row -> row.get(0).toUpperCase(Locale.ROOT))
                .filter(line -> line.contains(" ON *.* "))
                .collect(Collectors.joining("\n"));
        List<Check> checks = new ArrayList<>();
        for (String privilege : List.of("REPLICATION SLAVE", "RELOAD")) {
            boolean held = grants.contains("ALL PRIVILEGES") || grants.contains(privilege);
            checks.add(
                    held
                            ? Check.ok("privilege", privilege)
                            : Check.fail(
                                    "privilege",
                                    "user \"" + config.user() + "\" lacks " + privilege,
                                    "run there: GRANT " + privilege + " ON *.* TO '" + config.user() + "'"));
        }
        return checks;
    }

    private Check transactions() {
        try {
            long minutes = source.number("SELECT coalesce(max(timestampdiff(MINUTE, trx_started, now())), 0)"
                    + " FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id <> connection_id()");
            return minutes >= TRANSACTION_MINUTES_MAX
                    ? Check.warn(
                            "transactions",
                            "one has been open for " + minutes
                                    + " minutes: its changes come late, and the load's snapshot"
                                    + " may wait for its table locks",
                            "find it: SELECT trx_mysql_thread_id, trx_started FROM information_schema.INNODB_TRX")
                    : Check.ok("transactions", "none has been open for long");
        } catch (SQLException e) {
            return Check.warn(
                    "transactions",
                    "user \"" + config.user() + "\" may not see how long they have been open",
                    "run there: GRANT PROCESS ON *.* TO '" + config.user() + "', or look yourself");
        }
    }

    /** What lies in the tables that a PostgreSQL target takes differently. */
    List<Check> tables(List<SourceTable> tables) throws SQLException {
        List<Check> checks = new ArrayList<>();
        Map<TableId, TableSchema> taken = new TreeMap<>();
        tables.forEach(table -> table.schema().ifPresent(schema -> taken.put(table.table(), schema)));
        checks.addAll(engines(taken));
        checks.addAll(cascades(taken));
        checks.addAll(charsets(taken));
        for (TableSchema schema : taken.values()) {
            checks.addAll(zeroDates(schema));
        }
        return checks;
    }

    private List<Check> engines(Map<TableId, TableSchema> taken) throws SQLException {
        TreeSet<String> odd = new TreeSet<>();
        for (List<String> row : source.rows("SELECT TABLE_SCHEMA, TABLE_NAME, ENGINE FROM information_schema.TABLES"
                + " WHERE TABLE_TYPE = 'BASE TABLE' AND ENGINE <> 'InnoDB'")) {
            if (taken.containsKey(new TableId(config.name(), row.get(0), row.get(1)))) {
                odd.add(row.get(0) + "." + row.get(1) + " (" + row.get(2) + ")");
            }
        }
        return odd.isEmpty()
                ? List.of()
                : List.of(Check.warn(
                        "storage engines",
                        "without transactions: " + String.join(", ", odd)
                                + "; they are read as they are at that moment",
                        "ALTER TABLE ... ENGINE=InnoDB at the source, if its owner agrees"));
    }

    /** InnoDB changes rows on behalf of a foreign key without a word in the log. */
    private List<Check> cascades(Map<TableId, TableSchema> taken) throws SQLException {
        List<Check> checks = new ArrayList<>();
        for (List<String> row : source.rows("SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE,"
                + " DELETE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE UPDATE_RULE IN ('CASCADE', 'SET"
                + " NULL') OR DELETE_RULE IN ('CASCADE', 'SET NULL') ORDER BY 1, 2, 3")) {
            TableId table = new TableId(config.name(), row.get(0), row.get(1));
            if (taken.containsKey(table)) {
                checks.add(Check.warn(
                        "table " + table,
                        "foreign key " + row.get(2) + " changes its rows by itself (on update " + row.get(3)
                                + ", on delete " + row.get(4) + "), and the log does not hold such changes",
                        "do not change keys or delete rows that it refers to while the migration runs, or touch its rows"
                                + " afterwards; a comparison finds what was missed"));
            }
        }
        return checks;
    }

    private List<Check> charsets(Map<TableId, TableSchema> taken) throws SQLException {
        Map<String, Integer> narrow = new TreeMap<>();
        List<Check> checks = new ArrayList<>();
        for (List<String> row : source.rows("SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, CHARACTER_SET_NAME,"
                + " COLLATION_NAME FROM information_schema.COLUMNS WHERE CHARACTER_SET_NAME IS NOT NULL"
                + " ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION")) {
            TableSchema schema = taken.get(new TableId(config.name(), row.get(0), row.get(1)));
            if (schema == null) {
                continue;
            }
            if (!row.get(3).startsWith("utf8") && !row.get(3).equals("ascii")) {
                narrow.merge(row.get(3), 1, Integer::sum);
            }
            String collation = row.get(4);
            if (schema.key().contains(row.get(2)) && !collation.endsWith("_bin")) {
                checks.add(Check.warn(
                        "table " + schema.table(),
                        "key column \"" + row.get(2) + "\" has collation " + collation
                                + ": texts that differ in case or in blanks at their end are equal there and different"
                                + " at the target",
                        "nothing to do for the copy; applications that look rows up regardless of case must be told"));
            }
        }
        narrow.forEach((charset, columns) -> checks.add(Check.warn(
                "character sets",
                columns + " columns are in " + charset + ": what they hold is copied as the source understands it, and"
                        + " bytes that were written in another encoding stay damaged",
                "look at a few rows of them; repair them at the source before the migration")));
        return checks;
    }

    /** A zero date has no place in PostgreSQL; somebody must decide what it means. */
    private List<Check> zeroDates(TableSchema schema) throws SQLException {
        List<String> columns = schema.columns().stream()
                .filter(column -> column.type().kind() == Kind.DATE
                        || column.type().kind() == Kind.TIMESTAMP
                        || column.type().kind() == Kind.TIMESTAMPTZ)
                .map(Column::name)
                .toList();
        if (columns.isEmpty()) {
            return List.of();
        }
        String table = "`" + schema.table().schema().replace("`", "``") + "`.`"
                + schema.table().name().replace("`", "``") + "`";
        String names = columns.stream()
                .map(name -> "`" + name.replace("`", "``") + "`")
                .collect(Collectors.joining(", "));
        String found = columns.stream()
                .map(name -> {
                    String column = "`" + name.replace("`", "``") + "`";
                    return "max(" + column + " IS NOT NULL AND (month(" + column + ") = 0 OR dayofmonth(" + column
                            + ") = 0))";
                })
                .collect(Collectors.joining(", "));
        List<String> zero = new ArrayList<>();
        for (List<String> row : source.rows("SELECT " + found + " FROM (SELECT " + names + " FROM " + table + " LIMIT "
                + SAMPLE_ROWS_MAX + ") s")) {
            for (int i = 0; i < columns.size(); i++) {
                if (row.get(i).equals("1")) {
                    zero.add(columns.get(i));
                }
            }
        }
        return zero.isEmpty()
                ? List.of()
                : List.of(
                        Check.warn(
                                "table " + schema.table(),
                                "zero dates in " + String.join(", ", zero) + ", which PostgreSQL cannot hold",
                                "map these columns: say under tables[].columns what a zero date means (null, a date, or text)"));
    }
}
