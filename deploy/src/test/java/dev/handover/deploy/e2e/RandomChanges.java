package dev.handover.deploy.e2e;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes of every table of a database that nobody here designed, made from nothing but its catalog and a seed:
 * inserts, updates, deletes, changed keys, deleted rows that come back, transactions of many tables, transactions
 * rolled back. Foreign keys are kept where there is a row to refer to, and not checked.
 */
final class RandomChanges {
    private static final int TRANSACTION_ROWS_MAX = 25;
    private static final int TRIES_MAX = 20;
    private static final int DUPLICATE_KEY = 1062;

    /** What happens to a table, and how often. */
    private enum Deed {
        INSERT(10),
        UPDATE(8),
        CHANGE_KEY(1),
        DELETE(3),
        RETURN(1);

        private final int times;

        Deed(int times) {
            this.times = times;
        }
    }

    private record Step(CatalogTable table, Deed deed) {}

    private final Connection connection;
    private final Random random;
    private final RandomValues values;
    private final Map<String, CatalogTable> tables;
    private final Map<String, List<List<String>>> keys = new TreeMap<>();

    /**
     * @param connection of a user who may write, without auto-commit from here on
     * @param tables by name
     */
    RandomChanges(Connection connection, Map<String, CatalogTable> tables, long seed) throws SQLException {
        this.connection = connection;
        this.random = new Random(seed);
        this.values = new RandomValues(random);
        this.tables = new TreeMap<>(tables);
        connection.setAutoCommit(false);
        for (CatalogTable table : tables.values()) {
            keys.put(table.name(), table.keys(connection));
        }
    }

    /** Does it {@code rounds} times over all tables. @return rows changed by committed transactions */
    int run(int rounds) throws SQLException {
        List<Step> deck = new ArrayList<>();
        for (CatalogTable table : tables.values()) {
            for (Deed deed : Deed.values()) {
                deck.addAll(Collections.nCopies(deed.times * rounds, new Step(table, deed)));
            }
        }
        Collections.shuffle(deck, random);
        int changes = 0;
        for (int next = 0; next < deck.size(); ) {
            int end = Math.min(deck.size(), next + 1 + random.nextInt(TRANSACTION_ROWS_MAX));
            for (Step step : deck.subList(next, end)) {
                changes += perform(step.table(), step.deed());
            }
            connection.commit();
            if (random.nextInt(5) == 0) {
                inVain(deck.get(next).table());
            }
            next = end;
        }
        return changes;
    }

    private int perform(CatalogTable table, Deed deed) throws SQLException {
        List<List<String>> known = keys.getOrDefault(table.name(), List.of());
        if (deed == Deed.INSERT || known.isEmpty()) {
            known.add(inserted(table, values.key(table)));
            return 1;
        }
        int index = random.nextInt(known.size());
        List<String> key = known.get(index);
        switch (deed) {
            case UPDATE -> {
                List<CatalogTable.Column> rest = table.rest();
                if (rest.isEmpty()) {
                    known.set(index, rekeyed(table, key));
                } else {
                    update(table, key, rest);
                }
                return 1;
            }
            case CHANGE_KEY -> {
                known.set(index, rekeyed(table, key));
                return 1;
            }
            case DELETE -> {
                known.remove(index);
                delete(table, key);
                return 1;
            }
            case RETURN -> {
                delete(table, key);
                if (random.nextBoolean()) {
                    connection.commit();
                }
                inserted(table, key);
                return 2;
            }
            default -> throw new IllegalStateException(deed.name());
        }
    }

    /** Rows that nobody must ever see. */
    private void inVain(CatalogTable table) throws SQLException {
        inserted(table, values.key(table));
        inserted(table, values.key(table));
        connection.rollback();
    }

