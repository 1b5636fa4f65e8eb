package dev.handover.sink.postgres;

import dev.handover.control.ControlSchema;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the control schema to the version that this build knows. */
public final class ControlTables {
    /** Held while the control schema is made, so that sinks that start together do not make it twice. */
    private static final long LOCK = 0x48414E444F564552L;

    private ControlTables() {}

    /**
     * Creates or upgrades the control schema; does nothing where it is current. Safe to call from many processes at
     * once.
     *
     * @throws Fault {@code target-denied}, {@code target-unreachable}, or {@code control-schema} when what is there is
     *     not what was made by an earlier or this version
     */
    public static void migrate(TargetDatabase target) {
        try (Connection connection = target.open();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
            Flyway.configure()
                    .dataSource(target.url(), target.user(), target.password())
                    .jdbcProperties(Map.copyOf(target.properties()))
                    .defaultSchema(ControlSchema.NAME)
                    .schemas(ControlSchema.NAME)
                    .createSchemas(true)
                    .locations("classpath:" + ControlSchema.MIGRATIONS)
                    .connectRetries(0)
                    .load()
                    .migrate();
        } catch (SQLException e) {
            throw target.fault(e);
        } catch (FlywayException e) {
            throw sqlCause(e) instanceof SQLException sql
                    ? target.fault(sql)
                    : Fault.causedBy(
                            e,
                            ExitCode.CONFLICT,
                            "control-schema",
                            "schema \"" + ControlSchema.NAME + "\" of the target is not one that this version made",
                            "Run the version of Handover that made it, or drop the schema when no migration is under way.");
        }
    }

    /**
     * Whether there is a control schema to read: false before a sink has worked on this target for the first time.
     *
     * @throws Fault {@code target-denied}, {@code target-unreachable}, {@code target-missing}
     */
    public static boolean present(TargetDatabase target) {
        try (Connection connection = target.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT to_regclass('" + ControlSchema.NAME + ".recon_difference') IS NOT NULL")) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            throw target.fault(e);
        }
    }

    private static @org.jspecify.annotations.Nullable Throwable sqlCause(Throwable e) {
        Throwable cause = e;
        while (cause != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        return cause;
    }
}
