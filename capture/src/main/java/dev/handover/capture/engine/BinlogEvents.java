package dev.handover.capture.engine;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import com.github.shyiko.mysql.binlog.event.deserialization.DeleteRowsEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.UpdateRowsEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.WriteRowsEventDataDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/** Reads the events of a binlog without loss, and refuses those that it does not know. */
final class BinlogEvents extends EventDeserializer {
    /** The server's own mark of events that a reader may leave out. */
    private static final int IGNORABLE = 0x80;

    private final Map<Long, TableMapEventData> tables;

    BinlogEvents() {
        this(new HashMap<>());
    }

    private BinlogEvents(Map<Long, TableMapEventData> tables) {
        this.tables = tables;
        setEventDataDeserializer(EventType.WRITE_ROWS, new Writes(tables));
        setEventDataDeserializer(EventType.UPDATE_ROWS, new Updates(tables));
        setEventDataDeserializer(EventType.DELETE_ROWS, new Deletes(tables));
        setEventDataDeserializer(EventType.EXT_WRITE_ROWS, new Writes(tables).setMayContainExtraInformation(true));
        setEventDataDeserializer(EventType.EXT_UPDATE_ROWS, new Updates(tables).setMayContainExtraInformation(true));
        setEventDataDeserializer(EventType.EXT_DELETE_ROWS, new Deletes(tables).setMayContainExtraInformation(true));
    }

    @Override
    public Event nextEvent(ByteArrayInputStream in) throws IOException {
        Event event = super.nextEvent(in);
        if (event == null) {
            return event;
        }
        if (event.getHeader() instanceof EventHeaderV4 header
                && header.getEventType() == EventType.UNKNOWN
                && (header.getFlags() & IGNORABLE) == 0
                && header.getEventLength() > 0
                && header.getTimestamp() != 0) {
            throw new IllegalStateException("the binlog holds an event of an unknown kind, compressed rows perhaps");
        }
        if (event.getHeader().getEventType() == EventType.TABLE_MAP) {
            TableMapEventData table =
                    EventDataWrapper.internal(event.getData()) instanceof TableMapEventData map ? map : event.getData();
            tables.put(table.getTableId(), table);
        } else if (event.getHeader().getEventType() == EventType.ROTATE
                && event.getHeader().getTimestamp() != 0) {
            tables.clear();
        }
        return event;
    }

    private static final class Writes extends WriteRowsEventDataDeserializer {
        Writes(Map<Long, TableMapEventData> tables) {
            super(tables);
        }

        @Override
        protected Serializable deserializeCell(ColumnType type, int meta, int length, ByteArrayInputStream in)
                throws IOException {
            var exact = BinlogCells.read(type, meta, length, in);
            return exact.isPresent() ? exact.get() : super.deserializeCell(type, meta, length, in);
        }
    }

    private static final class Updates extends UpdateRowsEventDataDeserializer {
        Updates(Map<Long, TableMapEventData> tables) {
            super(tables);
        }

        @Override
        protected Serializable deserializeCell(ColumnType type, int meta, int length, ByteArrayInputStream in)
                throws IOException {
            var exact = BinlogCells.read(type, meta, length, in);
            return exact.isPresent() ? exact.get() : super.deserializeCell(type, meta, length, in);
        }
    }

    private static final class Deletes extends DeleteRowsEventDataDeserializer {
        Deletes(Map<Long, TableMapEventData> tables) {
            super(tables);
        }

        @Override
        protected Serializable deserializeCell(ColumnType type, int meta, int length, ByteArrayInputStream in)
                throws IOException {
            var exact = BinlogCells.read(type, meta, length, in);
            return exact.isPresent() ? exact.get() : super.deserializeCell(type, meta, length, in);
        }
    }
}
