package dev.handover.deploy.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.GZIPInputStream;

/** Dumps of MariaDB, run through JDBC. */
final class Scripts {
    private Scripts() {}

    /** Statements of a dump end with a semicolon at the end of a line; no text in these dumps holds one there. */
    static void run(Connection connection, Path gzipped) throws SQLException, IOException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                BufferedReader reader = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(gzipped)), StandardCharsets.UTF_8))) {
            statement.execute("SET foreign_key_checks = 0, sql_mode = 'NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'");
            StringBuilder sql = new StringBuilder();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (sql.isEmpty() && (line.isBlank() || line.startsWith("--") || line.startsWith("/*!"))) {
                    continue;
                }
                sql.append(line).append('\n');
                if (line.endsWith(";")) {
                    if (!line.startsWith("SET ")) {
                        statement.execute(sql.substring(0, sql.lastIndexOf(";")));
                    }
                    sql.setLength(0);
                }
            }
            connection.commit();
        }
    }
}
