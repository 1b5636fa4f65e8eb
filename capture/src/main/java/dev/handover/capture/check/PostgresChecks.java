package dev.handover.capture.check;

import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceTable;
import dev.handover.capture.TableSelection;
import dev.handover.capture.UnreadableTypes;
import dev.handover.row.TableId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What only PostgreSQL has. */
final class PostgresChecks {
    private static final int VERSION_MIN = 120_000;
    private static final int KEEP_SIZE_KNOWN = 130_000;
    private static final long KEEP_MEGABYTES_MIN = 1_024;
    private static final int TRANSACTION_MINUTES_MAX = 10;
    private static final String HEARTBEAT = "public." + TableSelection.HEARTBEAT_TABLE;

    private final SourceConfig config;
    private final Question source;

    PostgresChecks(SourceConfig config, Question source) {
        this.config = config;
        this.source = source;
    }

    List<Check> server() throws SQLException {
        long version = source.number("SHOW server_version_num");
        List<Check> checks = new ArrayList<>();
        checks.add(version(version));
        checks.add(walLevel());
        checks.add(encoding());
        checks.add(types());
        checks.add(replicates());
        boolean ours = source.any("SELECT 1 FROM pg_replication_slots WHERE slot_name = ?", config.slot());
        checks.add(slots(ours));
        checks.add(senders(ours));
        if (version >= KEEP_SIZE_KNOWN) {
            checks.add(keepSize());
        }
        checks.add(transactions());
        checks.add(heartbeat());
        return checks;
    }

    private Check version(long version) throws SQLException {
        String text = source.one("SHOW server_version").orElse("");
        return version < VERSION_MIN
                ? Check.fail("version", "PostgreSQL " + text + " is too old", "upgrade to 12 or later")
                : Check.ok("version", "PostgreSQL " + text);
    }

    private Check walLevel() throws SQLException {
        String level = source.one("SHOW wal_level").orElse("");
        return level.equals("logical")
                ? Check.ok("wal_level", "logical")
                : Check.fail(
                        "wal_level",
                        level + ": the log does not hold rows",
                        "run ALTER SYSTEM SET wal_level = logical, then restart the server");
    }

    private Check encoding() throws SQLException {
        String encoding = source.one("SHOW server_encoding").orElse("");
        return encoding.equals("SQL_ASCII")
                ? Check.fail(
                        "encoding",
                        "SQL_ASCII: the server does not know what its bytes mean",
                        "restore the database under its true encoding")
                : Check.ok("encoding", encoding);
    }

    private Check types() throws SQLException {
        return source.one(UnreadableTypes.QUERY)
                .map(types -> Check.fail("types", UnreadableTypes.fact(types), UnreadableTypes.REMEDY))
                .orElse(Check.ok("types", "the log's decoder can read them all"));
    }

    /** Managed services give the right by a role of their own. */
    private Check replicates() throws SQLException {
        boolean allowed = source.any(
                        "SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolreplication OR rolsuper)")
                || source.any("SELECT 1 FROM pg_roles WHERE rolname IN ('rds_replication', 'cloudsqlreplication')"
                        + " AND pg_has_role(current_user, oid, 'MEMBER')");
        return allowed
                ? Check.ok("replication", "user \"" + config.user() + "\" may replicate")
                : Check.fail(
                        "replication",
                        "user \"" + config.user() + "\" may not replicate",
                        "run there: ALTER ROLE \"" + config.user() + "\" REPLICATION");
    }

    private Check slots(boolean ours) throws SQLException {
        long most = source.number("SHOW max_replication_slots");
        long used = source.number("SELECT count(*) FROM pg_replication_slots");
        String fact = used + " of " + most + " replication slots are used" + (ours ? ", one by us" : "");
        return ours || used < most
                ? Check.ok("replication slots", fact)
                : Check.fail(
                        "replication slots",
                        fact,
                        "drop a slot that nobody needs, or raise max_replication_slots and restart the server");
    }

    private Check senders(boolean ours) throws SQLException {
        long most = source.number("SHOW max_wal_senders");
        long used = source.number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'");
        String fact = used + " of " + most + " WAL senders are used";
        return ours || used + 1 < most
                ? Check.ok("WAL senders", fact)
                : Check.fail("WAL senders", fact + ", and we need two", "raise max_wal_senders and restart the server");
    }

    private Check keepSize() throws SQLException {
        long megabytes = source.number("SELECT setting FROM pg_settings WHERE name = 'max_slot_wal_keep_size'");
        if (megabytes < 0) {
            return Check.warn(
                    "max_slot_wal_keep_size",
                    "unlimited: while capture stands still, the source's disk fills with log",
                    "watch the slot's lag, or set a limit that leaves time to act");
        }
        return megabytes < KEEP_MEGABYTES_MIN
                ? Check.warn(
                        "max_slot_wal_keep_size",
                        megabytes
                                + " MB: the slot is lost, and everything must be loaded again, once capture is that far"
                                + " behind",
                        "raise it to what the source writes in the longest outage you plan for")
                : Check.ok("max_slot_wal_keep_size", megabytes + " MB");
    }

