package dev.handover.deploy.bench;

import dev.handover.capture.SourceSessions;
import dev.handover.capture.TableSelection;
import dev.handover.control.ControlSchema;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.Secrets;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Servers that a pipeline file names. What the benchmark makes there has names of its own: the schema
 * {@code handover_bench} at both ends, slot and publication of that name, the control schema at the target, and topics
 * and subjects below the pipeline's name with {@code -bench}. None of these may exist before, so all of them are the
 * benchmark's, and are removed at the end.
 */
public final class GivenSite implements Site {
    private static final int SLOT_SECONDS_MAX = 30;
    private static final String HEARTBEATS = "public." + TableSelection.HEARTBEAT_TABLE;

    private final Path pipelineFile;
    private final Assembly assembly;
    private final SourceSessions source;
    private final GivenTopics topics;
    private final boolean heartbeatsBefore;

    private GivenSite(Path pipelineFile, Assembly assembly) {
        this.pipelineFile = pipelineFile;
        this.assembly = assembly;
        this.source =
                new SourceSessions(assembly.source(assembly.pipeline().sources().get(0)));
        this.topics = new GivenTopics(assembly);
        requireNothingOfOurs();
        try (Connection connection = source.open()) {
            heartbeatsBefore = there(connection, "to_regclass('" + HEARTBEATS + "') IS NOT NULL");
        } catch (SQLException e) {
            throw source.fault(e);
        }
    }

    /**
     * Looks at the servers of a pipeline file. Nothing is made yet.
     *
     * @param directory a scratch directory, for the benchmark's own pipeline file
     * @param environment for secrets
     * @throws Fault {@code bench-in-the-way} when something of those names exists; {@code bench-source} when no source
     *     is a PostgreSQL
     */
    public static GivenSite open(Path userFile, Path directory, Function<String, Optional<String>> environment) {
        PipelineConfig user = PipelineFile.read(userFile);
        SourceConfig measured = user.sources().stream()
                .filter(each -> each.kind() == SourceConfig.Kind.POSTGRES)
                .findFirst()
                .orElseThrow(() -> Fault.of(
                        ExitCode.USAGE,
                        "bench-source",
                        userFile + " has no PostgreSQL source",
                        "the benchmark makes its rows in PostgreSQL; name a file with such a source"));
        Path file = directory.resolve("pipeline.yaml");
        try {
            Files.writeString(file, BenchFile.of(Files.readString(userFile), measured.name()), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Fault.causedBy(
                    e, ExitCode.FAILED, "disk", file + " cannot be written", "name another place with --state");
        }
        PipelineConfig bench = PipelineFile.read(file);
        return new GivenSite(
                file,
                new Assembly(bench, new Secrets(bench.secrets(), environment), directory, InstantSource.system()));
    }

    @Override
    public String kind() {
        return "given";
    }

    @Override
    public Path pipelineFile() {
        return pipelineFile;
    }

    @Override
    public Map<Component, Long> processes() {
        return Map.of();
    }

    /** Removes all that the benchmark made, as far as servers answer. @throws Fault the first that did not let it */
    @Override
    public void close() {
        Fault first = null;
        for (Runnable step :
                List.<Runnable>of(this::clearSource, this::clearTarget, topics::remove, topics::removeSubjects)) {
            try {
                step.run();
            } catch (Fault e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw Fault.causedBy(
                    first,
                    first.exitCode(),
                    "bench-left-behind",
                    "not all that the benchmark made could be removed: " + first.getMessage(),
                    "remove by hand: schema, slot and publication " + BenchTable.SCHEMA + " at the source, schemas "
                            + BenchTable.SCHEMA + " and " + ControlSchema.NAME + " at the target, topics "
                            + topics.prefix() + ".*");
        }
    }

    private void requireNothingOfOurs() {
        try (Connection connection = source.open()) {
            refuse(there(connection, schema(BenchTable.SCHEMA)), "schema " + BenchTable.SCHEMA + " at the source");
            refuse(there(connection, slot()), "replication slot " + BenchFile.SLOT + " at the source");
            refuse(
                    there(connection, "EXISTS (SELECT FROM pg_publication WHERE pubname = '" + BenchFile.SLOT + "')"),
                    "publication " + BenchFile.SLOT + " at the source");
        } catch (SQLException e) {
            throw source.fault(e);
        }
        try (Connection connection = assembly.target().open()) {
            refuse(there(connection, schema(BenchTable.SCHEMA)), "schema " + BenchTable.SCHEMA + " at the target");
            refuse(
                    there(connection, schema(ControlSchema.NAME)),
                    "schema " + ControlSchema.NAME + " of a pipeline at the target");
        } catch (SQLException e) {
            throw assembly.target().fault(e);
        }
        topics.existing().ifPresent(topic -> refuse(true, "topic " + topic));
    }

    private static void refuse(boolean there, String what) {
        if (there) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "bench-in-the-way",
                    what + " exists",
                    "the benchmark removes what it made, so it makes nothing that is there: take a target database of"
                            + " its own, and remove what an earlier benchmark left");
        }
    }

    private void clearSource() {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            awaitIdleSlot(connection);
            statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                    + BenchFile.SLOT + "'");
            statement.execute("DROP PUBLICATION IF EXISTS " + BenchFile.SLOT);
            statement.execute("DROP SCHEMA IF EXISTS " + BenchTable.SCHEMA + " CASCADE");
            if (!heartbeatsBefore) {
                statement.execute("DROP TABLE IF EXISTS " + HEARTBEATS);
            }
        } catch (SQLException e) {
            throw source.fault(e);
        }
    }

    /** The server may take a moment to learn that its reader has gone. */
    private static void awaitIdleSlot(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SLOT_SECONDS_MAX);
        boolean interrupted = false;
        while (there(connection, slot("AND active")) && System.nanoTime() < deadline) {
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void clearTarget() {
        try (Connection connection = assembly.target().open();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS " + BenchTable.SCHEMA + " CASCADE");
            statement.execute("DROP SCHEMA IF EXISTS " + ControlSchema.NAME + " CASCADE");
        } catch (SQLException e) {
            throw assembly.target().fault(e);
        }
    }

    private static String schema(String name) {
        return "to_regnamespace('" + name + "') IS NOT NULL";
    }

    private static String slot() {
        return slot("");
    }

    private static String slot(String condition) {
        return "EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '" + BenchFile.SLOT + "' " + condition + ")";
    }

    private static boolean there(Connection connection, String condition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + condition);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }
}
