package dev.handover.mapping.code;

import dev.handover.mapping.code.Csv.Field;
import dev.handover.mapping.code.InvalidCodeMap.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Two columns of a CSV file with a header: texts, and what each means. Nothing is trimmed. */
public final class CsvPairs {
    private CsvPairs() {}

    /**
     * What one row says.
     *
     * @param at where the meaning stands
     */
    public record Pair(String text, String meaning, Place at) {
        @Override
        public String toString() {
            return "Pair";
        }
    }

    /**
     * The rows in the order of the file.
     *
     * @param text of the file
     * @param from the header of the column of texts
     * @param to the header of the column of meanings
     * @throws InvalidCodeMap when it is no CSV, a column is missing, a row has another number of fields, or one text
     *     stands twice; with every row at fault
     */
    public static List<Pair> read(String text, char separator, String from, String to) throws InvalidCodeMap {
        Csv csv = new Csv(text, separator);
        List<String> header = csv
                .next()
                .orElseThrow(() -> InvalidCodeMap.of(new Place(1, 1), "", "the file is empty", "name a map"))
                .stream()
                .map(Field::text)
                .toList();
        int key = place(header, from);
        int value = place(header, to);
        List<Pair> pairs = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Map<String, Place> seen = new HashMap<>();
        for (Optional<List<Field>> row = csv.next(); row.isPresent(); row = csv.next()) {
            List<Field> fields = row.get();
            Place start = fields.get(0).place();
            if (fields.size() != header.size()) {
                problems.add(new Problem(
                        start,
                        "",
                        fields.size() + " fields under " + header.size() + " columns",
                        "put fields that hold a separator in quotes; see that the separator is declared"));
                continue;
            }
            Place other = seen.putIfAbsent(fields.get(key).text(), start);
            if (other != null) {
                problems.add(new Problem(
                        start, from, "the same text as in line " + other.line(), "remove one of the two rows"));
            } else {
                pairs.add(new Pair(
                        fields.get(key).text(),
                        fields.get(value).text(),
                        fields.get(value).place()));
            }
        }
        if (pairs.isEmpty() && problems.isEmpty()) {
            problems.add(new Problem(new Place(1, 1), "", "holds no row", "name a file with a row below its header"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidCodeMap(problems.subList(0, Math.min(problems.size(), InvalidCodeMap.PROBLEMS_MAX)));
        }
        return pairs;
    }

    private static int place(List<String> header, String column) throws InvalidCodeMap {
        int place = header.indexOf(column);
        if (place < 0) {
            throw InvalidCodeMap.of(
                    new Place(1, 1),
                    column,
                    "the header has no such column",
                    "declare the column as the header writes it, or the separator of the file");
        }
        return place;
    }
}
