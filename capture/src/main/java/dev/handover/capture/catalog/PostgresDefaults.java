package dev.handover.capture.catalog;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which defaults of PostgreSQL mean the same in the target: literals, and functions that every PostgreSQL has. A
 * default that draws from a sequence or calls the source's own function is left out.
 */
final class PostgresDefaults {
    private static final Pattern LITERAL =
            Pattern.compile("(E?'(?:[^']|'')*'|-?[0-9]+(?:\\.[0-9]+)?|\\(-?[0-9]+(?:\\.[0-9]+)?\\)|true|false)"
                    + "(?:::[^:'()]+(?:\\([0-9, ]+\\))?(?: with(?:out)? time zone)?(?:\\[])*)?");
    private static final Pattern FUNCTION = Pattern.compile("now\\(\\)|clock_timestamp\\(\\)|gen_random_uuid\\(\\)"
            + "|CURRENT_DATE|(?:CURRENT_TIMESTAMP|LOCALTIMESTAMP|CURRENT_TIME|LOCALTIME)(?:\\([0-6]\\))?");

    private PostgresDefaults() {}

    /** The default as the target may have it. A literal's type is the column's own, so its cast is not needed. */
    static Optional<String> translate(String expression) {
        if (FUNCTION.matcher(expression).matches()) {
            return Optional.of(expression);
        }
        Matcher literal = LITERAL.matcher(expression);
        return literal.matches() ? Optional.of(literal.group(1)) : Optional.empty();
    }
}
