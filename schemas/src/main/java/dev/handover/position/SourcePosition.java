package dev.handover.position;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the log of one source. Its bytes are unsigned, big-endian and of fixed width per engine, so that comparing
 * bytes compares positions: in Java, in a PostgreSQL guard on {@code bytea}, in RocksDB and in an object's name. The
 * first byte names the engine.
 *
 * <p>Within a transaction, {@code order} counts the changes from 1; order 0 is the place just before its first change,
 * and so the stamp of a scan that saw everything committed up to there.
 */
public final class SourcePosition implements Comparable<SourcePosition> {
    private static final byte POSTGRES = 'P';
    private static final byte MARIADB = 'M';
    private static final byte SQL_SERVER = 'S';
    private static final byte ORACLE = 'O';
    private static final int SQL_SERVER_LSN_BYTES = 10;
    private static final Pattern POSTGRES_TEXT = Pattern.compile("([0-9A-F]{1,8})/([0-9A-F]{1,8})\\+(\\d{1,18})");
    private static final Pattern MARIADB_TEXT =
            Pattern.compile("(\\d{1,9}):binlog\\.(\\d{1,9}):(\\d{1,18})\\+(\\d{1,9})");

    private final SourceId source;
    private final byte[] bytes;

    private SourcePosition(SourceId source, byte[] bytes) {
        this.source = Objects.requireNonNull(source, "source");
        this.bytes = bytes;
    }

    /**
     * PostgreSQL: (commit LSN of the previous transaction, order). Rows of one COPY share a log position, so the
     * position of a row alone is not one; transactions arrive in the order of their commits.
     */
    public static SourcePosition postgres(SourceId source, long previousCommitLsn, long order) {
        requireOrder(order);
        return new SourcePosition(
                source,
                ByteBuffer.allocate(17)
                        .put(POSTGRES)
                        .putLong(previousCommitLsn)
                        .putLong(order)
                        .array());
    }

    /**
     * MariaDB and MySQL: (epoch, number of the binlog file, position in the file, order of the change in its
     * transaction). The position is that of the event, or of the transaction's beginning where the server does not tell
     * more. An operator raises the epoch when the source fails over to a server whose files are numbered differently.
     */
    public static SourcePosition mariadb(SourceId source, int epoch, int file, long position, int row) {
        requireOrder(row);
        return new SourcePosition(
                source,
                ByteBuffer.allocate(21)
                        .put(MARIADB)
                        .putInt(epoch)
                        .putInt(file)
                        .putLong(position)
                        .putInt(row)
                        .array());
    }

    /** SQL Server: (commit LSN, change LSN, serial number of the event); both LSNs are 10 bytes. */
    public static SourcePosition sqlServer(SourceId source, byte[] commitLsn, byte[] changeLsn, long serial) {
        if (commitLsn.length != SQL_SERVER_LSN_BYTES || changeLsn.length != SQL_SERVER_LSN_BYTES) {
            throw new IllegalArgumentException("an LSN of SQL Server has 10 bytes");
        }
        requireOrder(serial);
        return new SourcePosition(
                source,
                ByteBuffer.allocate(29)
                        .put(SQL_SERVER)
                        .put(commitLsn)
                        .put(changeLsn)
                        .putLong(serial)
                        .array());
    }

    /** Oracle: (commit SCN, redo thread, order). */
    public static SourcePosition oracle(SourceId source, long commitScn, int thread, long order) {
        requireOrder(order);
        return new SourcePosition(
                source,
                ByteBuffer.allocate(21)
                        .put(ORACLE)
                        .putLong(commitScn)
                        .putInt(thread)
                        .putLong(order)
                        .array());
    }

    /** The position that {@link #bytes()} gave. @throws IllegalArgumentException when they are none */
    public static SourcePosition decode(SourceId source, byte[] bytes) {
        int expected = bytes.length == 0
                ? -1
                : switch (bytes[0]) {
                    case POSTGRES -> 17;
                    case MARIADB, ORACLE -> 21;
                    case SQL_SERVER -> 29;
                    default -> -1;
                };
        if (bytes.length != expected) {
            throw new IllegalArgumentException("not a source position: " + bytes.length + " bytes");
        }
        return new SourcePosition(source, bytes.clone());
    }