    private List<String> inserted(CatalogTable table, List<String> key) throws SQLException {
        String names = table.columns().stream().map(CatalogTable.Column::quoted).collect(Collectors.joining(", "));
        String marks = table.columns().stream().map(column -> "?").collect(Collectors.joining(", "));
        String sql = "INSERT INTO " + table.quoted() + " (" + names + ") VALUES (" + marks + ")";
        write(sql, () -> {
            List<@Nullable String> row = new ArrayList<>();
            for (CatalogTable.Column column : table.columns()) {
                int place = table.key().indexOf(column.name());
                row.add(place >= 0 ? key.get(place) : value(table, column));
            }
            return row;
        });
        return key;
    }

    private void update(CatalogTable table, List<String> key, List<CatalogTable.Column> rest) throws SQLException {
        List<CatalogTable.Column> some = new ArrayList<>(rest);
        Collections.shuffle(some, random);
        List<CatalogTable.Column> chosen = some.subList(0, 1 + random.nextInt(Math.min(5, some.size())));
        String settings =
                chosen.stream().map(column -> column.quoted() + " = ?").collect(Collectors.joining(", "));
        write("UPDATE " + table.quoted() + " SET " + settings + " WHERE " + table.where(), () -> {
            List<@Nullable String> row = new ArrayList<>();
            chosen.forEach(column -> row.add(value(table, column)));
            row.addAll(key);
            return row;
        });
    }

    /** The new key: another one, or the same in other letters, which some collations hold for equal. */
    private List<String> rekeyed(CatalogTable table, List<String> key) throws SQLException {
        List<String> turned = key.stream()
                .map(part -> part.equals(part.toUpperCase(Locale.ROOT))
                        ? part.toLowerCase(Locale.ROOT)
                        : part.toUpperCase(Locale.ROOT))
                .toList();
        List<String> other =
                turned.equals(key) || !table.textKey() || random.nextBoolean() ? values.key(table) : turned;
        String settings = table.key().stream()
                .map(name -> CatalogTable.quote(name) + " = ?")
                .collect(Collectors.joining(", "));
        write("UPDATE " + table.quoted() + " SET " + settings + " WHERE " + table.where(), () -> {
            List<@Nullable String> row = new ArrayList<>(other);
            row.addAll(key);
            return row;
        });
        return other;
    }

    private void delete(CatalogTable table, List<String> key) throws SQLException {
        write("DELETE FROM " + table.quoted() + " WHERE " + table.where(), () -> new ArrayList<>(key));
    }

    private @Nullable String value(CatalogTable table, CatalogTable.Column column) {
        String parent = table.references().get(column.name());
        CatalogTable referred = parent == null ? null : tables.get(parent);
        List<List<String>> candidates = parent == null ? List.of() : keys.getOrDefault(parent, List.of());
        if (referred != null && referred.key().size() == 1 && !candidates.isEmpty()) {
            return column.nullable() && random.nextInt(3) == 0
                    ? null
                    : candidates.get(random.nextInt(candidates.size())).get(0);
        }
        return column.nullable() && random.nextInt(4) == 0 ? null : values.of(column);
    }

    private interface Row {
        List<@Nullable String> values();
    }

    /** One row must be hit; a value that is taken already is thrown again. */
    private void write(String sql, Row row) throws SQLException {
        for (int tries = 1; ; tries++) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                List<@Nullable String> cells = row.values();
                for (int i = 0; i < cells.size(); i++) {
                    statement.setString(i + 1, cells.get(i));
                }
                int rows = statement.executeUpdate();
                if (rows != 1) {
                    throw new IllegalStateException(rows + " rows were hit by " + sql);
                }
                return;
            } catch (SQLIntegrityConstraintViolationException taken) {
                if (taken.getErrorCode() != DUPLICATE_KEY || tries == TRIES_MAX) {
                    throw taken;
                }
            }
        }
    }

    /** Settings of a MariaDB session that writes whatever a legacy application would. */
    static void legacySession(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO',"
                    + " foreign_key_checks = 0, time_zone = '+00:00'");
        }
    }
}
