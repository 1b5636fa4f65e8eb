package dev.handover.deploy.demo;

import java.sql.SQLException;

/**
 * The legacy hospital could not be built or worked in. The message names the step and the SQLSTATE; the driver's own
 * text is left behind because it quotes rows.
 */
public final class DemoFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;

    DemoFault(String step, SQLException fault) {
        this(step, fault.getSQLState() == null ? "none" : fault.getSQLState());
    }

    private DemoFault(String step, String sqlState) {
        super("legacy hospital: " + step + " failed: SQLSTATE " + sqlState);
        this.sqlState = sqlState;
    }

    /** The five characters of the SQL standard, or {@code none}. */
    public String sqlState() {
        return sqlState;
    }
}
