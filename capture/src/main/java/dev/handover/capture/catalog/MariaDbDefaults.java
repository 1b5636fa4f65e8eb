package dev.handover.capture.catalog;

import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which defaults of MariaDB mean the same in PostgreSQL: literals that its type can hold, and the present time. Zero
 * dates, sequences and expressions are left out.
 */
final class MariaDbDefaults {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?");
    private static final Pattern BITS = Pattern.compile("b'([01]+)'");
    private static final Pattern NOW = Pattern.compile("(?i)(?:current_timestamp|now|localtimestamp)(?:\\([0-6]?\\))?");
    private static final Pattern DATE = Pattern.compile(
            "(?!0000)[0-9]{4}-(?!00)[0-9]{2}-(?!00)[0-9]{2}(?: [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?)?");
    private static final Pattern CLOCK = Pattern.compile("-?[0-9]+:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?");

    private MariaDbDefaults() {}

    /**
     * The default as the target may have it.
     *
     * @param expression as MariaDB's {@code information_schema} writes it: text in quotes
     */
    static Optional<String> translate(String expression, ColumnType type) {
        if (NOW.matcher(expression).matches()) {
            return switch (type.kind()) {
                case TIMESTAMP -> Optional.of("LOCALTIMESTAMP");
                case TIMESTAMPTZ -> Optional.of("CURRENT_TIMESTAMP");
                default -> Optional.empty();
            };
        }
        if (expression.equalsIgnoreCase("curdate()") && type.kind() == Kind.DATE) {
            return Optional.of("CURRENT_DATE");
        }
        if (expression.equalsIgnoreCase("uuid()") && type.kind() == Kind.UUID) {
            return Optional.of("gen_random_uuid()");
        }
        var bits = BITS.matcher(expression);
        if (bits.matches()) {
            return bits(bits.group(1), type);
        }
        return literal(expression, type);
    }

    private static Optional<String> bits(String digits, ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> Optional.of(digits.contains("1") ? "true" : "false");
            case BITS ->
                digits.length() > type.length()
                        ? Optional.empty()
                        : Optional.of("B'" + "0".repeat(type.length() - digits.length()) + digits + "'");
            default -> Optional.empty();
        };
    }

    private static Optional<String> literal(String expression, ColumnType type) {
        boolean quoted = expression.length() >= 2 && expression.startsWith("'") && expression.endsWith("'");
        String bare = quoted ? expression.substring(1, expression.length() - 1) : expression;
        return switch (type.kind()) {
            case BOOLEAN ->
                bare.equals("0") || bare.equals("1")
                        ? Optional.of(bare.equals("1") ? "true" : "false")
                        : Optional.empty();
            case INT16, INT32, INT64, UINT64, DECIMAL, FLOAT32, FLOAT64 ->
                NUMBER.matcher(bare).matches() ? Optional.of(bare) : Optional.empty();
            // a backslash may be an escape or not, by the sql_mode in which the table was made
            case TEXT, CHAR -> quoted && !bare.contains("\\") ? Optional.of(expression) : Optional.empty();
            case DATE, TIMESTAMP -> quoted && DATE.matcher(bare).matches() ? Optional.of(expression) : Optional.empty();
            case TIMESTAMPTZ ->
                quoted && DATE.matcher(bare).matches() ? Optional.of("'" + bare + "+00'") : Optional.empty();
            case DURATION -> quoted && CLOCK.matcher(bare).matches() ? Optional.of(expression) : Optional.empty();
            default -> Optional.empty();
        };
    }
}
