package dev.handover.row;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The columns of a table in their order, and the columns that identify a row in key order. Equal schemas are
 * interchangeable.
 */
public final class TableSchema {
    private final TableId table;
    private final List<Column> columns;
    private final List<String> key;
    private final Map<String, Integer> ordinals;
    private final int[] keyOrdinals;
    private final int hash;

    /** @throws IllegalArgumentException when a name repeats, or the key is empty, nullable or not among the columns */
    public TableSchema(TableId table, List<Column> columns, List<String> key) {
        this.table = Objects.requireNonNull(table, "table");
        this.columns = List.copyOf(columns);
        this.key = List.copyOf(key);
        this.ordinals = ordinals(table, this.columns);
        if (key.isEmpty()) {
            throw new IllegalArgumentException("table " + table + " has no key");
        }
        this.keyOrdinals = this.key.stream().mapToInt(this::ordinal).toArray();
        this.hash = Objects.hash(table, this.columns, this.key);
        Set<String> distinct = new HashSet<>(this.key);
        if (distinct.size() != this.key.size()) {
            throw new IllegalArgumentException("table " + table + " names a key column twice");
        }
    }

    private static Map<String, Integer> ordinals(TableId table, List<Column> columns) {
        Map<String, Integer> ordinals = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            if (ordinals.put(columns.get(i).name(), i) != null) {
                throw new IllegalArgumentException(
                        "table " + table + " names column \"" + columns.get(i).name() + "\" twice");
            }
        }
        return Map.copyOf(ordinals);
    }

    public TableId table() {
        return table;
    }

    /** In the table's own order. */
    public List<Column> columns() {
        return columns;
    }

    /** Names of the key columns, in key order. */
    public List<String> key() {
        return key;
    }

    /** The place of a column in {@link #columns()}. @throws IllegalArgumentException when there is none of that name */
    public int ordinal(String column) {
        Integer ordinal = ordinals.get(column);
        if (ordinal == null) {
            throw new IllegalArgumentException("table " + table + " has no column \"" + column + "\"");
        }
        return ordinal;
    }

    public Optional<Column> column(String name) {
        return Optional.ofNullable(ordinals.get(name)).map(columns::get);
    }

    /** Whether this is, or was made of, a table without a key of its own; see {@link Keyless}. */
    public boolean keyless() {
        return key.containsAll(Keyless.KEY);
    }

    /** Names of the columns of the table itself that identify a row, in key order; none where it has no key. */
    public List<String> ownKey() {
        return keyless() ? List.of() : key;
    }

    /** The columns that the table itself has, in its order: all but those of {@link Keyless}. */
    public List<Column> content() {
        return keyless()
                ? columns.stream()
                        .filter(column -> !Keyless.KEY.contains(column.name()))
                        .toList()
                : columns;
    }

    /**
     * The part of a source key that decides on its bucket: the key, but for copies of one row what they have in common.
     */
    public RowKey routing(RowKey of) {
        return keyless() ? new RowKey(of.values().subList(0, 1)) : of;
    }

    /** The key columns themselves, in key order. */
    public List<Column> keyColumns() {
        return key.stream().map(name -> columns.get(ordinal(name))).toList();
    }

    /** The key of a row of this table. @throws IllegalArgumentException when a key cell holds no value */
    public RowKey keyOf(Row row) {
        Value[] values = new Value[keyOrdinals.length];
        for (int i = 0; i < values.length; i++) {
            if (!(row.cells().get(keyOrdinals[i]) instanceof Value value)) {
                throw new IllegalArgumentException(
                        "table " + table + ": key column \"" + key.get(i) + "\" has no value");
            }
            values[i] = value;
        }
        return new RowKey(List.of(values));
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof TableSchema that
                && hash == that.hash
                && table.equals(that.table)
                && columns.equals(that.columns)
                && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return table + " (" + columns.size() + " columns)";
    }
}
