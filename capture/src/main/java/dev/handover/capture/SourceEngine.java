package dev.handover.capture;

import java.util.Locale;

/** The kinds of source database. */
public enum SourceEngine {
    POSTGRESQL("io.debezium.connector.postgresql.PostgresConnector"),
    MARIADB("io.debezium.connector.mariadb.MariaDbConnector"),
    /** Not exercised here: its connector is not on the class path by default. */
    MYSQL("io.debezium.connector.mysql.MySqlConnector"),
    /** Not exercised here: its connector is not on the class path by default. */
    SQL_SERVER("io.debezium.connector.sqlserver.SqlServerConnector"),
    /** Not exercised here: its connector is not on the class path by default. */
    ORACLE("io.debezium.connector.oracle.OracleConnector");

    private final String connectorClass;

    SourceEngine(String connectorClass) {
        this.connectorClass = connectorClass;
    }

    /** The class that Debezium's engine runs. */
    public String connectorClass() {
        return connectorClass;
    }

    /** Whether its log is a binlog. */
    public boolean binlog() {
        return this == MARIADB || this == MYSQL;
    }

    /** As in configuration: {@code postgresql}, {@code sql-server}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
