package dev.handover.mapping.unit;

/** A difference in spelling that a map's author may declare meaningless. Upper and lower case never are. */
public enum Spelling {
    /** White space of any kind at both ends. */
    OUTER_BLANKS {
        @Override
        String folded(String text) {
            int start = 0;
            int end = text.length();
            while (start < end && isBlank(text.charAt(start))) {
                start++;
            }
            while (end > start && isBlank(text.charAt(end - 1))) {
                end--;
            }
            return text.substring(start, end);
        }
    },
    /** White space of any kind within: one blank is as good as several, or a tabulator. */
    INNER_BLANKS {
        @Override
        String folded(String text) {
            StringBuilder folded = new StringBuilder(text.length());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (!isBlank(c)) {
                    folded.append(c);
                } else if (i == 0 || !isBlank(text.charAt(i - 1))) {
                    folded.append(' ');
                }
            }
            return folded.toString();
        }
    },
    /** The micro sign (U+00B5) and the Greek letter mu (U+03BC), which look the same. */
    MICRO_SIGN {
        @Override
        String folded(String text) {
            return text.replace('\u03bc', '\u00b5');
        }
    };

    abstract String folded(String text);

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
