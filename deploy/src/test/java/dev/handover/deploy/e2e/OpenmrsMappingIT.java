package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.deploy.config.SourceSchemas;
import dev.handover.deploy.config.TableConfig;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.BoundMappings;
import dev.handover.deploy.pipeline.Sampling;
import dev.handover.deploy.pipeline.SchemaRecord;
import dev.handover.deploy.pipeline.Trial;
import dev.handover.deploy.source.RealData;
import dev.handover.deploy.stack.Service;
import dev.handover.mapping.Mapper;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.rule.Result;
import dev.handover.reconciler.rule.RuleReport;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of OpenMRS, as it is shipped: a table of names and values becomes observations with types, units and
 * codes, while it is written; each value is the one that SQL makes of the source.
 */
class OpenmrsMappingIT {
    private static final Path EXAMPLE = Path.of("examples", "openmrs").toAbsolutePath();
    private static final int TARGETS = 22;
    private static final int ROUNDS = 12;
    private static final int SAMPLE_MAX = 100_000;
    private static final long SEED = 19_760_825;

    /** Of 16 concepts with 270 rows each that are not voided, and the 11 rows of the dump. */
    private static final Map<String, Long> OBSERVATIONS = new TreeMap<>(Map.of(
            // five concepts; of the weights, 11 have a text instead of a number
            "observation_quantity", 5 * 270 - 11 + 6L,
            "observation_coded", 2 * 270 + 1L,
            "observation_boolean", 2 * 270 + 1L,
            "observation_text", 270 + 1L,
            "observation_time", 3 * 270 + 1L,
            "observation_complex", 270L,
            "observation_group", 270L,
            // the dump itself has a coded concept with a number
            "observation_unclear", 270 + 11 + 1L));

    /** What was not understood of the rows of the load, by target column: each finding is counted once. */
    private static final String FINDINGS = """
            allergy.allergen_text sentinel 1
            observation_boolean.comment sentinel 181
            observation_boolean.interpretation unmapped 14
            observation_boolean.site_code no-map 541
            observation_boolean.snomed no-map 541
            observation_boolean.status unmapped 10
            observation_boolean.value invalid 27
            observation_coded.comment sentinel 181
            observation_coded.interpretation unmapped 14
            observation_coded.site_code no-map 541
            observation_coded.snomed no-map 541
            observation_coded.status unmapped 10
            observation_coded.value_site_code no-map 361
            observation_coded.value_site_code one-to-many 90
            observation_coded.value_snomed no-map 541
            observation_complex.comment sentinel 90
            observation_complex.interpretation unmapped 7
            observation_complex.site_code no-map 270
            observation_complex.snomed no-map 270
            observation_complex.status unmapped 5
            observation_group.comment sentinel 90
            observation_group.interpretation unmapped 7
            observation_group.site_code no-map 270
            observation_group.snomed no-map 270
            observation_group.status unmapped 5
            observation_quantity.comment sentinel 452
            observation_quantity.comparator sentinel 236
            observation_quantity.interpretation unmapped 33
            observation_quantity.site_code no-map 540
            observation_quantity.snomed no-map 810
            observation_quantity.status unmapped 25
            observation_quantity.value unknown-unit 812
            observation_text.comment sentinel 91
            observation_text.interpretation unmapped 7
            observation_text.site_code no-map 271
            observation_text.snomed no-map 271
            observation_text.status unmapped 5
            observation_text.value_numeric unread 27
            observation_time.comment sentinel 271
            observation_time.interpretation unmapped 21
            observation_time.site_code no-map 811
            observation_time.snomed no-map 811
            observation_time.status unmapped 15
            observation_unclear.comment sentinel 94
            observation_unclear.interpretation unmapped 9
            observation_unclear.site_code no-map 271
            observation_unclear.snomed no-map 271
            observation_unclear.status unmapped 5
            patient_identifier.system unmapped 1
            person_address.city sentinel 1
            person_address.country sentinel 3
            person_address.latitude sentinel 4
            person_address.line1 sentinel 3
            person_address.line2 sentinel 3
            person_address.longitude sentinel 4
            person_address.postal_code sentinel 3
            person_address.state sentinel 3
            person_attribute_coded.value_concept_id sentinel 3
            person_attribute_coded.value_uuid sentinel 3
            person_attribute_text.value sentinel 11
            person_name.middle_name sentinel 1008
            """;

