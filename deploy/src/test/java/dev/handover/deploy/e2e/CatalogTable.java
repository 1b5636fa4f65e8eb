package dev.handover.deploy.e2e;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table as JDBC's catalog describes it.
 *
 * @param key columns that identify a row
 * @param references by column, the table it refers to
 */
record CatalogTable(String name, List<Column> columns, List<String> key, Map<String, String> references) {
    /**
     * A column.
     *
     * @param type of {@link Types}
     * @param size characters, or digits
     * @param unique whether it is the only column of a unique index
     */
    record Column(String name, int type, String typeName, int size, boolean nullable, boolean unique) {
        String quoted() {
            return quote(name);
        }
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    String quoted() {
        return quote(name);
    }

    List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }

    /** Columns beside the key. */
    List<Column> rest() {
        return columns.stream().filter(column -> !key.contains(column.name())).toList();
    }

    List<Column> keyColumns() {
        return key.stream()
                .map(name -> columns.stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    boolean textKey() {
        return keyColumns().stream().allMatch(column -> column.type() == Types.VARCHAR || column.type() == Types.CHAR);
    }

    /** A condition that names a row. */
    String where() {
        return key.stream().map(name -> quote(name) + " = ?").collect(Collectors.joining(" AND "));
    }

    /** The keys of all rows. */
    List<List<String>> keys(Connection connection) throws SQLException {
        List<List<String>> keys = new ArrayList<>();
        String names = key.stream().map(CatalogTable::quote).collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT " + names + " FROM " + quoted() + " ORDER BY " + names)) {
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= key.size(); i++) {
                    values.add(row.getString(i));
                }
                keys.add(values);
            }
        }
        return keys;
    }

    /**
     * All base tables.
     *
     * @param catalog the database, where it is MariaDB
     * @param schema where it is PostgreSQL
     * @param keys of tables that declare none
     */
    static Map<String, CatalogTable> all(
            Connection connection, @Nullable String catalog, @Nullable String schema, Map<String, List<String>> keys)
            throws SQLException {
        Map<String, CatalogTable> tables = new TreeMap<>();
        DatabaseMetaData metadata = connection.getMetaData();
        for (String name : names(metadata, catalog, schema)) {
            Set<String> unique = unique(metadata, catalog, schema, name);
            List<Column> columns = new ArrayList<>();
            try (ResultSet row = metadata.getColumns(catalog, schema, name, null)) {
                while (row.next()) {
                    // a name is a pattern here: _ stands for any character
                    if (row.getString("TABLE_NAME").equals(name)) {
                        String column = row.getString("COLUMN_NAME");
                        columns.add(new Column(
                                column,
                                row.getInt("DATA_TYPE"),
                                row.getString("TYPE_NAME"),
                                row.getInt("COLUMN_SIZE"),
                                row.getInt("NULLABLE") == DatabaseMetaData.columnNullable,
                                unique.contains(column)));
                    }
                }
            }
            List<String> primary = primary(metadata, catalog, schema, name);
            List<String> key = primary.isEmpty() ? keys.getOrDefault(name, List.of()) : primary;
            if (key.isEmpty()) {
                throw new IllegalStateException("table " + name + " has no key");
            }
            tables.put(name, new CatalogTable(name, columns, key, references(metadata, catalog, schema, name)));
        }
        return tables;
    }

    private static List<String> names(DatabaseMetaData metadata, @Nullable String catalog, @Nullable String schema)
            throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet row = metadata.getTables(catalog, schema, "%", null)) {
            while (row.next()) {
                if (row.getString("TABLE_TYPE").endsWith("TABLE")
                        && !row.getString("TABLE_NAME").startsWith("handover")) {
                    names.add(row.getString("TABLE_NAME"));
                }
            }
        }
        return names;
    }

    private static List<String> primary(
            DatabaseMetaData metadata, @Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        Map<Integer, String> ordered = new TreeMap<>();
        try (ResultSet row = metadata.getPrimaryKeys(catalog, schema, table)) {
            while (row.next()) {
                ordered.put(row.getInt("KEY_SEQ"), row.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(ordered.values());
    }

    private static Set<String> unique(
            DatabaseMetaData metadata, @Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        Map<String, List<String>> indexes = new HashMap<>();
        try (ResultSet row = metadata.getIndexInfo(catalog, schema, table, true, true)) {
            while (row.next()) {
                if (row.getString("COLUMN_NAME") != null) {
                    indexes.computeIfAbsent(row.getString("INDEX_NAME"), index -> new ArrayList<>())
                            .add(row.getString("COLUMN_NAME"));
                }
            }
        }
        Set<String> unique = new HashSet<>();
        indexes.values().stream().filter(columns -> columns.size() == 1).forEach(unique::addAll);
        return unique;
    }

    private static Map<String, String> references(
            DatabaseMetaData metadata, @Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        Map<String, String> references = new LinkedHashMap<>();
        try (ResultSet row = metadata.getImportedKeys(catalog, schema, table)) {
            while (row.next()) {
                references.putIfAbsent(row.getString("FKCOLUMN_NAME"), row.getString("PKTABLE_NAME"));
            }
        }
        return references;
    }
}
