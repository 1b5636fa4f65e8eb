package dev.handover.deploy.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.row.ColumnType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The table of types in the documents, which is generated from what was seen: a run compares it with the file, or
 * writes the file where the system property {@code handover.types} is {@code write}.
 */
final class TypesDocument {
    private static final Path FILE = Path.of("..", "capture", "TYPES.md");

    private TypesDocument() {}

    /** The lines of one engine. */
    static String section(
            Dialect dialect, Grid grid, List<ColumnType> types, List<Ending> endings, List<Refused> refused) {
        StringBuilder text = new StringBuilder("| " + dialect.engine()
                + " | kind | target | values | load | insert | update | back | remarks |\n"
                + "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for (int column = 0; column < grid.types().size(); column++) {
            int number = column;
            TypeCases type = grid.types().get(column);
            List<Ending> rows = endings.stream()
                    .filter(ending ->
                            ending.grid().equals(grid) && ending.slot().column() == number)
                    .toList();
            List<String> cells = new ArrayList<>(List.of(
                    "`" + type.type() + "`",
                    types.get(column).kind().name(),
                    "`" + types.get(column).postgres() + "`",
                    values(type)));
            for (Grid.Path path : Grid.Path.values()) {
                cells.add(share(
                        rows.stream().filter(row -> row.slot().path() == path).toList(),
                        row -> row.arrival() == Ending.Arrival.SAME));
            }
            cells.add(share(rows, Ending::restored));
            cells.add(remarks(type));
            text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        }
        text.append("\nRefused by name, as `type-unsupported`: ")
                .append(refused.stream().map(each -> "`" + each.type() + "`").collect(Collectors.joining(", ")))
                .append(".\n");
        return text.toString();
    }

    private static String values(TypeCases type) {
        Map<Case.Name, Integer> counts = new EnumMap<>(Case.Name.class);
        type.cases().forEach(each -> counts.merge(each.name(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(each -> each.getKey().name().toLowerCase(java.util.Locale.ROOT)
                        + (each.getValue() > 1 ? " " + each.getValue() : ""))
                .collect(Collectors.joining(", "));
    }

    private static String share(List<Ending> rows, Predicate<Ending> good) {
        long count = rows.stream().filter(good).count();
        return count == rows.size() ? "all" : count + " of " + rows.size();
    }

    private static String remarks(TypeCases type) {
        List<String> remarks = new ArrayList<>();
        if (!type.remark().isEmpty()) {
            remarks.add(type.remark());
        }
        type.cases().stream()
                .filter(each -> each.expected() != Case.Expected.EXACT)
                .map(each -> each.expected() == Case.Expected.NOT_HELD
                        ? each.why() + ": dead letter, or null with raw"
                        : each.why() + ": prints alike, and goes back as the other")
                .distinct()
                .forEach(remarks::add);
        return String.join("; ", remarks);
    }

    /** Compares a section with the file, or writes it. */
    static void settle(Dialect dialect, String section) {
        String name = dialect.engine();
        try {
            String file = Files.readString(FILE, StandardCharsets.UTF_8);
            String begin = "<!-- " + name + ": begin, generated -->\n";
            int start = file.indexOf(begin) + begin.length();
            int end = file.indexOf("<!-- " + name + ": end -->");
            if ("write".equals(System.getProperty("handover.types"))) {
                Files.writeString(
                        FILE, file.substring(0, start) + section + file.substring(end), StandardCharsets.UTF_8);
            } else {
                assertThat(file.substring(start, end))
                        .as("capture/TYPES.md is stale; its first lines say how to write it anew")
                        .isEqualTo(section);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
