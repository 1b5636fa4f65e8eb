package dev.handover.mapping.code;

import dev.handover.mapping.code.Csv.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the rows of a CSV file with a header into a map. Every cell is text; nothing is trimmed unless declared. */
public final class CsvCodes {
    private static final Pattern PART = Pattern.compile("([1-9][0-9]{0,3})\\.([1-9][0-9]{0,3})");

    private final CsvLayout layout;
    private final CodeMapBuilder into;
    private final Map<String, Integer> header = new HashMap<>();

    private CsvCodes(CsvLayout layout, CodeMapBuilder into) {
        this.layout = layout;
        this.into = into;
    }

    /**
     * Adds every row of the text.
     *
     * @param into names the columns of the key
     * @throws InvalidCodeMap when the text is no CSV or its header lacks a column; problems of single rows are reported
     *     by {@link CodeMapBuilder#build()}
     */
    public static void read(String text, CsvLayout layout, CodeMapBuilder into) throws InvalidCodeMap {
        new CsvCodes(layout, into).read(new Csv(text, layout.separator()));
    }

    private void read(Csv csv) throws InvalidCodeMap {
        List<Field> names = csv.next()
                .orElseThrow(() -> InvalidCodeMap.of(new Place(1, 1), "", "the file is empty", "name a code map"));
        for (Field name : names) {
            if (header.putIfAbsent(name.text(), header.size()) != null) {
                throw InvalidCodeMap.of(
                        name.place(), "", "two columns have this name", "give each column a name of its own");
            }
        }
        requireColumns();
        if (layout.flags().isPresent()) {
            into.allowChoice();
        }
        for (Optional<List<Field>> row = csv.next(); row.isPresent(); row = csv.next()) {
            List<Field> fields = row.get();
            if (fields.size() == header.size()) {
                row(fields);
            } else {
                into.refuse(
                        fields.get(0).place(),
                        "",
                        fields.size() + " fields under " + header.size() + " columns",
                        "put fields that hold a separator in quotes; see that the separator is declared");
            }
        }
    }

    private void requireColumns() throws InvalidCodeMap {
        List<String> needed =
                new ArrayList<>(into.key().stream().map(KeyPart::name).toList());
        needed.add(layout.target());
        layout.display().ifPresent(needed::add);
        layout.relation().ifPresent(needed::add);
        layout.part().ifPresent(needed::add);
        layout.flags().ifPresent(needed::add);
        for (String column : needed) {
            if (!header.containsKey(column)) {
                throw InvalidCodeMap.of(
                        new Place(1, 1),
                        column,
                        "the header has no such column",
                        "declare the column as the header writes it, or the separator of the file");
            }
        }
    }

    private void row(List<Field> fields) {
        List<String> key = new ArrayList<>();
        for (KeyPart part : into.key()) {
            key.add(field(fields, part.name()).text());
        }
        Place place = fields.get(0).place();
        Field target = field(fields, layout.target());
        if (layout.flags().isPresent()) {
            String column = layout.flags().get();
            Field flags = field(fields, column);
            GemFlags.parse(flags.text())
                    .ifPresentOrElse(
                            found -> flagged(found, place, key, target, display(fields)),
                            () -> into.refuse(flags.place(), column, "not the flags of a GEM", GemFlags.EXPECTED));
            return;
        }
        if (layout.relation().isEmpty()) {
            claimed(Claim.EQUIVALENT, place, key, fields);
            return;
        }
        String column = layout.relation().get();
        Field relation = field(fields, column);
        Claim.ofCsv(relation.text())
                .ifPresentOrElse(
                        claim -> claimed(claim, place, key, fields),
                        () -> into.refuse(
                                relation.place(),
                                column,
                                "not a relation",
                                "write equivalent, wider, narrower, inexact, related, approximate, no-map or null"));
    }

    private void claimed(Claim claim, Place place, List<String> key, List<Field> fields) {
        Field target = field(fields, layout.target());
        String part = layout.part().map(column -> field(fields, column).text()).orElse("");
        boolean none = layout.noMap().contains(target.text());
        if (claim.relation().isEmpty() || none) {
            if (!(target.text().isEmpty() || none) || !part.isEmpty()) {
                into.refuse(
                        target.place(),
                        layout.target(),
                        "a target or part where the row says that there is none",
                        "leave both empty, or correct the relation");
            } else if (claim == Claim.NOTHING) {
                into.nothing(place, key);
            } else {
                into.noMap(place, key);
            }
            return;
        }
        if (target.text().isEmpty()) {
            into.refuse(
                    target.place(),
                    layout.target(),
                    "no target code",
                    "write one, or say no-map or null in a column of relations");
            return;
        }
        Target found =
                Target.of(target.text(), display(fields), claim.relation().get());
        if (part.isEmpty()) {
            into.target(place, key, found);
            return;
        }
        Matcher numbers = PART.matcher(part);
        if (numbers.matches()) {
            into.part(place, key, Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)), found);
        } else {
            into.refuse(place, layout.part().orElse(""), "not a part", "write scenario and part as 1.2, or nothing");
        }
    }

    private void flagged(GemFlags flags, Place place, List<String> key, Field target, String display) {
        if (target.text().isEmpty() && !flags.noMap()) {
            into.refuse(target.place(), layout.target(), "no target code", "write one, or set the flag of no map");
            return;
        }
        flags.add(place, key, target.text(), display, into);
    }

    private String display(List<Field> fields) {
        return layout.display().map(column -> field(fields, column).text()).orElse("");
    }

    private Field field(List<Field> fields, String column) {
        Integer index = header.get(column);
        if (index == null) {
            throw new IllegalStateException("a column that was not required");
        }
        return fields.get(index);
    }
}
