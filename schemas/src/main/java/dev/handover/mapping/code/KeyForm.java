package dev.handover.mapping.code;

import java.util.Locale;

/**
 * A difference in writing that a map declares to mean nothing. It is taken away from the map's own codes and from the
 * codes that are looked up. Applied in the order of this list; doing so twice changes nothing more.
 */
public enum KeyForm {
    /** White space (as Unicode defines it) at both ends. */
    TRIM {
        @Override
        String of(String text) {
            return text.strip();
        }
    },
    /** Upper and lower case. */
    UPPER_CASE {
        @Override
        String of(String text) {
            return text.toUpperCase(Locale.ROOT);
        }
    },
    /**
     * The full stop of ICD-9-CM diagnoses: after the third character, of E codes after the fourth. A full stop anywhere
     * else stays, so that {@code 25.00} does not become the diabetes of {@code 250.0}.
     */
    ICD9_DOT {
        @Override
        String of(String text) {
            return withoutDot(text, text.startsWith("E") || text.startsWith("e") ? 4 : 3);
        }
    },
    /** The full stop of ICD-10 and its national editions: after the third character; anywhere else it stays. */
    ICD10_DOT {
        @Override
        String of(String text) {
            return withoutDot(text, 3);
        }
    };

    /** The text without this difference. */
    abstract String of(String text);

    private static String withoutDot(String text, int at) {
        return text.length() > at + 1 && text.indexOf('.') == at && text.lastIndexOf('.') == at
                ? text.substring(0, at) + text.substring(at + 1)
                : text;
    }
}
