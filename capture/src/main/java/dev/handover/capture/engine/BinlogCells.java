package dev.handover.capture.engine;

import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the cells of a row event whose usual reading loses something: dates that no calendar has, times beyond a day,
 * the year zero, and bytes that are not text. Temporal values come out as the server prints them in UTC.
 */
final class BinlogCells {
    private static final int YEAR_BASE = 1900;

    private BinlogCells() {}

    /** The cell, or nothing when the usual reading is exact; then nothing was read. */
    static Optional<Serializable> read(ColumnType type, int meta, int length, ByteArrayInputStream in)
            throws IOException {
        return switch (type) {
            case DATE -> Optional.of(date(in.readInteger(3)));
            case DATETIME_V2 -> Optional.of(datetime(meta, in));
            case TIME_V2 -> Optional.of(time(meta, in));
            case TIMESTAMP_V2 -> Optional.of(timestamp(bigEndian(in, 4), fraction(meta, in)));
            case TIMESTAMP -> Optional.of(timestamp(in.readLong(4), ""));
            case DATETIME -> Optional.of(decimalDatetime(in.readLong(8)));
            case TIME -> Optional.of(decimalTime(in.readInteger(3) << 8 >> 8));
            case YEAR -> Optional.of(year(in.readInteger(1)));
            case STRING -> Optional.of(bytes(in, length));
            case VARCHAR, VAR_STRING -> Optional.of(bytes(in, meta));
            default -> Optional.empty();
        };
    }

    private static Serializable bytes(ByteArrayInputStream in, int lengthMax) throws IOException {
        return in.read(in.readInteger(lengthMax < 256 ? 1 : 2));
    }

    static String date(int packed) {
        return String.format(Locale.ROOT, "%04d-%02d-%02d", packed >>> 9, packed >>> 5 & 15, packed & 31);
    }

    private static String datetime(int meta, ByteArrayInputStream in) throws IOException {
        // 1 bit of sign, 17 of year * 13 + month, then 5, 5, 6, 6 of day, hour, minute, second.
        long packed = bigEndian(in, 5);
        long yearMonth = packed >>> 22 & 0x1ffff;
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d:%02d%s",
                yearMonth / 13,
                yearMonth % 13,
                packed >>> 17 & 31,
                packed >>> 12 & 31,
                packed >>> 6 & 63,
                packed & 63,
                fraction(meta, in));
    }

    private static String decimalDatetime(long packed) {
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d:%02d",
                packed / 10_000_000_000L,
                packed / 100_000_000 % 100,
                packed / 1_000_000 % 100,
                packed / 10_000 % 100,
                packed / 100 % 100,
                packed % 100);
    }

    private static String decimalTime(int packed) {
        int absolute = Math.abs(packed);
        return String.format(
                Locale.ROOT,
                "%s%02d:%02d:%02d",
                packed < 0 ? "-" : "",
                absolute / 10_000,
                absolute / 100 % 100,
                absolute % 100);
    }

    private static String time(int meta, ByteArrayInputStream in) throws IOException {
        // 1 bit of sign, 1 unused, 10 of hour, 6 of minute, 6 of second, then the fraction; all of it one number, whose
        // negative is in two's complement.
        int fractionBytes = (meta + 1) / 2;
        int bits = 24 + 8 * fractionBytes;
        long packed = bigEndian(in, 3 + fractionBytes) - (1L << bits - 1);
        long absolute = Math.abs(packed);
        long clock = absolute >>> 8 * fractionBytes;
        return String.format(
                Locale.ROOT,
                "%s%02d:%02d:%02d%s",
                packed < 0 ? "-" : "",
                clock >>> 12 & 1023,
                clock >>> 6 & 63,
                clock & 63,
                fraction(absolute & (1L << 8 * fractionBytes) - 1, fractionBytes));
    }

    static String timestamp(long seconds, String fraction) {
        // the first second of the epoch is a time like any other once it has a fraction
        if (seconds == 0 && fraction.chars().allMatch(digit -> digit == '0' || digit == '.')) {
            return "0000-00-00 00:00:00" + fraction;
        }
        LocalDateTime utc = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d:%02d%s",
                utc.getYear(),
                utc.getMonthValue(),
                utc.getDayOfMonth(),
                utc.getHour(),
                utc.getMinute(),
                utc.getSecond(),
                fraction);
    }

    private static String year(int packed) {
        return packed == 0 ? "0" : String.valueOf(YEAR_BASE + packed);
    }

    private static String fraction(int digits, ByteArrayInputStream in) throws IOException {
        int bytes = (digits + 1) / 2;
        return fraction(bigEndian(in, bytes), bytes);
    }

    /** One byte holds hundredths, two ten-thousandths, three millionths. */
    private static String fraction(long packed, int bytes) {
        return bytes == 0 ? "" : String.format(Locale.ROOT, ".%0" + 2 * bytes + "d", packed);
    }

    private static long bigEndian(ByteArrayInputStream in, int bytes) throws IOException {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | in.readInteger(1);
        }
        return number;
    }
}
