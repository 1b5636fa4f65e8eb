package dev.handover.deploy.config;

import dev.handover.capture.LoadCondition;
import dev.handover.capture.LoadCondition.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How the conditions are written under which a load waits: {@code active_sessions > 180 || replica_lag > 30s}. */
final class PauseWhen {
    private static final String KEY = "pauseWhen";
    private static final Pattern FORM = Pattern.compile("([a-z_]+)\\s*>\\s*([0-9a-z]+)");
    private static final Pattern SESSIONS = Pattern.compile("[0-9]{1,9}");
    private static final String HINT = "write active_sessions > 180, or replica_lag > 30s, or both joined by ||";

    private PauseWhen() {}

    /** Reads it. @throws Invalid under the key {@code pauseWhen} */
    static List<LoadCondition> parse(String text) {
        List<LoadCondition> conditions = new ArrayList<>();
        for (String part : text.split("\\|\\|", -1)) {
            conditions.add(condition(part.strip()));
        }
        return conditions;
    }

    private static LoadCondition condition(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new Invalid(KEY, text.isEmpty() ? "a condition is missing" : "'" + text + "' is no condition", HINT);
        }
        String limit = form.group(2);
        if (form.group(1).equals(Measure.ACTIVE_SESSIONS.text())) {
            if (!SESSIONS.matcher(limit).matches()) {
                throw new Invalid(KEY, "'" + limit + "' is no number of sessions", HINT);
            }
            return new LoadCondition(Measure.ACTIVE_SESSIONS, Long.parseLong(limit));
        }
        if (form.group(1).equals(Measure.REPLICA_LAG.text())) {
            try {
                return new LoadCondition(
                        Measure.REPLICA_LAG, Durations.parse(limit).toMillis());
            } catch (IllegalArgumentException wrong) {
                throw (Invalid) new Invalid(KEY, "'" + limit + "' is no duration", HINT).initCause(wrong);
            }
        }
        throw new Invalid(
                KEY,
                "nothing is measured that is called '" + form.group(1) + "'",
                Suggestion.of(form.group(1), List.of(Measure.ACTIVE_SESSIONS.text(), Measure.REPLICA_LAG.text()))
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse(HINT));
    }
}
