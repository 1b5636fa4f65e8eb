package dev.handover.capture.check;

import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceTable;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whether keys that people declared are keys. No index of the source vouches for them, and two rows with one key would
 * become one row at the target.
 */
final class DeclaredKeys {
    private final SourceConfig config;
    private final Question source;

    DeclaredKeys(SourceConfig config, Question source) {
        this.config = config;
        this.source = source;
    }

    /** Reads each of those tables once. */
    List<Check> unique(List<SourceTable> tables, Map<TableId, List<String>> keys) throws SQLException {
        List<Check> checks = new ArrayList<>();
        for (SourceTable table : tables) {
            if (keys.containsKey(table.table()) && table.schema().isPresent()) {
                checks.add(unique(table.schema().get()));
            }
        }
        for (TableId declared : keys.keySet()) {
            if (declared.database().equals(config.name())
                    && tables.stream().noneMatch(table -> table.table().equals(declared))) {
                checks.add(Check.fail(
                        "table " + declared,
                        "a key is declared for a table that is not there or not selected",
                        "correct its name under tables[], or remove it"));
            }
        }
        return checks;
    }

    private Check unique(TableSchema table) throws SQLException {
        String subject = "table " + table.table();
        String columns = table.keyColumns().stream()
                .map(column -> {
                    String name = quoted(column.name());
                    boolean folded = config.engine().binlog() && column.type().kind() == Kind.TEXT;
                    return folded ? "CAST(" + name + " AS BINARY)" : name;
                })
                .collect(Collectors.joining(", "));
        boolean repeated = source.any("SELECT 1 FROM " + quoted(table.table().schema()) + "."
                + quoted(table.table().name()) + " GROUP BY " + columns + " HAVING count(*) > 1 LIMIT 1");
        return repeated
                ? Check.fail(
                        subject,
                        "the declared key " + table.key() + " is not unique: rows would be lost",
                        "declare more columns under tables[].key, until no two rows agree in all of them")
                : Check.warn(
                        subject,
                        "the declared key " + table.key() + " is unique now, but no index of the source keeps it so",
                        "add a unique index on it at the source, if its owner agrees");
    }

    private String quoted(String identifier) {
        String quote = config.engine().binlog() ? "`" : "\"";
        return quote + identifier.replace(quote, quote + quote) + quote;
    }
}
