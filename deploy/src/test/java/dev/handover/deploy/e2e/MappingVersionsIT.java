package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.pipeline.Planning;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.stack.Service;
import dev.handover.fault.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mapping that is changed, or taken back, under a version that has been used does not start. */
class MappingVersionsIT {
    private static final String TRANSFORM = "run --role transform";
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);

    @Test
    void aVersionKeepsItsMeaning(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE);
                Connection source = pipeline.source("")) {
            install(source);
            sexes(directory, "M,male", "F,female");
            describe(pipeline, 1, "");
            assertThat(pipeline.command("validate", "--live", "-c", file(pipeline))
                            .status())
                    .as("before the first start")
                    .isEqualTo(ExitCode.DONE.number());
            pipeline.run();
            pipeline.awaitLoaded(2);
            try (Connection target = pipeline.target()) {
                awaitSexes(pipeline, target, "1 female, 1 male");
                refusesAnotherMap(pipeline, directory);
                refusesADeclarationOfWhatWasCopied(pipeline);

                describe(pipeline, 2, "");
                sexes(directory, "M,m", "F,f");
                assertThat(mappings(pipeline))
                        .containsExactly(
                                "send again mapping of pas.public.person to clinical.person: version 2 after 1:"
                                        + " every row is made anew, from the change log or the source, once transform and capture start again; the target has 200 rows");
                pipeline.roles().kill(RoleName.TRANSFORM);
                pipeline.roles().kill(RoleName.CAPTURE);
                awaitSexes(pipeline, target, "2 f, 2 m");

                sexes(directory, "M,male", "F,female");
                describe(pipeline, 1, "");
                assertRefused(pipeline, TRANSFORM, "version 2 has been used", "raise mappingVersion to 3");
                describe(pipeline, 3, "");
                pipeline.roles().kill(RoleName.TRANSFORM);
                pipeline.roles().kill(RoleName.CAPTURE);
                awaitSexes(pipeline, target, "3 female, 3 male");
            }
        }
    }

    private static void refusesAnotherMap(LivePipeline pipeline, Path directory) throws Exception {
        sexes(directory, "M,man", "F,female");

        // every role that might be started, and whatever takes the mapping for what rows were made by
        for (String command : List.of("run", "run --role capture", "run --role sink", "validate --live", "recon run")) {
            assertRefused(
                    pipeline,
                    command,
                    "mapping of pas.public.person to clinical.person, or a map that it uses, was changed and still has"
                            + " version 1",
                    "raise mappingVersion to 2");
        }
        assertThat(mappings(pipeline))
                .singleElement()
                .asString()
                .startsWith("conflict tables[0].mappingVersion: mapping of pas.public.person to clinical.person")
                .contains("still has version 1");
        LivePipeline.Ran doctor = pipeline.command("doctor", "-c", file(pipeline));
        assertThat(doctor.status()).isEqualTo(ExitCode.NO.number());
        assertThat(doctor.out()).contains("FAIL  version: mapping of pas.public.person", "raise mappingVersion to 2");
        sexes(directory, "F,female", "M,male");
        assertThat(pipeline.command("doctor", "-c", file(pipeline)).out())
                .as("the same map in another order")
                .contains("each means what it meant");
    }

    private static void refusesADeclarationOfWhatWasCopied(LivePipeline pipeline) throws Exception {
        describe(pipeline, 1, """
                  - from: pas.public.still
                    to: clinical.still
                    drop: [note]
                """);
        assertRefused(
                pipeline, TRANSFORM, "mapping of pas.public.still to clinical.still", "raise mappingVersion to 2");
    }

    private static void assertRefused(LivePipeline pipeline, String command, String... says) throws Exception {
        LivePipeline.Ran refused = pipeline.command((command + " -c " + file(pipeline)).split(" "));
        assertThat(refused.status()).as(command).isEqualTo(ExitCode.USAGE.number());
        assertThat(pipeline.complaint())
                .as(command)
                .containsPattern("pipeline\\.yaml:\\d+:\\d+  mapping of")
                .contains(says)
                .contains("Nothing was started.");
    }

    /** What {@code plan} says of the mappings. */
    private static List<String> mappings(LivePipeline pipeline) {
        return new Planning(pipeline.assembly())
                .read().places().stream()
                        .filter(place -> place.name().equals("mappings"))
                        .flatMap(place -> place.lines().stream())
                        .map(line -> line.action().text() + " " + line.object() + ": " + line.detail())
                        .toList();
    }

    private static String file(LivePipeline pipeline) {
        return pipeline.file().toString();
    }

    private static void awaitSexes(LivePipeline pipeline, Connection target, String wanted) {
        pipeline.until(wanted, WAIT_MAX, () -> wanted.equals(sexes(target)));
    }

    private static String sexes(Connection target) {
        try (Statement statement = target.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT string_agg(DISTINCT _handover_mapping || ' ' || sex, ', '"
                                + " ORDER BY _handover_mapping || ' ' || sex) FROM clinical.person")) {
            row.next();
            return String.valueOf(row.getString(1));
        } catch (SQLException e) {
            throw new AssertionError("the target does not answer", e);
        }
    }

    private static void sexes(Path directory, String... lines) throws IOException {
        Files.writeString(directory.resolve("sexes.csv"), "code,sex\n" + String.join("\n", lines) + "\n");
    }

    private static void describe(LivePipeline pipeline, int version, String more) {
        pipeline.describe(pipeline.endpoints().source().database(), "", """
                maps:
                  sexes: {csv: sexes.csv, key: [{column: code}], target: sex}
                tables:
                  - from: pas.public.person
                    to: clinical.person
                    mappingVersion: %d
                    columns:
                      sex: {from: sex_cd, codes: {map: sexes}}
                      "*": {from: "*"}
                %s""".formatted(version, more));
    }

    private static void install(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute("CREATE TABLE person (id int PRIMARY KEY, sex_cd char(1) NOT NULL)");
            statement.execute("CREATE TABLE still (id int PRIMARY KEY, note text)");
            statement.execute("INSERT INTO still VALUES (1, 'x')");
            statement.execute(
                    "INSERT INTO person SELECT n, substr('MF', n % 2 + 1, 1) FROM generate_series(1, 200) AS n");
        }
    }
}
