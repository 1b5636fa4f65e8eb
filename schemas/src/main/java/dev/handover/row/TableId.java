package dev.handover.row;

import java.util.Objects;

/**
 * Names a table. At a source, {@code database} is the name of the source in the pipeline and {@code schema} the
 * PostgreSQL schema or the MariaDB database; at a target, {@code database} is {@link #TARGET}.
 */
public record TableId(String database, String schema, String name) implements Comparable<TableId> {
    /** The database part of every target table. */
    public static final String TARGET = "target";

    public TableId {
        requireText(database, "database");
        requireText(schema, "schema");
        requireText(name, "name");
    }

    /** A table of the target database. */
    public static TableId target(String schema, String name) {
        return new TableId(TARGET, schema, name);
    }

    /** Parses {@code database.schema.name}; the name may itself contain dots. */
    public static TableId parse(String text) {
        String[] parts = text.split("\\.", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("table \"" + text + "\" is not of the form database.schema.name");
        }
        return new TableId(parts[0], parts[1], parts[2]);
    }

    /** {@code database.schema.name}, as in the pipeline file. */
    public String text() {
        return database + "." + schema + "." + name;
    }

    /** {@code schema.name}, as people write a target table. */
    public String shortText() {
        return schema + "." + name;
    }

    @Override
    public int compareTo(TableId other) {
        return text().compareTo(other.text());
    }

    @Override
    public String toString() {
        return text();
    }

    private static void requireText(String part, String what) {
        if (Objects.requireNonNull(part, what).isEmpty()) {
            throw new IllegalArgumentException("a table's " + what + " is not empty");
        }
    }
}
