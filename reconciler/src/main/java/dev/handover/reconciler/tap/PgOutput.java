package dev.handover.reconciler.tap;

import dev.handover.reconciler.tap.LogMessage.Identity;
import dev.handover.reconciler.tap.LogMessage.LoggedColumn;
import dev.handover.reconciler.tap.LogMessage.Old;
import dev.handover.row.Cell;
import dev.handover.row.Value;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads messages of {@code pgoutput} ("Logical Replication Message Formats" of PostgreSQL's manual, protocol version 1,
 * values as text). Pure; one message at a time, nothing larger than it.
 */
final class PgOutput {
    /** PostgreSQL's own limit. */
    private static final int COLUMNS_MAX = 1_600;

    private static final long SECONDS_TO_2000 = 946_684_800L;
    private static final long MICROS = 1_000_000L;

    private PgOutput() {}

    /**
     * The message in these bytes.
     *
     * @throws IllegalArgumentException when they are none; the text holds no value
     */
    static LogMessage parse(ByteBuffer bytes) {
        try {
            LogMessage message = message(bytes);
            if (!(message instanceof LogMessage.Other) && bytes.hasRemaining()) {
                throw new IllegalArgumentException("a message of the log is longer than it should be");
            }
            return message;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a message of the log ends too early", e);
        }
    }

    private static LogMessage message(ByteBuffer in) {
        byte kind = in.get();
        return switch (kind) {
            case 'B' -> begin(in);
            case 'C' -> commit(in);
            case 'R' -> relation(in);
            case 'I' -> insert(in);
            case 'U' -> update(in);
            case 'D' -> delete(in);
            case 'T' -> truncate(in);
            case 'Y', 'O', 'M' -> new LogMessage.Other();
            default -> throw new IllegalArgumentException("a message of the log is of kind " + kind);
        };
    }

    private static LogMessage begin(ByteBuffer in) {
        in.getLong(); // where the commit is; told again by the commit
        in.getLong(); // when
        return new LogMessage.Begin(Integer.toUnsignedLong(in.getInt()));
    }

    private static LogMessage commit(ByteBuffer in) {
        in.get(); // flags, none so far
        in.getLong(); // where the commit begins
        long end = in.getLong();
        return new LogMessage.Commit(end, instant(in.getLong()));
    }

    private static LogMessage relation(ByteBuffer in) {
        int id = in.getInt();
        String schema = name(in);
        String table = name(in);
        Identity identity = in.get() == 'f' ? Identity.FULL : Identity.KEY;
        int count = count(in);
        List<LoggedColumn> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean ofKey = in.get() == 1;
            columns.add(new LoggedColumn(name(in), ofKey, in.getInt(), in.getInt()));
        }
        return new LogMessage.Relation(id, schema.isEmpty() ? "pg_catalog" : schema, table, identity, columns);
    }

    private static LogMessage insert(ByteBuffer in) {
        int relation = in.getInt();
        require(in.get(), 'N');
        return new LogMessage.Insert(relation, tuple(in));
    }

    private static LogMessage update(ByteBuffer in) {
        int relation = in.getInt();
        byte part = in.get();
        Optional<Old> before = Optional.empty();
        if (part == 'K' || part == 'O') {
            before = Optional.of(new Old(part == 'O', tuple(in)));
            part = in.get();
        }
        require(part, 'N');
        return new LogMessage.Update(relation, before, tuple(in));
    }

    private static LogMessage delete(ByteBuffer in) {
        int relation = in.getInt();
        byte part = in.get();
        if (part != 'K') {
            require(part, 'O');
        }
        return new LogMessage.Delete(relation, new Old(part == 'O', tuple(in)));
    }

    private static LogMessage truncate(ByteBuffer in) {
        int count = in.getInt();
        in.get(); // cascade, restart identity
        if (count < 0 || count > in.remaining() / Integer.BYTES) {
            throw new IllegalArgumentException("a message of the log truncates " + count + " tables");
        }
        List<Integer> relations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            relations.add(in.getInt());
        }
        return new LogMessage.Truncate(relations);
    }

    private static List<Cell> tuple(ByteBuffer in) {
        int count = count(in);
        List<Cell> cells = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte kind = in.get();
            cells.add(
                    switch (kind) {
                        case 'n' -> Cell.NULL;
                        case 'u' -> Cell.UNCHANGED;
                        case 't' -> new Value.Text(text(in, in.getInt()));
                        default -> throw new IllegalArgumentException("a value in the log is of kind " + kind);
                    });
        }
        return cells;
    }

    private static int count(ByteBuffer in) {
        int count = in.getShort();
        if (count < 0 || count > COLUMNS_MAX) {
            throw new IllegalArgumentException("a row in the log has " + count + " columns");
        }
        return count;
    }

    private static String text(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a value in the log has " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String name(ByteBuffer in) {
        int end = in.position();
        while (end < in.limit() && in.get(end) != 0) {
            end++;
        }
        String name = text(in, end - in.position());
        in.get(); // the zero
        return name;
    }

    private static void require(byte part, char expected) {
        if (part != expected) {
            throw new IllegalArgumentException("a row in the log has a part of kind " + part);
        }
    }

    private static Instant instant(long microsSince2000) {
        return Instant.ofEpochSecond(
                SECONDS_TO_2000 + Math.floorDiv(microsSince2000, MICROS),
                Math.floorMod(microsSince2000, MICROS) * 1_000);
    }
}
