package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.mapping.Mapped;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about the mapping language says what is so. */
final class MappingPageTest {
    private static final Path PAGE = Path.of("..", "schemas", "MAPPING.md");
    private static final Pattern SOURCE_COLUMN = Pattern.compile("`(\\w+)` \\((\\w+)\\)");
    private static final TableId SOURCE = TableId.parse("pas.public.t");

    @TempDir
    private Path directory;

    /** A block of the page, and the table below it. */
    private record Example(List<String> yaml, List<List<String>> rows) {
        boolean isTables() {
            return yaml.get(0).startsWith("- ");
        }
    }

    @Test
    void everyBlockIsTakenByTheReader() throws IOException {
        List<Example> examples = examples();
        assertThat(examples).hasSizeGreaterThan(18);
        for (Example example : examples) {
            assertThat(parsed(example).tables()).as("%s", example.yaml()).isNotEmpty();
        }
    }

    @Test
    void everyRowOfEveryTableIsMappedAndMappedBack() throws IOException, MappingMismatch {
        int rows = 0;
        for (Example example : examples()) {
            if (!example.rows().isEmpty()) {
                Mapper mapper = mapper(example);
                List<String> header = example.rows().get(0);
                for (List<String> row : example.rows().subList(2, example.rows().size())) {
                    assertThat(line(mapper, header, row))
                            .as("%s", example.yaml())
                            .isEqualTo(row);
                    rows++;
                }
            }
        }
        assertThat(rows).isGreaterThan(40);
    }

    @Test
    void everyKeyOfAColumnIsOnThePage() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(ConfigReference.entries())
                .filteredOn(entry ->
                        entry.path().startsWith("tables[].") || entry.path().startsWith("maps."))
                .allSatisfy(entry -> assertThat(page)
                        .as(entry.path())
                        .contains(entry.path().substring(entry.path().lastIndexOf('.') + 1)));
    }

    /** The row of the table as it ought to be. */
    private static List<String> line(Mapper mapper, List<String> header, List<String> written) {
        List<Cell> cells = new ArrayList<>(List.of(new Value.Int(1)));
        List<String> line = new ArrayList<>();
        for (Column column :
                mapper.source().columns().subList(1, mapper.source().columns().size())) {
            String text = written.get(line.size());
            cells.add(text.equals("*null*") ? Cell.NULL : CanonicalText.parse(column.type(), plain(text)));
            line.add(text);
        }
        Row row = new Row(mapper.source(), cells);
        Outcome<Mapped> outcome = mapper.map(row);
        if (outcome instanceof Outcome.Rejected<Mapped> rejected) {
            line.add("*" + rejected.rejection().reason().code() + "*");
            while (line.size() < header.size()) {
                line.add("");
            }
            return line;
        }
        MappedRow mapped = (MappedRow) ((Outcome.Accepted<Mapped>) outcome).value();
        assertThat(mapper.invert(mapped.row(), mapped.raw())).isEqualTo(row);
        for (String column : header.subList(line.size(), header.size() - 2)) {
            Cell cell = mapped.row().cell(plain(column));
            line.add(cell instanceof Value made ? "`" + CanonicalText.of(made) + "`" : "*null*");
        }
        line.add(
                mapped.raw().isEmpty()
                        ? ""
                        : mapper.source().columns().size() == 2
                                ? "kept"
                                : mapped.raw().keySet().stream()
                                        .sorted()
                                        .map(column -> "`" + column + "`")
                                        .collect(Collectors.joining(", ")));
        line.add(mapped.findings().stream()
                .map(Finding::kind)
                .map(Finding.Kind::code)
                .collect(Collectors.joining(", ")));
        return line;
    }

    private Mapper mapper(Example example) throws MappingMismatch, IOException {
        List<Column> columns = new ArrayList<>(List.of(new Column("id", ColumnType.of(Kind.INT64), false)));
        for (String header : example.rows().get(0)) {
            Matcher source = SOURCE_COLUMN.matcher(header);
            if (source.matches()) {
                ColumnType type = ColumnType.of(Kind.valueOf(source.group(2).toUpperCase(Locale.ROOT)));
                columns.add(new Column(source.group(1), type, true));
            }
        }
        TableSchema schema = new TableSchema(SOURCE, columns, List.of("id"));
        List<TableMapping> mappings = new Mappings(parsed(example)).of(SOURCE);
        return Mapper.bind(mappings.get(0), schema);
    }

    private PipelineConfig parsed(Example example) throws IOException {
        String tables = example.isTables()
                ? indented(example.yaml(), 2)
                : "  - from: pas.public.t\n    to: clinical.t\n    columns:\n      \"*\": {from: \"*\"}\n"
                        + indented(example.yaml(), 6);
        return PipelineFile.parse(
                        "MAPPING.md",
                        Samples.text("smallest.yaml") + String.join("\n", maps()) + "\ntables:\n" + tables)
                .within(directory);
    }

    /** The block that declares maps, whose files stand on the page as well. */
    private List<String> maps() throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        for (int i = 0; i < page.size(); i++) {
            if (page.get(i).startsWith("```csv ")) {
                Files.write(directory.resolve(page.get(i).substring(7)), block(page, i));
            }
        }
        return block(page, page.indexOf("maps:") - 1);
    }

    private static List<String> block(List<String> lines, int fence) {
        List<String> rest = lines.subList(fence + 1, lines.size());
        return rest.subList(0, rest.indexOf("```"));
    }

    private static String indented(List<String> lines, int by) {
        return lines.stream().map(line -> " ".repeat(by) + line + "\n").collect(Collectors.joining());
    }

    private static String plain(String cell) {
        return cell.replaceAll(" \\(.*\\)$", "").replaceAll("^`|`$", "");
    }

    private static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        List<String> lines = Files.readAllLines(PAGE);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```yaml") && !lines.get(i + 1).equals("maps:")) {
                List<String> yaml = new ArrayList<>();
                for (i++; !lines.get(i).equals("```"); i++) {
                    yaml.add(lines.get(i));
                }
                List<List<String>> rows = new ArrayList<>();
                for (int j = i + 2; j < lines.size() && lines.get(j).startsWith("|"); j++) {
                    rows.add(cells(lines.get(j)));
                }
                examples.add(new Example(yaml, rows));
            }
        }
        return examples;
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.length() - 1).split("(?<!\\\\)\\|", -1))
                .map(cell -> cell.replace("\\|", "|").strip())
                .toList();
    }

    @Test
    void theOrderOnThePageIsTheOrderOfTheOperations() throws IOException {
        String order =
                ColumnOperations.ORDER.stream().map(key -> "`" + key + "`").collect(Collectors.joining(", "));
        assertThat(Files.readString(PAGE).replace("\n", " ")).contains("whatever the order in the file: " + order);
    }
}
