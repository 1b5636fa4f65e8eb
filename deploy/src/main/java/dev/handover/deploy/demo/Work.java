package dev.handover.deploy.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One transaction of the clinic: the rows it changed so far, and what the census learns once it has committed. */
final class Work {
    private final Connection connection;
    private final LegacyEngine engine;
    private final List<Runnable> lessons = new ArrayList<>();
    private int rows;

    Work(Connection connection, LegacyEngine engine) {
        this.connection = connection;
        this.engine = engine;
    }

    LegacyEngine engine() {
        return engine;
    }

    /** Rows changed and not yet committed. */
    int rows() {
        return rows;
    }

    /** Runs one statement whose every affected row really changes; {@code args} are read by the engine from text. */
    int change(String sql, @Nullable Object... args) throws SQLException {
        int affected = execute(sql, args);
        rows += affected;
        return affected;
    }

    /**
     * Runs an INSERT that becomes an update when the key exists: one row either way (MariaDB counts an update as two).
     */
    void upsert(String sql, @Nullable Object... args) throws SQLException {
        if (execute(sql, args) > 0) {
            rows++;
        }
    }

    /** Runs an update that changes nothing; only PostgreSQL logs its rows. */
    void touch(String sql, @Nullable Object... args) throws SQLException {
        int affected = execute(sql, args);
        rows += engine == LegacyEngine.POSTGRES ? affected : 0;
    }

    /** Runs one statement without counting, such as a setting. */
    void set(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Inserts one row for each list of arguments. */
    void insertAll(String sql, List<@Nullable Object[]> argumentLists) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] args : argumentLists) {
                bind(statement, args);
                statement.addBatch();
            }
            statement.executeBatch();
        }
        rows += argumentLists.size();
    }

    /** Remembers what becomes true with the commit. */
    void learn(Runnable lesson) {
        lessons.add(lesson);
    }

    /** Commits and lets the census learn; the rows that changed. */
    int commit() throws SQLException {
        connection.commit();
        lessons.forEach(Runnable::run);
        lessons.clear();
        int committed = rows;
        rows = 0;
        return committed;
    }

    void rollback() throws SQLException {
        connection.rollback();
        lessons.clear();
        rows = 0;
    }

    /** Runs {@code part} and takes it back; nothing of it counts. */
    void inVain(Part part) throws SQLException {
        int before = rows;
        int lessonsBefore = lessons.size();
        Savepoint savepoint = connection.setSavepoint();
        part.run();
        connection.rollback(savepoint);
        rows = before;
        lessons.subList(lessonsBefore, lessons.size()).clear();
    }

    /** Some statements of a transaction. */
    interface Part {
        void run() throws SQLException;
    }

    private int execute(String sql, @Nullable Object[] args) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, args);
            return statement.executeUpdate();
        }
    }

    /** As text of no particular type, so that PostgreSQL infers the type from the column, as it does for a literal. */
    private void bind(PreparedStatement statement, @Nullable Object[] args) throws SQLException {
        for (int i = 0; i < args.length; i++) {
            Object arg = args[i];
            if (arg == null) {
                statement.setNull(i + 1, Types.NULL);
            } else if (engine == LegacyEngine.POSTGRES) {
                statement.setObject(i + 1, arg.toString(), Types.OTHER);
            } else {
                statement.setString(i + 1, arg.toString());
            }
        }
    }
}
