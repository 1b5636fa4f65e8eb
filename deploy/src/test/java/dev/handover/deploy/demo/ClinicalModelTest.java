package dev.handover.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.config.TableConfig;
import dev.handover.deploy.pipeline.Trial;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.OnFailure;
import dev.handover.mapping.operation.Codes.OnApproximate;
import dev.handover.mapping.operation.Codes.OnMany;
import dev.handover.mapping.operation.Codes.OnNoMap;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The mapping that ships with the demo, held against every row that its legacy hospital begins with. */
class ClinicalModelTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set before a test
    private Path directory;

    /** The name of a type at the target, where a fraction of a second has six digits whether it is said or not. */
    private static String type(ColumnType type) {
        return type.kind() == Kind.TIMESTAMPTZ ? "timestamp with time zone" : type.postgres();
    }

    private static Map<String, Set<String>> tables(DemoModel model) {
        Map<String, Set<String>> tables = new TreeMap<>();
        for (Mapper mapper : model.clean().values()) {
            TableSchema target = mapper.target();
            List<String> columns = new ArrayList<>();
            target.columns().forEach(column -> columns.add(column.name() + " " + type(column.type())));
            columns.add("key " + target.key());
            tables.computeIfAbsent(target.table().shortText(), name -> new TreeSet<>())
                    .add(String.join(", ", columns));
        }
        return tables;
    }

    @Test
    void bothEnginesBecomeTheSameTables() throws Exception {
        Map<String, Set<String>> postgres = tables(DemoModel.of(LegacyEngine.POSTGRES, directory));
        assertThat(postgres).isEqualTo(tables(DemoModel.of(LegacyEngine.MARIADB, directory)));
        assertThat(postgres.keySet())
                .containsExactlyElementsOf(DemoModel.CLEAN.stream()
                        .map(name -> "clinical." + name)
                        .sorted()
                        .toList());
        // the two sources of one table agree as well
        assertThat(postgres.values()).allSatisfy(shapes -> assertThat(shapes).hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void everyRowComesBackAndWhatIsNotUnderstoodIsCounted(LegacyEngine engine) throws Exception {
        DemoModel model = DemoModel.of(engine, directory);
        Map<String, Map<String, Long>> findings = new TreeMap<>();
        for (Mapper mapper : model.declared()) {
            String source = mapper.source().table().name();
            Trial.Result result = model.trial(mapper);
            assertThat(result.dead()).as(source).isEmpty();
            assertThat(result.mapped()).as(source).isPositive().isEqualTo(result.rows());
            assertThat(result.sources()).as(source).allSatisfy(column -> assertThat(column.different())
                    .as(column.column())
                    .isZero());
            Map<String, Long> counts = new TreeMap<>();
            result.findings()
                    .forEach((found, counted) ->
                            counts.put(found.column() + " " + found.kind().code(), counted.count()));
            if (!counts.isEmpty()) {
                findings.put(source, counts);
            }
        }
        assertThat(findings).isEqualTo(found(engine));
    }

    /** A change of these numbers is one of the demo's data or of its maps: say so in the commit that changes them. */
    private static Map<String, Map<String, Long>> found(LegacyEngine engine) {
        Map<String, Map<String, Long>> found = new TreeMap<>();
        found.put(
                "patient",
                Map.of(
                        "deceased_on sentinel", 24L,
                        "middle_name sentinel", 5L,
                        "phone invalid", 6L,
                        "phone sentinel", 2L,
                        "race_code approximate", 11L,
                        "race_code no-map", 5L,
                        "race_code one-to-many", 1L,
                        "race_code unmapped", 2L,
                        "reviewed_at sentinel", 21L));
        found.put("patient_identifier", Map.of("issued_on sentinel", 52L));
        found.put(
                "diagnosis",
                Map.of(
                        "abated_on sentinel", 343L,
                        "icd10_code approximate", 364L,
                        "icd10_code no-map", 23L,
                        "icd10_code one-to-many", 235L,
                        "icd10_code unmapped", 799L));
        Map<String, Long> results = new TreeMap<>(Map.of(
                "specimen_code approximate", 7988L,
                "specimen_code no-map", 86L,
                "specimen_code one-to-many", 35L,
                "specimen_code sentinel", 412L,
                "specimen_code unmapped", 9L,
                "ucum_value invalid", 5971L,
                "ucum_value sentinel", 871L,
                "ucum_value unknown-unit", 1224L,
                "value_number invalid", 5971L,
                "value_number sentinel", 871L));
        // MariaDB's decimals know no NaN
        if (engine == LegacyEngine.POSTGRES) {
            results.put("filed_number invalid", 6L);
        }
        found.put("lab_result", results);
        found.put("vitals", Map.of("ucum_value sentinel", 533L));
        found.put(
                "prescription",
                Map.of(
                        "dose_number invalid", 239L,
                        "dose_value invalid", 239L,
                        "dose_value unknown-unit", 956L,
                        "ndc sentinel", 837L,
                        "route_code approximate", 39L,
                        "route_code no-map", 230L,
                        "route_code one-to-many", 312L,
                        "route_code sentinel", 82L,
                        "route_code unmapped", 8L,
                        "stop_on sentinel", 159L));
        found.put("insurance", Map.of("date_from sentinel", 29L));
        return found;
    }

    /** Whatever a step may refuse, the row goes on. */
    @ParameterizedTest
    @EnumSource
    void noColumnOfTheModelStopsARow(LegacyEngine engine) throws Exception {
        DemoModel model = DemoModel.of(engine, directory);
        for (TableConfig table : model.pipeline().tables()) {
            table.columns().forEach((name, column) -> {
                String place = table.from() + " " + name;
                if (ModelPage.reads(column)) {
                    assertThat(column.onInvalid()).as(place).isNotEqualTo(OnFailure.DEAD_LETTER);
                }
                if (ModelPage.looksUp(column) || column.unit().isPresent()) {
                    assertThat(column.onUnmapped()).as(place).isNotEqualTo(OnFailure.DEAD_LETTER);
                }
                column.codes()
                        .ifPresent(codes -> assertThat(List.of(codes.onApproximate(), codes.onMany(), codes.onNoMap()))
                                .as(place)
                                .doesNotContain(OnApproximate.DEAD_LETTER, OnMany.DEAD_LETTER, OnNoMap.DEAD_LETTER));
            });
        }
    }

    /** Run with {@code -Dhandover.write=true} to write the tables instead of comparing them. */
    @Test
    void thePageSaysWhatTheMappingDoes() throws Exception {
        ModelPage made = new ModelPage(
                DemoModel.of(LegacyEngine.POSTGRES, directory), DemoModel.of(LegacyEngine.MARIADB, directory));
        Path file = Path.of("DEMO-MODEL.md");
        String page = Files.readString(file);
        for (String table : DemoModel.CLEAN) {
            String begin = "<!-- " + table + ": begin -->\n";
            int from = page.indexOf(begin) + begin.length();
            int to = page.indexOf("<!-- " + table + ": end -->");
            assertThat(to).as("marks of " + table).isGreaterThanOrEqualTo(from);
            String why = page.substring(page.indexOf("## clinical." + table + "\n"), from);
            assertThat(why.length()).as("why " + table + " is as it is").isGreaterThan(150);
            if (Boolean.getBoolean("handover.write")) {
                page = page.substring(0, from) + made.markdown(table) + "\n" + page.substring(to);
            } else {
                assertThat(page.substring(from, to)).isEqualTo(made.markdown(table) + "\n");
            }
        }
        if (Boolean.getBoolean("handover.write")) {
            Files.writeString(file, page);
        }
    }
}
