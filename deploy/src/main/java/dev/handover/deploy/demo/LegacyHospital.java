package dev.handover.deploy.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The demo's legacy hospital: a patient administration system of our own making, with the sins of real ones, filled
 * with Synthea's patients. Everything is made from the bundled archive without chance or clock, so two installations
 * are equal to the last byte, engine by engine.
 *
 * <p>Clocks without a zone mean {@link #TIMEZONE}. Every table has a primary key, no foreign key cascades (InnoDB does
 * not log cascaded changes), text keys compare by bytes.
 */
public final class LegacyHospital {
    /** What a column without a zone means: the {@code clock.timezone} of the demo's source. */
    public static final String TIMEZONE = Quirks.ZONE.getId();

    private static final List<String> MAPS =
            List.of("icd9-to-icd10.csv", "race.csv", "route.csv", "sex.csv", "specimen.csv", "units.csv");

    private LegacyHospital() {}

    /** The names of all tables as in the catalogue, parents before children; the last is empty. */
    public static List<String> tables() {
        return plan(SyntheaArchive.bundled(), LegacyEngine.POSTGRES).stream()
                .map(LegacyTable::name)
                .toList();
    }

    /**
     * The {@code maps:} and {@code tables:} sections of the demo's pipeline.yaml; on MariaDB the database is expected
     * to be named pas. The files of {@link #writeMaps} stand beside the pipeline's.
     */
    public static String mapping(LegacyEngine engine) {
        return resource("maps.yaml") + resource(engine.resource("tables", "yaml"));
    }

    /**
     * Writes the files of the maps that {@link #mapping} names.
     *
     * @param directory that of the pipeline's file
     */
    public static void writeMaps(Path directory) throws IOException {
        Path maps = Files.createDirectories(directory.resolve("maps"));
        for (String name : MAPS) {
            Files.writeString(maps.resolve(name), resource("maps/" + name), StandardCharsets.UTF_8);
        }
    }

    /** The schemas of all tables, as {@code handover schema record} writes them. */
    public static String schemas(LegacyEngine engine) {
        return resource(engine.resource("schemas", "json"));
    }

    /** The {@code rules:} section of the demo's pipeline.yaml. */
    public static String rules(LegacyEngine engine) {
        return resource("rules.yaml")
                .replace("{schema}", engine == LegacyEngine.POSTGRES ? "public" : Demonstration.MARIADB_DATABASE);
    }

    /**
     * Creates all types, tables and indexes in the connection's current schema (PostgreSQL) or database (MariaDB),
     * which must not hold them yet, and loads all rows: one transaction a table, parents first.
     *
     * @return rows loaded into all tables
     * @throws DemoFault when the database refuses a statement; what was committed before stays
     */
    public static long install(Connection source, LegacyEngine engine, Consumer<LoadProgress> progress) {
        Step step = new Step();
        try {
            return install(source, engine, progress, step);
        } catch (SQLException fault) {
            throw new DemoFault(step.now, fault);
        }
    }

    /** What is being done, for the message when it fails. */
    private static final class Step {
        private String now = "session settings";
    }

    private static long install(Connection source, LegacyEngine engine, Consumer<LoadProgress> progress, Step step)
            throws SQLException {
        boolean autoCommit = source.getAutoCommit();
        source.setAutoCommit(false);
        try (Statement statement = source.createStatement()) {
            for (String setting : engine.sessionSettings()) {
                statement.execute(setting);
            }
            step.now = "create the schema";
            for (String ddl : statements(resource(engine.resource("schema", "sql")))) {
                statement.execute(ddl);
            }
            source.commit();
            long rows = 0;
            for (LegacyTable table : plan(SyntheaArchive.bundled(), engine)) {
                step.now = "load table \"" + table.name() + "\"";
                long before = rows;
                rows += new BulkLoad(source, engine)
                        .load(table, count -> progress.accept(new LoadProgress(table.name(), count, before + count)));
                source.commit();
            }
            if (engine == LegacyEngine.POSTGRES) {
                step.now = "advance the allergy sequence";
                statement.execute("SELECT setval('allergy_allergy_id_seq', (SELECT max(allergy_id) FROM allergy))");
                source.commit();
            }
            return rows;
        } finally {
            if (!source.isClosed()) {
                source.rollback();
                source.setAutoCommit(autoCommit);
            }
        }
    }

    static List<LegacyTable> plan(SyntheaArchive archive, LegacyEngine engine) {
        LegacyIds ids = new LegacyIds(archive);
        List<LegacyTable> tables = new ArrayList<>();
        tables.addAll(new RegistryRows(archive, ids, engine).tables());
        tables.addAll(new CareRows(archive, ids, engine).tables());
        tables.addAll(new PaperRows(archive, ids, engine).tables());
        return List.copyOf(tables);
    }

    /** Statements end with a semicolon at the end of a line. */
    static List<String> statements(String script) {
        return Arrays.stream(script.split(";\\R"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    static String resource(String name) {
        try (InputStream resource = LegacyHospital.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException(name + " is not on the class path: build the deploy module again");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(name + " cannot be read: build the deploy module again", unreadable);
        }
    }
}
