package dev.handover.reconciler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.read.Connections;
import dev.handover.reconciler.rule.Measure;
import dev.handover.reconciler.rule.Result;
import dev.handover.reconciler.rule.RuleReport;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The runs that the target's control schema remembers. */
public final class Runs {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Connections connections;

    /** Runs that are kept through these connections, by a user who may write the control schema. */
    public Runs(Connections connections) {
        this.connections = connections;
    }

    /** Proved divergences by kind. */
    public record Kinds(long missing, long extraneous, long stale, long different) {
        /** All of them. */
        public long all() {
            return missing + extraneous + stale + different;
        }
    }

    /**
     * A run as the history lists it.
     *
     * @param scope {@code pipeline}, or the target tables that were asked for, joined by commas
     * @param rows of the sources, that were compared
     * @param tablesNotVerified tables of which nothing was proved either way, and tables of a source that nobody named
     */
    public record Line(
            String run,
            String startedAt,
            String finishedAt,
            BigDecimal seconds,
            String scope,
            String verdict,
            long tables,
            long rows,
            Kinds divergences,
            long inFlight,
            long tablesNotVerified) {}

    /** One comparison of one source table with its target table. */
    public record TableLine(
            String run,
            String startedAt,
            String sourceTable,
            String verdict,
            long sourceRows,
            long targetRows,
            Kinds divergences,
            long inFlight) {}

    /** The newest comparison of a table. */
    public record Newest(String sourceTable, String targetTable, String verdict, String run, String startedAt) {}

    /**
     * When a table began to differ.
     *
     * @param run the first that proved it
     * @param converged the last run before, in which it was converged; empty where none is kept
     */
    public record Onset(String run, String startedAt, String converged) {}

    /** Keeps a report, its divergences and the measures of its rules, all or nothing. */
    public void keep(RunReport report) {
        try (Connection connection = connections.open()) {
            connection.setAutoCommit(false);
            try {
                run(connection, report);
                differences(connection, report);
                rules(connection, report);
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static void run(Connection connection, RunReport report) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO handover.recon_run (run, started_at, finished_at, verdict, summary)"
                        + " VALUES (?, ?, ?, ?, ?::jsonb)")) {
            statement.setString(1, report.run());
            statement.setObject(2, Instant.parse(report.startedAt()).atOffset(ZoneOffset.UTC));
            statement.setObject(3, Instant.parse(report.finishedAt()).atOffset(ZoneOffset.UTC));
            statement.setString(4, report.verdict().code());
            statement.setString(5, JSON.writeValueAsString(report));
            statement.executeUpdate();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report has a JSON form", e);
        }
    }

