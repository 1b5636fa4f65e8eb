package dev.handover.capture.engine;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.MariadbGtidEventData;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import io.debezium.DebeziumException;
import io.debezium.connector.binlog.jdbc.BinlogConnectorConnection;
import io.debezium.connector.mariadb.MariaDbConnectorConfig;
import io.debezium.connector.mariadb.MariaDbDatabaseSchema;
import io.debezium.connector.mariadb.MariaDbOffsetContext;
import io.debezium.connector.mariadb.MariaDbPartition;
import io.debezium.connector.mariadb.MariaDbStreamingChangeEventSource;
import io.debezium.connector.mariadb.MariaDbTaskContext;
import io.debezium.connector.mariadb.metrics.MariaDbStreamingChangeEventSourceMetrics;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.relational.TableId;
import io.debezium.snapshot.SnapshotterService;
import io.debezium.util.Clock;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Debezium's reader of the binlog, by file and position. It marks the beginning of transactions, which MariaDB tells
 * only by a GTID event, gives their ends the position after them, and refuses what Debezium passes over with a warning:
 * statements instead of rows, XA, partial rollbacks.
 */
final class MariaDbTextStream extends MariaDbStreamingChangeEventSource {
    /** Of a GTID event: no commit follows; a statement of its own, such as DDL. */
    private static final int STANDALONE = 1;

    private static final Pattern STATEMENT =
            Pattern.compile("(?is)\\s*(/\\*.*?\\*/\\s*)*(INSERT|UPDATE|DELETE|REPLACE|LOAD\\s+DATA)\\b.*");

    MariaDbTextStream(
            MariaDbConnectorConfig config,
            BinlogConnectorConnection connection,
            EventDispatcher<MariaDbPartition, TableId> dispatcher,
            ErrorHandler errors,
            MariaDbTaskContext task,
            MariaDbDatabaseSchema schema,
            MariaDbStreamingChangeEventSourceMetrics metrics,
            SnapshotterService snapshots,
            BinaryLogClient client) {
        super(config, connection, dispatcher, errors, Clock.system(), task, schema, metrics, snapshots, client);
    }

    @Override
    protected EventDeserializer createEventDeserializer() {
        return new BinlogEvents();
    }

    @Override
    protected void handleEvent(
            MariaDbPartition partition, MariaDbOffsetContext offset, ChangeEventSourceContext context, Event event) {
        if (event != null && event.getHeader() instanceof EventHeaderV4 header && ends(event)) {
            // The engine's record of the end carries where to restart; that is after the transaction, not before it.
            offset.setBinlogStartPoint(offset.getSource().binlogFilename(), header.getNextPosition());
        }
        super.handleEvent(partition, offset, context, event);
        if (event != null && event.getHeader().getEventType() == EventType.MARIADB_GTID) {
            begin(partition, offset, event);
        }
    }

    private void begin(MariaDbPartition partition, MariaDbOffsetContext offset, Event event) {
        MariadbGtidEventData gtid = unwrapData(event);
        if ((gtid.getFlags() & STANDALONE) != 0) {
            return;
        }
        try {
            handleTransactionBegin(partition, offset, event, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean ends(Event event) {
        return event.getHeader().getEventType() == EventType.XID
                || event.getHeader().getEventType() == EventType.QUERY
                        && sql(event).equalsIgnoreCase("COMMIT");
    }

    private String sql(Event event) {
        QueryEventData query = unwrapData(event);
        return query.getSql().trim();
    }

    @Override
    protected void handleQueryEvent(MariaDbPartition partition, MariaDbOffsetContext offset, Event event)
            throws InterruptedException {
        String sql = sql(event);
        String upper = sql.toUpperCase(Locale.ROOT);
        if (STATEMENT.matcher(sql).matches()) {
            throw new DebeziumException("the binlog holds a statement instead of its rows");
        }
        if (upper.startsWith("XA ")) {
            throw new DebeziumException("the binlog holds an XA transaction");
        }
        if (upper.startsWith("ROLLBACK")) {
            throw new DebeziumException("the binlog holds a transaction that was rolled back in part");
        }
        super.handleQueryEvent(partition, offset, event);
    }

    @Override
    protected void prepareTransaction(MariaDbOffsetContext offset, Event event) {
        throw new DebeziumException("the binlog holds an XA transaction");
    }
}
