package dev.handover.sink.postgres;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.TableMapping;
import dev.handover.row.Constraints;
import dev.handover.row.TableId;
import dev.handover.sink.postgres.ConstraintResult.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Adds defaults, indexes, unique constraints and foreign keys to the target: a step of its own, after the load, while
 * the stream may run. It can be repeated; what is there is left alone, and what was refused is tried again.
 */
public final class TargetConstraints {
    /** Longest that one index or check may take. */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofHours(6);

    private static final int CONCURRENT_INDEXES_SINCE = 14;

    private final TargetDatabase target;
    private final InstantSource clock;

    public TargetConstraints(TargetDatabase target, InstantSource clock) {
        this.target = target.withStatementTimeout(STATEMENT_TIMEOUT);
        this.clock = clock;
    }

    /** What would be done, in order; asks no database. */
    public static List<ConstraintStep> plan(List<Constraints> constraints, List<TableMapping> mappings) {
        return ConstraintPlan.of(constraints, mappings);
    }

    /** Whether a sink is still at work. */
    public enum Moment {
        /**
         * Changes arrive, in the order of the log within a partition and not across partitions: two rows that swap a
         * unique value would be refused in passing, so unique constraints wait.
         */
        STREAMING,
        /** Nothing is written any more. */
        QUIET
    }

    /**
     * Does what was planned, each step for itself, kind after kind. A step that the target refuses is reported and the
     * others go on. Indexes and checks of rows that are there, which take hours at large tables, are made at several
     * tables at a time; all other steps take no time, and locks of several tables.
     *
     * @param connections to the target at most; from 1 on
     * @return in the order of the steps
     * @throws dev.handover.fault.Fault {@code target-unreachable}, {@code target-denied}
     */
    public List<ConstraintResult> run(List<ConstraintStep> steps, Moment moment, int connections) {
        try (Connection connection = target.open()) {
            ExecutorService workers = Executors.newFixedThreadPool(atOnce(connection, connections));
            try {
                List<ConstraintResult> results = run(steps, moment, connection, workers);
                enter(connection, results);
                return results;
            } finally {
                workers.shutdownNow();
            }
        } catch (SQLException e) {
            throw target.fault(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SQLException failure ? target.fault(failure) : unexpected(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "interrupted",
                    "interrupted while constraints were added",
                    "run it again: what is there is left alone");
        }
    }

    private List<ConstraintResult> run(
            List<ConstraintStep> steps, Moment moment, Connection connection, ExecutorService workers)
            throws SQLException, ExecutionException, InterruptedException {
        Map<ConstraintStep, ConstraintResult> results = new HashMap<>();
        for (ConstraintStep.Kind kind : ConstraintStep.Kind.values()) {
            Map<TableId, List<ConstraintStep>> byTable = steps.stream()
                    .filter(step -> step.kind() == kind)
                    .collect(Collectors.groupingBy(ConstraintStep::table, TreeMap::new, Collectors.toList()));
            List<Future<List<ConstraintResult>>> begun = new ArrayList<>();
            for (List<ConstraintStep> ofTable : byTable.values()) {
                if (kind.takesTime()) {
                    begun.add(workers.submit(() -> apart(ofTable, moment)));
                } else {
                    results(connection, ofTable, moment).forEach(result -> results.put(result.step(), result));
                }
            }
            for (Future<List<ConstraintResult>> work : begun) {
                work.get().forEach(result -> results.put(result.step(), result));
            }
        }
        return steps.stream().map(results::get).toList();
    }

    private static IllegalStateException unexpected(ExecutionException e) {
        return new IllegalStateException("a step failed as none should", e.getCause());
    }

    /** Before PostgreSQL 14, two indexes that are made concurrently wait for each other, which ends in a deadlock. */
    private static int atOnce(Connection connection, int connections) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() < CONCURRENT_INDEXES_SINCE ? 1 : connections;
    }

    private List<ConstraintResult> apart(List<ConstraintStep> steps, Moment moment) throws SQLException {
        try (Connection connection = target.open()) {
            return results(connection, steps, moment);
        }
    }

    private static List<ConstraintResult> results(Connection connection, List<ConstraintStep> steps, Moment moment)
            throws SQLException {
        boolean exempt = exempt(connection);
        List<ConstraintResult> results = new ArrayList<>();
        for (ConstraintStep step : steps) {
            results.add(
                    moment == Moment.STREAMING && step.kind() == ConstraintStep.Kind.UNIQUE
                            ? new ConstraintResult(
                                    step,
                                    Outcome.POSTPONED,
                                    "rows may swap unique values while changes arrive; run this again when nothing is written any more")
                            : result(connection, step, exempt || moment == Moment.QUIET));
        }
        return results;
    }

