package dev.handover.deploy.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.helpers.MessageFormatter;

/**
 * One event a line. Our own events hold codes and positions only, by the rule of the whole code base, and are written
 * as they are. Of a library's event its pattern is written, with those arguments that can't be a text of a row; the
 * others become {@code …}. Messages of exceptions are never written, whoever threw them: drivers quote rows in theirs.
 */
final class SafeLayout extends LayoutBase<ILoggingEvent> {
    private static final int FRAMES_MAX = 40;
    private static final int CAUSES_MAX = 10;

    private final boolean json;

    private SafeLayout(boolean json) {
        this.json = json;
    }

    /** A JSON object a line. */
    static SafeLayout json() {
        return new SafeLayout(true);
    }

    /** A line for people. */
    static SafeLayout text() {
        return new SafeLayout(false);
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        return (json ? object(event).toString() : line(event)) + "\n";
    }

    private static ObjectNode object(ILoggingEvent event) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("time", event.getInstant().toString());
        object.put("level", event.getLevel().toString());
        object.put("logger", event.getLoggerName());
        object.put("thread", event.getThreadName());
        object.put("message", message(event));
        for (KeyValuePair pair : pairs(event)) {
            object.put(pair.key, String.valueOf(pair.value));
        }
        if (event.getThrowableProxy() != null) {
            object.put("trace", trace(event.getThrowableProxy()));
        }
        return object;
    }

    private static String line(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(event.getInstant() + " " + event.getLevel() + " " + message(event));
        for (KeyValuePair pair : pairs(event)) {
            line.append(' ').append(pair.key).append('=').append(pair.value);
        }
        if (event.getThrowableProxy() != null) {
            line.append('\n').append(trace(event.getThrowableProxy()));
        }
        return line.toString();
    }

    private static boolean isOurs(ILoggingEvent event) {
        return event.getLoggerName().startsWith(Logging.OURS + ".");
    }

    private static String message(ILoggingEvent event) {
        if (isOurs(event)) {
            return String.valueOf(event.getFormattedMessage());
        }
        @Nullable Object @Nullable [] arguments = event.getArgumentArray();
        if (arguments == null) {
            return String.valueOf(event.getMessage());
        }
        @Nullable Object[] safe = Arrays.stream(arguments).map(SafeLayout::safe).toArray();
        return String.valueOf(
                MessageFormatter.arrayFormat(event.getMessage(), safe).getMessage());
    }

    /** Numbers could be identifiers of patients too, but counts and ports are what a reader of a log needs most. */
    private static Object safe(@Nullable Object argument) {
        boolean harmless = argument instanceof Integer
                || argument instanceof Short
                || argument instanceof Boolean
                || argument instanceof Enum<?>
                || argument instanceof Class<?>
                || argument instanceof UUID;
        return harmless && argument != null ? argument : "…";
    }

    private static List<KeyValuePair> pairs(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null || !isOurs(event) ? List.of() : pairs;
    }

    /** Class names and frames of an exception and its causes, without any message. */
    private static String trace(IThrowableProxy thrown) {
        StringBuilder trace = new StringBuilder();
        IThrowableProxy cause = thrown;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            trace.append(depth == 0 ? "" : "\ncaused by ").append(cause.getClassName());
            Arrays.stream(cause.getStackTraceElementProxyArray())
                    .limit(FRAMES_MAX)
                    .forEach(frame -> trace.append("\n    ").append(frame.getSTEAsString()));
            cause = cause.getCause();
        }
        return trace.toString();
    }
}
