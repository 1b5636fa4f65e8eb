package dev.handover.mapping.code;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which columns of a CSV file with a header hold what, besides those of the key, which {@link CodeMapBuilder#key}
 * names. Columns that are not named are not read.
 *
 * @param separator between fields: a comma, a semicolon or a tab
 * @param target the column of target codes
 * @param display the column of their names
 * @param relation the column that says how the target compares: {@code equivalent}, {@code wider}, {@code narrower},
 *     {@code inexact}, {@code related} or {@code approximate}, {@code no-map}, {@code null}; without it every row is
 *     equivalent
 * @param part the column that is empty for a target that stands alone, else {@code scenario.part}, such as {@code 1.2}
 * @param flags the column of the five digits of a General Equivalence Mapping, instead of {@code relation} and
 *     {@code part}
 * @param noMap target codes that stand for "there is none", such as OMOP's concept {@code 0}
 */
public record CsvLayout(
        char separator,
        String target,
        Optional<String> display,
        Optional<String> relation,
        Optional<String> part,
        Optional<String> flags,
        Set<String> noMap) {
    public CsvLayout {
        if (separator != ',' && separator != ';' && separator != '\t') {
            throw new IllegalArgumentException("fields are separated by a comma, a semicolon or a tab");
        }
        if (flags.isPresent() && (relation.isPresent() || part.isPresent())) {
            throw new IllegalArgumentException("the flags of a GEM exclude columns of relation and part");
        }
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(display, "display");
        noMap = Set.copyOf(noMap);
    }

    /** Comma-separated, with that column of targets and no others. */
    public static CsvLayout of(String target) {
        return new CsvLayout(
                ',', target, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Set.of());
    }

    /** With a column of names. */
    public CsvLayout withDisplay(String column) {
        return new CsvLayout(separator, target, Optional.of(column), relation, part, flags, noMap);
    }

    /** With a column of relations. */
    public CsvLayout withRelation(String column) {
        return new CsvLayout(separator, target, display, Optional.of(column), part, flags, noMap);
    }

    /** With a column of parts. */
    public CsvLayout withPart(String column) {
        return new CsvLayout(separator, target, display, relation, Optional.of(column), flags, noMap);
    }

    /** With a column of the flags of a GEM. */
    public CsvLayout withFlags(String column) {
        return new CsvLayout(separator, target, display, relation, part, Optional.of(column), noMap);
    }

    /** With target codes that stand for none. */
    public CsvLayout withNoMap(String... codes) {
        return new CsvLayout(separator, target, display, relation, part, flags, Set.of(codes));
    }

    /** With another separator. */
    public CsvLayout separatedBy(char other) {
        return new CsvLayout(other, target, display, relation, part, flags, noMap);
    }
}
