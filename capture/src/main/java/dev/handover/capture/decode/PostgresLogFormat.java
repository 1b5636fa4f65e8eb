package dev.handover.capture.decode;

import dev.handover.capture.Boundary;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.PostgresText;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's log, every value of which arrives as PostgreSQL's own text. */
public final class PostgresLogFormat implements LogFormat {
    /** Stands for a value that the log does not repeat; no text of PostgreSQL can hold its first character. */
    public static final String UNCHANGED = "\u0000unchanged";

    /** Of Debezium's offsets: where the last complete transaction ends. */
    public static final String COMMIT = "lsn_commit";

    private final SourceId source;

    public PostgresLogFormat(SourceId source) {
        this.source = source;
    }

    /** The boundary at a place in the log. */
    public Boundary boundary(long lsn, long heartbeat, Instant committedAt) {
        Map<String, Object> offset = Map.of(
                "lsn",
                lsn,
                COMMIT,
                lsn,
                "ts_usec",
                committedAt.getEpochSecond() * 1_000_000 + committedAt.getNano() / 1_000);
        return new Boundary(SourcePosition.postgres(source, lsn, 0), offset, heartbeat, committedAt);
    }

    /** The place in the log of a boundary. */
    public static long lsn(Boundary boundary) {
        if (boundary.offset().get(COMMIT) instanceof Number lsn) {
            return lsn.longValue();
        }
        throw new IllegalArgumentException("the boundary is not one of PostgreSQL");
    }

    @Override
    public TableId table(Struct from) {
        return new TableId(source.name(), from.getString("schema"), from.getString("table"));
    }

    @Override
    public SourcePosition position(Boundary previous, SourceRecord event, long order) {
        return SourcePosition.postgres(source, lsn(previous), order);
    }

    @Override
    public Cell cell(Column column, @Nullable Object value) {
        if (value == null) {
            return Cell.NULL;
        }
        if (!(value instanceof String text)) {
            throw new IllegalArgumentException("not PostgreSQL's text");
        }
        return unchanged(text) ? Cell.UNCHANGED : PostgresText.parse(column.type(), text);
    }

    @Override
    public boolean unchanged(Object value) {
        return value.equals(UNCHANGED);
    }

    @Override
    public Boundary boundary(SourceRecord end, long heartbeat, Instant committedAt) {
        if (end.sourceOffset().get(COMMIT) instanceof Number lsn) {
            return boundary(lsn.longValue(), heartbeat, committedAt);
        }
        throw new IllegalArgumentException("the end of a transaction has no position");
    }

    /** In 32 bits. */
    @Override
    public long transaction(SourceRecord change) {
        if (((Struct) change.value()).getStruct("source").get("txId") instanceof Number id) {
            return id.longValue();
        }
        throw new IllegalArgumentException("a change names no transaction");
    }

    @Override
    public LoadCut cut(String text) {
        return PostgresLoadCut.parse(text);
    }
}
