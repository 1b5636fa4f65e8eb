package dev.handover.capture.decode;

import dev.handover.capture.Boundary;
import dev.handover.capture.load.MariaDbText;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** MariaDB's binlog, every value of which arrives as the text that {@link BinlogText} makes of it. */
public final class MariaDbLogFormat implements LogFormat {
    private static final String FILE = "file";
    private static final String POSITION = "pos";

    private final SourceId source;
    private final int epoch;

    public MariaDbLogFormat(SourceId source, int epoch) {
        this.source = source;
        this.epoch = epoch;
    }

    /** The boundary at a place in the log. @throws IllegalArgumentException when the file's name ends in no number */
    public Boundary boundary(String file, long position, long heartbeat, Instant committedAt) {
        return new Boundary(
                SourcePosition.mariadb(source, epoch, number(file), position, 0),
                Map.of(FILE, file, POSITION, position),
                heartbeat,
                committedAt);
    }

    /** The log file of a boundary. */
    public static String file(Boundary boundary) {
        return String.valueOf(boundary.offset().get(FILE));
    }

    /** The place in the log file of a boundary, in bytes. */
    public static long place(Boundary boundary) {
        return boundary.offset().get(POSITION) instanceof Number place ? place.longValue() : 0;
    }

    /** The number at the end of a log file's name. @throws IllegalArgumentException when there is none */
    public static int number(String file) {
        String digits = file.substring(file.lastIndexOf('.') + 1);
        if (!digits.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("the name of a log file ends in no number");
        }
        return Integer.parseInt(digits);
    }

    @Override
    public TableId table(Struct from) {
        return new TableId(source.name(), from.getString("db"), from.getString("table"));
    }

    /**
     * Since 11.4 the events of a transaction do not tell their own places ({@code binlog_legacy_event_pos = OFF}): all
     * come with the place of the transaction's beginning, and only their order tells them apart. Older servers tell the
     * place of the event, in the same order.
     */
    @Override
    public SourcePosition position(Boundary previous, SourceRecord event, long order) {
        Struct from = ((Struct) event.value()).getStruct("source");
        return SourcePosition.mariadb(
                source, epoch, number(from.getString(FILE)), from.getInt64(POSITION), Math.toIntExact(order));
    }

    @Override
    public Cell cell(Column column, @Nullable Object value) {
        if (value == null) {
            return Cell.NULL;
        }
        if (!(value instanceof String text)) {
            throw new IllegalArgumentException("not the text of a binlog's cell");
        }
        return column.type().kind() == Kind.BYTES
                ? PostgresText.parse(column.type(), text)
                : MariaDbText.parse(column.type(), text);
    }

    @Override
    public Boundary boundary(SourceRecord end, long heartbeat, Instant committedAt) {
        Map<String, ?> offset = end.sourceOffset();
        if (offset.get(FILE) instanceof String file && offset.get(POSITION) instanceof Number position) {
            return boundary(file, position.longValue(), heartbeat, committedAt);
        }
        throw new IllegalArgumentException("the end of a transaction has no position");
    }

    /** From the place of a consistent snapshot, {@code file:position}: it saw exactly what is before. */
    @Override
    public LoadCut cut(String text) {
        int colon = text.lastIndexOf(':');
        SourcePosition end = SourcePosition.mariadb(
                source, epoch, number(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)), 0);
        return (change, previous) -> end.isAfter(position(previous, change, 0));
    }
}