    private Check transactions() throws SQLException {
        long minutes =
                source.number("SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) / 60, 0)::bigint"
                        + " FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()"
                        + " AND backend_type = 'client backend'");
        long prepared = source.number("SELECT count(*) FROM pg_prepared_xacts");
        if (prepared > 0) {
            return Check.warn(
                    "transactions",
                    prepared + " prepared: creating the replication slot waits for their end",
                    "commit or roll them back: SELECT gid FROM pg_prepared_xacts");
        }
        return minutes >= TRANSACTION_MINUTES_MAX
                ? Check.warn(
                        "transactions",
                        "one has been open for " + minutes
                                + " minutes: creating the replication slot waits for its end",
                        "find it: SELECT pid, xact_start FROM pg_stat_activity ORDER BY xact_start")
                : Check.ok("transactions", "none has been open for long");
    }

    private Check heartbeat() throws SQLException {
        if (source.any("SELECT 1 WHERE to_regclass('" + HEARTBEAT + "') IS NOT NULL")) {
            boolean writes = source.any("SELECT 1 WHERE has_table_privilege('" + HEARTBEAT
                    + "', 'INSERT') AND has_table_privilege('" + HEARTBEAT + "', 'UPDATE')");
            return writes
                    ? Check.ok("heartbeat", "table " + HEARTBEAT + " is there and may be written")
                    : Check.fail(
                            "heartbeat",
                            "table " + HEARTBEAT + " may not be written",
                            "run there: GRANT SELECT, INSERT, UPDATE ON " + HEARTBEAT + " TO \"" + config.user()
                                    + "\"");
        }
        return source.any("SELECT 1 WHERE has_schema_privilege('public', 'CREATE')")
                ? Check.ok("heartbeat", "table " + HEARTBEAT + " can be created")
                : Check.fail(
                        "heartbeat",
                        "table " + HEARTBEAT + " is not there and may not be created",
                        "run there: CREATE TABLE " + HEARTBEAT
                                + " (id text PRIMARY KEY, counter bigint NOT NULL, at timestamptz NOT NULL); GRANT SELECT,"
                                + " INSERT, UPDATE ON " + HEARTBEAT + " TO \"" + config.user() + "\"");
    }

    /** Privileges, publication, and what makes keys differ from what they seem. */
    List<Check> tables(List<SourceTable> tables) throws SQLException {
        List<Check> checks = new ArrayList<>();
        boolean published = source.any("SELECT 1 FROM pg_publication WHERE pubname = ?", config.publication());
        if (published) {
            checks.add(publication());
        }
        List<String> unowned = new ArrayList<>();
        for (SourceTable table : tables) {
            String name = quoted(table.table());
            if (!source.any("SELECT 1 WHERE has_table_privilege(?, 'SELECT')", name)) {
                checks.add(Check.fail(
                        "table " + table.table(),
                        "user \"" + config.user() + "\" may not read it",
                        "run there: GRANT SELECT ON " + name + " TO \"" + config.user() + "\""));
            }
            if (source.any("SELECT 1 WHERE row_security_active(?::regclass)", name)) {
                checks.add(Check.fail(
                        "table " + table.table(),
                        "row security hides rows of it from user \"" + config.user() + "\"",
                        "run there: ALTER ROLE \"" + config.user() + "\" BYPASSRLS"));
            }
            if (!source.any(
                    "SELECT 1 FROM pg_class c WHERE c.oid = ?::regclass AND pg_has_role(current_user, c.relowner, 'USAGE')",
                    name)) {
                unowned.add(name);
            }
        }
        if (!published && !unowned.isEmpty()) {
            checks.add(Check.fail(
                    "publication",
                    "\"" + config.publication() + "\" is not there, and user \"" + config.user() + "\" does not own "
                            + unowned.size() + " of the tables, so cannot create it",
                    "as their owner, run there: CREATE PUBLICATION \"" + config.publication() + "\" FOR TABLE "
                            + HEARTBEAT + ", " + String.join(", ", unowned)
                            + " WITH (publish_via_partition_root = true)"));
        }
        checks.addAll(collations());
        return checks;
    }

    private Check publication() throws SQLException {
        boolean whole = source.any(
                "SELECT 1 FROM pg_publication WHERE pubname = ? AND pubinsert AND pubupdate AND pubdelete AND pubtruncate",
                config.publication());
        return whole
                ? Check.ok("publication", "\"" + config.publication() + "\" carries every kind of change")
                : Check.fail(
                        "publication",
                        "\"" + config.publication() + "\" leaves out a kind of change",
                        "run there: ALTER PUBLICATION \"" + config.publication()
                                + "\" SET (publish = 'insert, update, delete, truncate')");
    }

    /** Keys that the source takes for equal although they are written differently are two keys for everybody else. */
    private List<Check> collations() throws SQLException {
        return source
                .rows("SELECT DISTINCT n.nspname, c.relname, a.attname FROM pg_index i"
                        + " JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
                        + " JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation l ON l.oid = a.attcollation"
                        + " WHERE i.indisunique AND (t.typname = 'citext' OR NOT coalesce(l.collisdeterministic, true))"
                        + " ORDER BY 1, 2, 3")
                .stream()
                .filter(row -> config.selection().selects(row.get(0), row.get(1)))
                .map(row -> Check.warn(
                        "table " + config.name() + "." + row.get(0) + "." + row.get(1),
                        "key column \"" + row.get(2) + "\" takes differently written texts for equal",
                        "nothing to do for the copy; a unique index at the target will be stricter or looser"))
                .toList();
    }

    private static String quoted(TableId table) {
        return "\"" + table.schema().replace("\"", "\"\"") + "\".\""
                + table.name().replace("\"", "\"\"") + "\"";
    }
}
