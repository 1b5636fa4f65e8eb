package dev.handover.deploy.config;

import java.util.regex.Pattern;

/**
 * A number of bytes, written with a binary unit: {@code 512KiB}, {@code 40GiB}.
 *
 * @param bytes zero or more
 */
public record DataSize(long bytes) implements Comparable<DataSize> {
    /** What a size looks like in the file. */
    public static final String PATTERN = "[0-9]{1,12}(B|KiB|MiB|GiB|TiB)";

    private static final Pattern FORM = Pattern.compile(PATTERN);

    /** Refuses a negative size. */
    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size can't be negative");
        }
    }

    /** Reads {@code 128MiB}; throws {@link IllegalArgumentException} when it is not a size. */
    public static DataSize parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("expected a size with a unit, such as 128MiB");
        }
        String unit = form.group(1);
        long number = Long.parseLong(text.substring(0, text.length() - unit.length()));
        try {
            return new DataSize(Math.multiplyExact(number, 1L << exponent(unit)));
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("expected a size below 8 EiB", tooLarge);
        }
    }

    private static int exponent(String unit) {
        return switch (unit) {
            case "B" -> 0;
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            case "TiB" -> 40;
            default -> throw new IllegalArgumentException("unknown unit");
        };
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The largest unit that loses nothing: {@code 40GiB}. */
    @Override
    public String toString() {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = bytes == 0 ? 0 : Math.min(units.length - 1, Long.numberOfTrailingZeros(bytes) / 10);
        return (bytes >> (10 * unit)) + units[unit];
    }
}
