package dev.handover.mapping.operation;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

/**
 * The patterns that most legacy databases use, read without a formatter: four digits of a year, two of everything else,
 * and other characters as they stand. Each such text has exactly one meaning and each meaning one text.
 */
final class DigitPattern {
    private static final String FIELDS = "yyyy uuuu MM dd HH mm ss";
    private static final DigitPattern NONE = new DigitPattern(List.of(), 0);

    private final List<Field> fields;
    private final int length;

    private DigitPattern(List<Field> fields, int length) {
        this.fields = List.copyOf(fields);
        this.length = length;
    }

    private record Field(char letter, int start, int width) {}

    /** The pattern read so; {@link #known()} tells whether it can be. */
    static DigitPattern of(String pattern) {
        List<Field> fields = new ArrayList<>();
        int at = 0;
        while (at < pattern.length()) {
            char letter = pattern.charAt(at);
            int end = at;
            while (end < pattern.length() && pattern.charAt(end) == letter) {
                end++;
            }
            if (Character.isLetter(letter)) {
                String field = pattern.substring(at, end);
                if (!List.of(FIELDS.split(" ")).contains(field)) {
                    return NONE;
                }
                char known = letter == 'u' ? 'y' : letter;
                if (fields.stream().anyMatch(other -> other.letter() == known)) {
                    return NONE;
                }
                fields.add(new Field(known, at, end - at));
            } else if ("'[]{}#".indexOf(letter) >= 0) {
                return NONE;
            } else {
                for (int i = at; i < end; i++) {
                    fields.add(new Field(letter, i, 0));
                }
            }
            at = end;
        }
        String letters = fields.stream()
                .filter(field -> field.width() > 0)
                .map(field -> String.valueOf(field.letter()))
                .sorted()
                .reduce("", String::concat);
        boolean complete = letters.equals("Mdy") || letters.equals("HMdmy") || letters.equals("HMdmsy");
        return complete ? new DigitPattern(fields, pattern.length()) : NONE;
    }

    boolean known() {
        return length > 0;
    }

    /** The canonical date or timestamp of a text; empty where it is none. */
    String parse(String text, boolean withTime) {
        if (text.length() != length) {
            return "";
        }
        int year = -1;
        int month = -1;
        int day = -1;
        int hour = 0;
        int minute = 0;
        int second = 0;
        for (Field field : fields) {
            if (field.width() == 0) {
                if (text.charAt(field.start()) != field.letter()) {
                    return "";
                }
                continue;
            }
            int number = number(text, field.start(), field.width());
            if (number < 0) {
                return "";
            }
            switch (field.letter()) {
                case 'y' -> year = number;
                case 'M' -> month = number;
                case 'd' -> day = number;
                case 'H' -> hour = number;
                case 'm' -> minute = number;
                default -> second = number;
            }
        }
        boolean date = year >= 1
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= 31
                && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth());
        if (!date || hour > 23 || minute > 59 || second > 59) {
            return "";
        }
        StringBuilder made = new StringBuilder(19);
        padded(made, year, 4).append('-');
        padded(made, month, 2).append('-');
        padded(made, day, 2);
        if (withTime) {
            padded(made.append(' '), hour, 2).append(':');
            padded(made, minute, 2).append(':');
            padded(made, second, 2);
        }
        return made.toString();
    }

    private static int number(String text, int start, int width) {
        int number = 0;
        for (int i = start; i < start + width; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static StringBuilder padded(StringBuilder made, int number, int width) {
        for (int power = width == 4 ? 1000 : 10; power > 0; power /= 10) {
            made.append((char) ('0' + number / power % 10));
        }
        return made;
    }
}
