package dev.handover.deploy.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.check.Check;
import dev.handover.capture.check.SourceChecks;
import dev.handover.deploy.e2e.LivePipeline;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.fault.Fault;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Verdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every column type of PostgreSQL, by load and by stream, to the target and back. */
class PostgresFidelityIT {
    private static final Grid GRID = new Grid("zoo", PostgresCases.ALL);

    @Test
    void everyValueArrivesAndGoesBack(@TempDir Path directory) throws Exception {
        Dialect dialect = new PostgresDialect();
        try (LivePipeline pipeline = LivePipeline.on(directory, dialect.service())) {
            String database = pipeline.endpoints().source().database();
            prepare(pipeline, database);
            everyTypeOfTheCatalogIsHere(pipeline);
            Faults.assertRefused(pipeline, dialect, database, "    include: [\"refused.*\"]\n", PostgresCases.REFUSED);
            typesThatStopTheDecoderAreToldBeforeTheLoad(pipeline);
            FidelityRun run = new FidelityRun(pipeline, dialect, "", List.of(GRID));
            run.prepare();
            Assembly assembly = pipeline.describe(database, "    include: [public.zoo]\n", "");
            pipeline.run();
            pipeline.awaitLoaded(1);

            RunReport report = run.stream();

            List<Ending> endings = run.endings();
            assertThat(endings.stream()
                            .filter(ending -> !ending.expected(false))
                            .map(Ending::toString))
                    .isEmpty();
            assertThat(report.verdict()).isEqualTo(Verdict.CONVERGED);
            TypesDocument.settle(
                    dialect,
                    TypesDocument.section(dialect, GRID, run.types(assembly, GRID), endings, PostgresCases.REFUSED));
        }
    }

    private static void prepare(LivePipeline pipeline, String database) throws SQLException {
        try (Connection source = pipeline.source("");
                Connection target = pipeline.target();
                Statement here = source.createStatement();
                Statement there = target.createStatement()) {
            here.execute("CREATE SCHEMA ext");
            here.execute(PostgresCases.HSTORE_AT_SOURCE);
            there.execute(PostgresCases.HSTORE_AT_TARGET);
            for (String sql : PostgresCases.EXTENSIONS) {
                here.execute(sql);
                there.execute(sql);
            }
            for (String sql : PostgresCases.TYPES) {
                here.execute(sql);
            }
            here.execute("CREATE SCHEMA back");
            here.execute("CREATE DATABASE enums");
            for (String setting : List.of(
                    "DateStyle = 'German, DMY'",
                    "TimeZone = 'Asia/Kathmandu'",
                    "IntervalStyle = 'postgres_verbose'",
                    "bytea_output = 'escape'",
                    "extra_float_digits = -5")) {
                here.execute("ALTER DATABASE " + database + " SET " + setting);
            }
        }
    }

    private static void everyTypeOfTheCatalogIsHere(LivePipeline pipeline) throws SQLException {
        String known = Stream.of(
                        PostgresCases.ALL.stream().map(TypeCases::type),
                        PostgresCases.REFUSED.stream().map(Refused::type),
                        PostgresCases.WITHOUT_VALUES.stream())
                .flatMap(names -> names)
                .map(name -> "('" + name.replace("'", "''") + "')")
                .collect(Collectors.joining(", "));
        List<String> missing = new ArrayList<>();
        try (Connection source = pipeline.source("");
                Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("SELECT t.typname FROM pg_type t WHERE t.typnamespace ="
                        + " 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'e', 'd', 'r', 'm') AND NOT EXISTS"
                        + " (SELECT 1 FROM pg_type e WHERE e.typarray = t.oid) AND t.oid NOT IN"
                        + " (SELECT to_regtype(name)::oid FROM (VALUES " + known + ") known(name)"
                        + " WHERE to_regtype(name) IS NOT NULL)")) {
            while (row.next()) {
                missing.add(row.getString(1));
            }
        }
        assertThat(missing).isEmpty();
    }

    /** Debezium reads the labels of every type in the category of enums, and a domain over one has none. */
    private static void typesThatStopTheDecoderAreToldBeforeTheLoad(LivePipeline pipeline) throws SQLException {
        var server = pipeline.endpoints().source();
        try (Connection connection = DriverManager.getConnection(
                        server.jdbcUrl().replace("/" + server.database(), "/enums"),
                        server.user(),
                        server.password().text());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TYPE mood AS ENUM ('sad')");
            statement.execute("CREATE DOMAIN mood_domain AS mood");
            statement.execute("CREATE TYPE nothing AS ENUM ()");
            statement.execute("CREATE TABLE t (id integer PRIMARY KEY, m mood)");
        }
        Assembly assembly = pipeline.describe("enums", "", "");
        var source = assembly.source(assembly.pipeline().sources().get(0));
        assertThat(new SourceChecks(InstantSource.system())
                        .run(source, Map.of()).stream()
                                .filter(check -> check.level() == Check.Level.FAIL)
                                .map(Check::fact))
                .singleElement()
                .asString()
                .startsWith("mood_domain, nothing:");
        assertThatThrownBy(() -> assembly.roles(RoleName.CAPTURE).get(0).run())
                .isInstanceOf(Fault.class)
                .hasMessageContaining("mood_domain, nothing");
    }
}
