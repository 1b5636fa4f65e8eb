package dev.handover.mapping.code;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a General Equivalence Mapping as CMS publishes it: one row a line, without a header, source code, target code
 * and flags separated by blanks. The key of the map has one part.
 */
public final class GemText {
    private static final Pattern ROW = Pattern.compile("\\s*(\\S+)\\s+(\\S+)\\s+(\\S+)\\s*");

    private GemText() {}

    /** Adds every row of the text; problems are reported by {@link CodeMapBuilder#build()}. */
    public static void read(String text, CodeMapBuilder into) {
        into.allowChoice();
        int line = 0;
        for (String row : (Iterable<String>) text.lines()::iterator) {
            line++;
            if (!row.isBlank()) {
                row(row, line, into);
            }
        }
    }

    private static void row(String row, int line, CodeMapBuilder into) {
        Matcher parts = ROW.matcher(row);
        if (!parts.matches()) {
            into.refuse(
                    new Place(line, 1), "", "not a source code, a target code and flags", "separate them by blanks");
            return;
        }
        GemFlags.parse(parts.group(3))
                .ifPresentOrElse(
                        flags -> flags.add(
                                new Place(line, parts.start(1) + 1), List.of(parts.group(1)), parts.group(2), "", into),
                        () -> into.refuse(
                                new Place(line, parts.start(3) + 1),
                                "flags",
                                "not the flags of a GEM",
                                GemFlags.EXPECTED));
    }
}