    private static final long ROWS = 16L * OpenmrsObservations.EACH + 11;

    @Test
    void namesAndValuesBecomeTypedObservationsWhileTheyAreWritten(@TempDir Path directory) throws Exception {
        Path dump = RealData.directory().resolve("openmrs");
        boolean present = Files.isDirectory(dump);
        if (!present) {
            System.out.println("SKIPPED e2e.OpenmrsMappingIT: there is no " + dump
                    + "; name the folder of real data in HANDOVER_REAL_DATA");
        }
        assumeTrue(present, "no real data");
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.MARIADB)) {
            install(pipeline, dump, directory);
            describe(pipeline);
            everyRowIsMappedAndMappedBack(pipeline.assembly());
            pipeline.run();
            pipeline.awaitLoaded(TARGETS);

            try (Connection source = pipeline.source("openmrs");
                    Connection target = pipeline.target()) {
                everyObservationIsInOneTableOrVoided(target);
                assertThat(findings(target)).isEqualTo(FINDINGS);
                assertAsExpected(source, target);

                CompletableFuture<Integer> ward = CompletableFuture.supplyAsync(() -> work(pipeline));
                RunReport meanwhile = pipeline.compare();
                assertThat(meanwhile.divergences()).isZero();
                assertThat(meanwhile.rules()).extracting(RuleReport::result).doesNotContain(Result.FAILED);
                assertThat(ward.join()).isGreaterThan(2_000);

                RunReport report = pipeline.compare();

                Reports.assertConverged(report, TARGETS);
                assertThat(report.rules())
                        .extracting(RuleReport::result)
                        .containsExactly(Result.PASSED, Result.PASSED, Result.PASSED);
                assertAsExpected(source, target);
                everyRowIsMappedAndMappedBack(pipeline.assembly());
                assertThat(pipeline.status().deadOpen()).isZero();
            }
        }
    }

    private static void install(LivePipeline pipeline, Path dump, Path directory) throws Exception {
        try (Connection connection = pipeline.source("");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE openmrs CHARACTER SET utf8mb3");
        }
        try (Connection connection = pipeline.source("openmrs")) {
            Scripts.run(connection, dump.resolve("01_schema.sql.gz"));
            Scripts.run(connection, dump.resolve("02_rows.sql.gz"));
            OpenmrsObservations.seed(connection);
            makeMaps(connection, directory);
        }
    }

    /** As {@code mariadb --batch --raw} writes the answers of the statements that make the maps. */
    private static void makeMaps(Connection source, Path directory) throws Exception {
        Path maps = Files.createDirectories(directory.resolve("maps"));
        try (Stream<Path> files = Files.list(EXAMPLE.resolve("maps"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".sql", ".tsv");
                Files.write(maps.resolve(name), tabbed(source, Files.readString(file)));
            }
        }
        assertThat(tabbed(source, Files.readString(EXAMPLE.resolve("unit-strings.sql"))))
                .as("strings of units, to be decided by")
                .containsExactlyInAnyOrder(
                        "string\tneeded",
                        "[cells/mmL]\t302",
                        "[NULL]\t300",
                        "[]\t300",
                        "[kg]\t292",
                        "[tab (s)]\t7",
                        "[mg]\t5");
    }

    private static List<String> tabbed(Connection source, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            List<String> header = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                header.add(rows.getMetaData().getColumnLabel(i));
            }
            lines.add(String.join("\t", header));
            while (rows.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    cells.add(rows.getString(i));
                }
                lines.add(String.join("\t", cells));
            }
        }
        return lines;
    }

    /** The example's maps, tables and rules as they stand there, and what its source says of clock and tables. */
    private static void describe(LivePipeline pipeline) throws Exception {
        Path file = EXAMPLE.resolve("openmrs.yaml");
        PipelineConfig example = PipelineFile.read(file);
        SourceConfig source = example.sources().get(0);
        assertThat(example.tables())
                .extracting(TableConfig::to)
                .doesNotHaveDuplicates()
                .hasSize(TARGETS);
        String text = Files.readString(file);
        pipeline.describe(
                "openmrs",
                "    mariadb: {serverId: 4711}\n    clock: {timezone: "
                        + source.clock().timezone() + "}\n    include: " + source.include() + "\n",
                text.substring(text.indexOf("\nmaps:")));
    }

    /** The law of the mapping language on the rows that are there; and none of them would become a dead letter. */
    private static void everyRowIsMappedAndMappedBack(Assembly assembly) {
        SourceSchemas schemas = SchemaRecord.live(assembly);
        for (Mapper mapper : BoundMappings.of(assembly, schemas).mappers()) {
            Trial trial = new Trial(mapper);
            new Sampling(assembly).read(mapper.source(), SAMPLE_MAX, trial::take);
            Trial.Result result = trial.result();
            assertThat(result.reversible()).as("%s", mapper.mapping().target()).isTrue();
            assertThat(result.deadRows()).as("%s", mapper.mapping().target()).isZero();
        }
    }

    /** By the tables themselves, and by the books of what the rules left out. */
    private static void everyObservationIsInOneTableOrVoided(Connection target) {
        Map<String, Long> rows = new TreeMap<>();
        Map<String, Long> leftOut = new TreeMap<>();
        OBSERVATIONS.keySet().forEach(table -> {
            rows.put(table, number(target, "SELECT count(*) FROM clinical." + table));
            leftOut.put(
                    table,
                    number(
                            target,
                            "SELECT sum(changes) FROM handover.filtered WHERE table_name = 'clinical." + table + "'"));
        });
        assertThat(rows).isEqualTo(OBSERVATIONS);
        assertThat(leftOut).allSatisfy((table, changes) -> assertThat(changes + OBSERVATIONS.getOrDefault(table, 0L))
                .isEqualTo(ROWS));
        long voided = 16L * OpenmrsObservations.EACH / 10;
        assertThat(rows.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(ROWS - voided);
    }

    private static void assertAsExpected(Connection source, Connection target) {
        OpenmrsObservations.expectations().forEach((about, pair) -> {
            List<String> expected = lines(source, pair.source());
            List<String> made = lines(target, pair.target());
            assertThat(expected).as(about).isNotEmpty();
            assertThat(without(made, expected)).as(about + ", made otherwise").isEmpty();
            assertThat(without(expected, made)).as(about + ", not made").isEmpty();
            assertThat(made).as(about).hasSameSizeAs(expected);
        });
    }

    private static List<String> without(List<String> lines, List<String> others) {
        Set<String> known = new HashSet<>(others);
        return lines.stream().filter(line -> !known.contains(line)).limit(10).toList();
    }

    /** Random changes of every clinical table, the dictionary left alone, and the work of a ward between them. */
    private static int work(LivePipeline pipeline) {
        try (Connection connection = pipeline.source("openmrs")) {
            RandomChanges.legacySession(connection);
            Map<String, CatalogTable> tables = CatalogTable.all(connection, "openmrs", null, OpenmrsIT.KEYLESS);
            tables.keySet()
                    .retainAll(PipelineFile.read(pipeline.file()).sources().get(0).include().stream()
                            .map(name -> name.substring(name.indexOf('.') + 1))
                            .collect(Collectors.toSet()));
            RandomChanges random = new RandomChanges(connection, tables, SEED);
            int changes = 0;
            for (int round = 0; round < ROUNDS; round++) {
                changes += random.run(1);
                OpenmrsObservations.work(connection, round);
            }
            return changes;
        } catch (SQLException e) {
            throw new AssertionError("the ward can't work", e);
        }
    }

    private static String findings(Connection target) {
        return lines(
                        target,
                        "SELECT substr(table_name, 10) || '.' || column_name || ' ' || kind || ' ' || count"
                                + " FROM handover.finding")
                .stream()
                .sorted()
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static long number(Connection target, String sql) {
        return Long.parseLong(lines(target, sql).get(0));
    }

    /** Rows as text; numbers as their shortest decimals. */
    private static List<String> lines(Connection connection, String sql) {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    cells.add(text(rows.getObject(i)));
                }
                lines.add(String.join("|", cells));
            }
        } catch (SQLException e) {
            throw new AssertionError("the server does not answer: " + sql, e);
        }
        return lines;
    }

    private static String text(@Nullable Object cell) {
        BigDecimal number = cell instanceof BigDecimal decimal
                ? decimal
                : cell instanceof Double binary ? new BigDecimal(binary.toString()) : null;
        return number == null
                ? String.valueOf(cell)
                : number.stripTrailingZeros().toPlainString();
    }
}