    public SourceId source() {
        return source;
    }

    /** The encoded form; its unsigned order is the order of positions. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** @throws IllegalArgumentException when the positions are of two sources, or of two engines */
    @Override
    public int compareTo(SourcePosition other) {
        if (!source.equals(other.source)) {
            throw new IllegalArgumentException(
                    "positions of sources \"" + source + "\" and \"" + other.source + "\" have no order");
        }
        if (bytes[0] != other.bytes[0]) {
            throw new IllegalArgumentException("positions of two engines have no order");
        }
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    /** Whether this place is later in the log than the other. */
    public boolean isAfter(SourcePosition other) {
        return compareTo(other) > 0;
    }

    /**
     * A place of its own for each row that was read by a scan whose stamp this is: after every change that is before
     * the stamp, before every one that is not, and in the order of the numbers. No event of a log is there: the
     * smallest one has more bytes than the one by which these places are before the stamp.
     *
     * @param number of the row in the scan, from 1
     * @throws IllegalArgumentException for a stamp that is none, and for an engine that is not captured
     */
    public SourcePosition scanned(long number) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        if (number < 1 || bytes[0] != POSTGRES && bytes[0] != MARIADB) {
            throw new IllegalArgumentException("no place for row " + number + " of a scan");
        }
        if (bytes[0] == POSTGRES) {
            return postgres(source, before(in.getLong()), number);
        }
        return mariadb(source, in.getInt(), in.getInt(), before(in.getLong()), Math.toIntExact(number));
    }

    private static long before(long place) {
        if (place == 0) {
            throw new IllegalArgumentException("a log has no place before its beginning");
        }
        return place - 1;
    }

    /** The place of this engine's log that no change is before: whatever is there is older than any row. */
    public SourcePosition floor() {
        byte[] floor = new byte[bytes.length];
        floor[0] = bytes[0];
        return new SourcePosition(source, floor);
    }

    /** Whether this is a place in a PostgreSQL log, whose rows may leave out values that are stored out of line. */
    public boolean isPostgres() {
        return bytes[0] == POSTGRES;
    }

    /** For people: {@code 0/16B3748+12} for PostgreSQL, {@code 1:binlog.3:4711+2} for MariaDB. */
    public String text() {
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        return switch (bytes[0]) {
            case POSTGRES -> lsn(in.getLong()) + "+" + in.getLong();
            case MARIADB -> in.getInt() + ":binlog." + in.getInt() + ":" + in.getLong() + "+" + in.getInt();
            case ORACLE -> in.getLong() + ":" + in.getInt() + "+" + in.getLong();
            default -> hex(in, SQL_SERVER_LSN_BYTES) + ":" + hex(in, SQL_SERVER_LSN_BYTES) + "+" + in.getLong();
        };
    }

    /** The position that {@link #text()} wrote; empty for engines whose text is for people alone. */
    public static Optional<SourcePosition> parse(SourceId source, String text) {
        Matcher postgres = POSTGRES_TEXT.matcher(text);
        if (postgres.matches()) {
            long lsn = Long.parseLong(postgres.group(1), 16) << 32 | Long.parseLong(postgres.group(2), 16);
            return Optional.of(postgres(source, lsn, Long.parseLong(postgres.group(3))));
        }
        Matcher mariadb = MARIADB_TEXT.matcher(text);
        return mariadb.matches()
                ? Optional.of(mariadb(
                        source,
                        Integer.parseInt(mariadb.group(1)),
                        Integer.parseInt(mariadb.group(2)),
                        Long.parseLong(mariadb.group(3)),
                        Integer.parseInt(mariadb.group(4))))
                : Optional.empty();
    }

    /** PostgreSQL's own way to write a log sequence number. */
    public static String lsn(long lsn) {
        return String.format("%X/%X", lsn >>> 32, lsn & 0xFFFFFFFFL);
    }

    private static String hex(ByteBuffer in, int length) {
        byte[] part = new byte[length];
        in.get(part);
        return java.util.HexFormat.of().formatHex(part);
    }

    private static void requireOrder(long order) {
        if (order < 0) {
            throw new IllegalArgumentException("an order is not negative: " + order);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourcePosition that && source.equals(that.source) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * source.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return source + "@" + text();
    }
}