    private static void differences(Connection connection, RunReport report) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO handover.recon_difference (run, number, table_name, kind, stage, key_reference, columns,"
                        + " source_position, target_position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            long number = 0;
            for (TableReport table : report.tables()) {
                for (Divergence divergence : table.divergences()) {
                    statement.setString(1, report.run());
                    statement.setLong(2, ++number);
                    statement.setString(3, divergence.table());
                    statement.setString(4, divergence.kind().code());
                    statement.setString(5, divergence.stage().code());
                    statement.setString(6, divergence.key());
                    statement.setArray(
                            7,
                            connection.createArrayOf(
                                    "text", divergence.columns().toArray()));
                    statement.setString(8, divergence.sourcePosition());
                    statement.setString(9, divergence.targetPosition());
                    statement.addBatch();
                }
            }
            statement.executeBatch();
        }
    }

    /** One row a measure; a rule without any has one, which says why. */
    private static void rules(Connection connection, RunReport report) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO handover.recon_rule (run, number, rule, kind, table_name, measure, unit, source_value,"
                        + " target_value, difference, proved, result, consequence, in_flight, detail)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            long number = 0;
            for (RuleReport rule : report.rules()) {
                List<Measure> measures = rule.measures().isEmpty()
                        ? List.of(new Measure("", "", "", "", "", "", Result.UNDETERMINED))
                        : rule.measures();
                for (Measure measure : measures) {
                    int place = 1;
                    statement.setString(place++, report.run());
                    statement.setLong(place++, ++number);
                    statement.setString(place++, rule.name());
                    statement.setString(place++, rule.kind());
                    statement.setString(place++, rule.table());
                    statement.setString(place++, measure.name());
                    statement.setString(place++, measure.unit());
                    statement.setString(place++, measure.source());
                    statement.setString(place++, measure.target());
                    statement.setString(place++, measure.difference());
                    statement.setString(place++, measure.proved());
                    statement.setString(place++, measure.result().code());
                    statement.setString(place++, rule.then().code());
                    statement.setLong(place++, rule.inFlight());
                    statement.setString(place, rule.detail());
                    statement.addBatch();
                }
            }
            statement.executeBatch();
        }
    }

    /** A run's report, or the last one's where {@code run} is {@code last}; empty where there is none. */
    public Optional<RunReport> show(String run) {
        String which = run.equals("last") ? "(SELECT max(run) FROM handover.recon_run)" : "?";
        try (Connection connection = connections.open();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT summary FROM handover.recon_run WHERE run = " + which)) {
            if (!run.equals("last")) {
                statement.setString(1, run);
            }
            try (ResultSet results = statement.executeQuery()) {
                return results.next()
                        ? Optional.of(JSON.readValue(results.getString(1), RunReport.class))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw failed(e);
        } catch (JsonProcessingException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "recon-report-unreadable",
                    "the report of run " + run + " cannot be read",
                    "It was kept by another version of Handover: show it with that one, or run again.");
        }
    }

    /** The last runs, newest first. */
    public List<Line> history(int runsMax) {
        List<Line> lines = new ArrayList<>();
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT v.run, r.summary ->> 'startedAt', r.summary ->> 'finishedAt', v.seconds, v.scope, v.verdict,"
                                + " v.tables, v.rows_compared, v.missing, v.extraneous, v.stale, v.different, v.in_flight,"
                                + " v.tables_not_verified FROM handover.v_run v JOIN handover.recon_run r USING (run)"
                                + " ORDER BY v.run DESC LIMIT ?")) {
            statement.setInt(1, runsMax);
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    lines.add(new Line(
                            results.getString(1),
                            results.getString(2),
                            results.getString(3),
                            results.getBigDecimal(4),
                            results.getString(5),
                            results.getString(6),
                            results.getLong(7),
                            results.getLong(8),
                            new Kinds(
                                    results.getLong(9), results.getLong(10), results.getLong(11), results.getLong(12)),
                            results.getLong(13),
                            results.getLong(14)));
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return lines;
    }

    /** The last comparisons of a target table ({@code schema.name}), newest first. */
    public List<TableLine> history(String table, int linesMax) {
        List<TableLine> lines = new ArrayList<>();
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT v.run, r.summary ->> 'startedAt', v.source_table, v.verdict, v.source_rows,"
                                + " v.target_rows, v.missing, v.extraneous, v.stale, v.different, v.in_flight"
                                + " FROM handover.v_run_table v JOIN handover.recon_run r USING (run)"
                                + " WHERE v.table_name = ? ORDER BY v.run DESC, v.source_table LIMIT ?")) {
            statement.setString(1, table);
            statement.setInt(2, linesMax);
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    lines.add(new TableLine(
                            results.getString(1),
                            results.getString(2),
                            results.getString(3),
                            results.getString(4),
                            results.getLong(5),
                            results.getLong(6),
                            new Kinds(results.getLong(7), results.getLong(8), results.getLong(9), results.getLong(10)),
                            results.getLong(11)));
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return lines;
    }

    /**
     * Since when a target table differs: the first run that proved a difference after the last one in which all of it
     * was converged; empty where no such run is kept.
     */
    public Optional<Onset> onset(String table) {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(
                        "WITH per_run AS (SELECT run, bool_or(verdict = 'diverged') AS diverged,"
                                + " bool_and(verdict = 'converged') AS converged FROM handover.v_run_table"
                                + " WHERE table_name = ? GROUP BY run),"
                                + " good AS (SELECT coalesce(max(run), '') AS run FROM per_run WHERE converged)"
                                + " SELECT min(p.run), (SELECT summary ->> 'startedAt' FROM handover.recon_run"
                                + " WHERE run = min(p.run)), g.run FROM per_run p CROSS JOIN good g"
                                + " WHERE p.diverged AND p.run > g.run GROUP BY g.run")) {
            statement.setString(1, table);
            try (ResultSet results = statement.executeQuery()) {
                return results.next()
                        ? Optional.of(new Onset(results.getString(1), results.getString(2), results.getString(3)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The newest comparison of every table. */
    public List<Newest> newest() {
        List<Newest> lines = new ArrayList<>();
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT v.source_table, v.table_name, v.verdict, v.run, r.summary ->> 'startedAt'"
                                + " FROM handover.v_table_verdict v JOIN handover.recon_run r USING (run)"
                                + " ORDER BY v.table_name, v.source_table");
                ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                lines.add(new Newest(
                        results.getString(1),
                        results.getString(2),
                        results.getString(3),
                        results.getString(4),
                        results.getString(5)));
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return lines;
    }

    /** The divergences of a run in one target table ({@code schema.name}), in the order they were found. */
    public List<Divergence> differences(String run, String table) {
        List<Divergence> divergences = new ArrayList<>();
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT kind, stage, key_reference, columns, source_position, target_position"
                                + " FROM handover.recon_difference WHERE run = ? AND table_name = ? ORDER BY number")) {
            statement.setString(1, run);
            statement.setString(2, table);
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    divergences.add(new Divergence(
                            table,
                            Divergence.Kind.valueOf(results.getString(1).toUpperCase(Locale.ROOT)),
                            Divergence.Stage.valueOf(results.getString(2).toUpperCase(Locale.ROOT)),
                            results.getString(3),
                            List.of((String[]) results.getArray(4).getArray()),
                            results.getString(5),
                            results.getString(6)));
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return divergences;
    }

    private static Fault failed(SQLException e) {
        return Fault.causedBy(
                e,
                ExitCode.FAILED,
                "recon-not-kept",
                "the control schema of the target could not be used (SQLSTATE " + e.getSQLState() + ")",
                "Check that the target can be reached and that the user may write schema \"handover\".");
    }
}
