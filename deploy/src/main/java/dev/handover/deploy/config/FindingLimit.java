package dev.handover.deploy.config;

import dev.handover.change.Finding;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How often one kind of finding is allowed before somebody is warned, and before the sink stops. */
public record FindingLimit(
        @Key(
                value = "More than so many, or more than such a share of the rows (`1%`), are warned of",
                pattern = PATTERN,
                asWritten = true)
        Optional<String> warn,

        @Key(
                value = "More than so many, or more than such a share of the rows (`1%`), stop the sink",
                pattern = PATTERN,
                asWritten = true)
        Optional<String> stop) {
    static final String PATTERN = "[0-9]{1,12}|[0-9]{1,3}(\\.[0-9]{1,6})?%";

    /** Refuses a limit that says nothing. */
    public FindingLimit {
        if (warn.isEmpty() && stop.isEmpty()) {
            throw new Invalid("", "a limit that neither warns nor stops", "give warn, stop, or both");
        }
    }

    /** Limits by the code of a kind, in the order of the file. */
    static Map<String, FindingLimit> byKind(Map<String, FindingLimit> limits) {
        for (String code : limits.keySet()) {
            if (Arrays.stream(Finding.Kind.values())
                    .noneMatch(kind -> kind.code().equals(code))) {
                throw new Invalid(
                        "limits." + code,
                        "no kind of finding",
                        Suggestion.of(code, codes().toList())
                                .map(near -> "did you mean '" + near + "'?")
                                .orElse("write one of " + codes().collect(Collectors.joining(", "))));
            }
        }
        return Collections.unmodifiableMap(new LinkedHashMap<>(limits));
    }

    private static java.util.stream.Stream<String> codes() {
        return Arrays.stream(Finding.Kind.values()).map(Finding.Kind::code);
    }

    /** The kind of that code. */
    public static Finding.Kind kind(String code) {
        return Finding.Kind.valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
