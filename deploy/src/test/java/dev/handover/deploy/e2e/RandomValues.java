package dev.handover.deploy.e2e;

import java.sql.Types;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/** Values as text that a column's type takes, the odd ones among them. Used by one thread. */
final class RandomValues {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final long YEAR_1815 = -4_891_363_200L;
    private static final long YEAR_2210 = 7_573_737_600L;
    private static final long YEAR_1971 = 31_536_000L;
    private static final long YEAR_2037 = 2_114_380_800L;
    private static final int FRESH_FROM = 1_000_000;
    private static final int TEXT_MAX = 3_000;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "padded  ",
            "NULL",
            "\\N",
            "O'Brien",
            "a \"quoted\" word",
            "back\\slash \\t \\\\",
            "a tab\tand a\nline\r\n",
            "M\u00fcller \u00df \u0130\u0131",
            "e\u0301 beside \u00e9",
            "\u4e2d\u6587 \u03bc \u00b5",
            "{\"json\": [1, null]}",
            "%_?;--/* */",
            "\u200b\ufeff",
            "007",
            "> 7000 (HIGH)");

    private final Random random;
    private int fresh = FRESH_FROM;

    RandomValues(Random random) {
        this.random = random;
    }

    /** A key that no row has. */
    List<String> key(CatalogTable table) {
        return table.keyColumns().stream().map(this::fresh).toList();
    }

    private String fresh(CatalogTable.Column column) {
        fresh++;
        if (column.typeName().equalsIgnoreCase("uuid")) {
            return uuid();
        }
        return switch (column.type()) {
            case Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.DECIMAL -> Integer.toString(fresh);
            default -> cut("k" + fresh, column.size());
        };
    }

    /** Any value. */
    String of(CatalogTable.Column column) {
        if (column.typeName().equalsIgnoreCase("uuid") || column.name().equals("uuid")) {
            return uuid();
        }
        return switch (column.type()) {
            case Types.BIT, Types.BOOLEAN -> random.nextBoolean() ? "1" : "0";
            case Types.TINYINT -> Integer.toString(random.nextInt(256) - 128);
            case Types.SMALLINT -> Integer.toString(random.nextInt(65_536) - 32_768);
            case Types.INTEGER -> Integer.toString(random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(1_000));
            case Types.BIGINT -> Long.toString(random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(1_000));
            case Types.NUMERIC, Types.DECIMAL -> random.nextInt(2_000_000) / 100 + "." + (10 + random.nextInt(90));
            case Types.DOUBLE -> number(random.nextGaussian() * Math.pow(10, random.nextInt(20) - 6));
            case Types.REAL, Types.FLOAT -> Float.toString((float) random.nextGaussian() * 1_000);
            case Types.DATE -> moment(YEAR_1815, YEAR_2210).substring(0, 10);
            case Types.TIME -> time();
            case Types.TIMESTAMP ->
                column.typeName().equalsIgnoreCase("datetime")
                        ? moment(YEAR_1815, YEAR_2210)
                        : moment(YEAR_1971, YEAR_2037);
            default -> text(column);
        };
    }

    private String number(double value) {
        return switch (random.nextInt(8)) {
            case 0 -> "0";
            case 1 -> "0.1";
            case 2 -> Integer.toString(random.nextInt(300));
            default -> Double.toString(value);
        };
    }

    /** Time is an amount in MariaDB: it may be negative, and longer than a day. */
    private String time() {
        return String.format(
                Locale.ROOT,
                "%s%02d:%02d:%02d",
                random.nextInt(4) == 0 ? "-" : "",
                random.nextInt(4) == 0 ? random.nextInt(838) : random.nextInt(24),
                random.nextInt(60),
                random.nextInt(60));
    }

    private String moment(long from, long to) {
        long second = from + (long) (random.nextDouble() * (to - from));
        return SECONDS.format(LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC));
    }

    private String text(CatalogTable.Column column) {
        if (column.unique()) {
            fresh++;
            return cut(Integer.toString(fresh, 36), column.size());
        }
        String one = TEXTS.get(random.nextInt(TEXTS.size()));
        String text = random.nextInt(12) == 0 ? one.repeat(random.nextInt(200)) : one + random.nextInt(100);
        return cut(random.nextInt(8) == 0 ? one : text, Math.min(TEXT_MAX, column.size()));
    }

    /** By code points, and from the front, so that what counts up stays different. */
    private static String cut(String text, int size) {
        int points = text.codePointCount(0, text.length());
        return points <= size ? text : text.substring(text.offsetByCodePoints(0, points - size));
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
