package dev.handover.deploy.demo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The habits of people and of old software that make real clinical rows hard to copy. Everything here is deterministic.
 */
final class Quirks {
    /** The zone in which the hospital's clocks run and its columns without a zone are written. */
    static final ZoneId ZONE = ZoneId.of("America/New_York");

    private static final DateTimeFormatter WALL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private static final String[] NOTES = {
        "seen in clinic, no change",
        " ",
        "",
        "pt c/o \"chest tightness\"; r/o MI \\ PE",
        "line one\nline two\tafter a tab\r\nDOS line",
        "O'Brien's wife phoned -- call back; DROP TABLE is not a diagnosis",
        "6months 0ld, weight ok",
        "temp 38.5\u00b0C, CRP 12 mg/l, \u03bcg vs \u00b5g",
        "feels fine \ud83d\ude42\ud83d\udc4d\ud83c\udffd, family \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 at bedside",
        "trailing spaces kept   ",
        "Ren\u00e9e (composed) and Rene\u0301e (combining)",
        "path C:\\SCAN\\0001.TIF \\N \\. $1 %s {0}",
        "M\u00c3\u00bcllerian as the old system stored it",
        "\u65e5\u672c\u8a9e \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u05e2\u05d1\u05e8\u05d9\u05ea",
        "a:2:{s:4:\"unit\";s:5:\"mg/dL\";s:3:\"val\";s:4:\"> 90\";}"
    };

    private Quirks() {}

    /** Formats with the digits and points of no particular country. */
    static String format(String pattern, Object... args) {
        return String.format(Locale.ROOT, pattern, args);
    }

    /** A free-text remark; the same number gives the same one. */
    static String note(long number) {
        return NOTES[Math.floorMod(number, NOTES.length)];
    }

    /** The wall clock of the hospital at an instant in ISO-8601: what a column without a zone holds. */
    static String wall(String instant) {
        return Instant.parse(instant).atZone(ZONE).format(WALL);
    }

    /** The same instant's wall clock in UTC. */
    static String utc(String instant) {
        return Instant.parse(instant).atZone(ZoneOffset.UTC).format(WALL);
    }

    /** {@code 19540317} for {@code 1954-03-17}. */
    static String compact(String date) {
        return date.substring(0, 10).replace("-", "");
    }

    /** Letters that do not compress, so that the engine has to store them out of line. */
    static String scan(long number, int characters) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        SplittableRandom random = new SplittableRandom(number);
        StringBuilder text = new StringBuilder(characters);
        for (int i = 0; i < characters; i++) {
            text.append(i % 77 == 76 ? '\n' : alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** Bytes that are no text in any encoding, in hexadecimal. */
    static String bytes(long number, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(number).nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Sixteen bytes of SHA-256 in hexadecimal; the last is never zero, because MariaDB's BINARY drops trailing zeros.
     */
    static String checksum(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            digest[15] |= 1;
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("this Java has no SHA-256", absent);
        }
    }
}
