package dev.handover.mapping.code;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The five digits of a row of a General Equivalence Mapping, as CMS's guide to the GEMs defines them: approximate, no
 * map, combination (0 or 1 each), and for combinations the scenario and the choice list, which count from 1.
 */
record GemFlags(boolean approximate, boolean noMap, int scenario, int part) {
    static final String EXPECTED = "write five digits: approximate, no map, combination, scenario, choice list;"
            + " the last two are 0 unless it is a combination";

    private static final Pattern DIGITS = Pattern.compile("([01])(?:(0)(?:0(0)(0)|1([1-9])([1-9]))|100(0))");

    /** Reads the digits; empty when they are none or contradict each other. */
    static Optional<GemFlags> parse(String digits) {
        Matcher matcher = DIGITS.matcher(digits);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean combination = digits.charAt(2) == '1';
        return Optional.of(new GemFlags(
                digits.charAt(0) == '1',
                digits.charAt(1) == '1',
                combination ? digits.charAt(3) - '0' : 0,
                combination ? digits.charAt(4) - '0' : 0));
    }

    /** Adds the row that these are the flags of. */
    void add(Place place, List<String> key, String target, String display, CodeMapBuilder into) {
        if (noMap) {
            into.noMap(place, key);
            return;
        }
        Target found = Target.of(target, display, approximate ? Relation.RELATED : Relation.EQUIVALENT);
        if (scenario == 0) {
            into.target(place, key, found);
        } else {
            into.part(place, key, scenario, part, found);
        }
    }
}