    private static boolean exempt(Connection connection) throws SQLException {
        boolean exempt = Session.exempted(connection);
        try (Statement statement = connection.createStatement()) {
            if (exempt) {
                statement.execute("SET session_replication_role = origin");
            }
        }
        return exempt;
    }

    private static ConstraintResult result(Connection connection, ConstraintStep step, boolean exempt)
            throws SQLException {
        if (step.sql().isEmpty()) {
            return new ConstraintResult(step, Outcome.OMITTED, step.reason());
        }
        if (step.kind().bindsRows() && !exempt) {
            return new ConstraintResult(
                    step,
                    Outcome.POSTPONED,
                    "the sink may not set session_replication_role, so rows that arrive out of the order of their"
                            + " transactions would be refused; run this again when nothing is written any more");
        }
        try {
            if (present(connection, step)) {
                return new ConstraintResult(step, Outcome.PRESENT, "");
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(step.sql().get());
            }
            return new ConstraintResult(step, Outcome.DONE, "");
        } catch (SQLException e) {
            if (SqlState.of(e).startsWith("08") || SqlState.of(e).startsWith("57P")) {
                throw e;
            }
            return new ConstraintResult(step, Outcome.FAILED, meaning(SqlState.of(e)));
        }
    }

    private static String meaning(String state) {
        return switch (state) {
            case "23503" -> "rows refer to rows that are not there";
            case "23505" -> "rows are equal where they should be unique";
            case "42P01" -> "the table does not exist yet";
            case "42703" -> "a column does not exist";
            case "42830" -> "it refers to columns that are not unique at the target";
            case "55000" -> "it refers to columns whose uniqueness is only checked at commits";
            case "55P03" -> "the table was locked for too long";
            default -> "SQLSTATE " + state;
        };
    }

    /**
     * The steps that are possible and whose thing is not there yet; changes nothing.
     *
     * @throws dev.handover.fault.Fault {@code target-unreachable}, {@code target-denied}
     */
    public List<ConstraintStep> left(List<ConstraintStep> steps) {
        List<ConstraintStep> left = new ArrayList<>();
        try (Connection connection = target.open()) {
            for (ConstraintStep step : steps) {
                if (step.sql().isPresent() && !isThere(connection, step)) {
                    left.add(step);
                }
            }
            return left;
        } catch (SQLException e) {
            throw target.fault(e);
        }
    }

    /** Whether it need not be added; the remains of an index that was not finished are removed. */
    private static boolean present(Connection connection, ConstraintStep step) throws SQLException {
        if (step.kind() == ConstraintStep.Kind.INDEX && one(connection, INDEX + "NOT i.indisvalid)", step)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP INDEX "
                        + Identifiers.quoted(step.table().schema()) + "." + Identifiers.quoted(step.name()));
            }
        }
        // a default may be another than before
        return step.kind() != ConstraintStep.Kind.DEFAULT && isThere(connection, step);
    }

    private static final String INDEX = "SELECT EXISTS (SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid ="
            + " i.indexrelid WHERE i.indrelid = to_regclass(?) AND c.relname = ? AND ";

    private static final String CONSTRAINT =
            "SELECT EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass(?) AND conname = ?";

    /** Whether it is there and whole. */
    private static boolean isThere(Connection connection, ConstraintStep step) throws SQLException {
        return switch (step.kind()) {
            case DEFAULT ->
                one(
                        connection,
                        "SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = ? AND"
                                + " atthasdef)",
                        step);
            case INDEX -> one(connection, INDEX + "i.indisvalid)", step);
            case UNIQUE, FOREIGN_KEY -> one(connection, CONSTRAINT + ")", step);
            case VALIDATION -> one(connection, CONSTRAINT + " AND convalidated)", step);
        };
    }

    private static boolean one(Connection connection, String question, ConstraintStep step) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setString(1, Identifiers.quoted(step.table()));
            statement.setString(2, step.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Notes the tables that have all that they can have. */
    private void enter(Connection connection, List<ConstraintResult> results) throws SQLException {
        Set<TableId> complete = new HashSet<>();
        results.forEach(result -> complete.add(result.step().table()));
        results.stream()
                .filter(result -> result.outcome() == Outcome.FAILED || result.outcome() == Outcome.POSTPONED)
                .forEach(result -> complete.remove(result.step().table()));
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE handover.target_table SET constrained_at = ? WHERE table_name = ?")) {
            for (TableId table : complete) {
                statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                statement.setString(2, table.shortText());
                statement.executeUpdate();
            }
        }
    }
}
