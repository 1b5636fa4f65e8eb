package dev.handover.sink.postgres;

import dev.handover.control.Bookkeeping;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Column;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Names as PostgreSQL takes them: quoted, and within its limits. Pure. */
final class Identifiers {
    /** Most bytes of a name; a longer one would be cut off silently. */
    static final int BYTES_MAX = 63;

    /** Most columns of a table. */
    static final int COLUMNS_MAX = 1600;

    /** Columns that Handover adds. */
    static final List<String> BOOKKEEPING = bookkeeping();

    private static final Set<String> SYSTEM_COLUMNS = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    private Identifiers() {}

    private static List<String> bookkeeping() {
        List<String> names = new ArrayList<>(List.of(Bookkeeping.POSITION, Bookkeeping.MAPPING, Bookkeeping.BUCKET));
        names.addAll(Bookkeeping.LANES);
        names.add(Bookkeeping.RAW);
        return List.copyOf(names);
    }

    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    static String quoted(TableId table) {
        return quoted(table.schema()) + "." + quoted(table.name());
    }

    /** {@code "a", "b"}. */
    static String quoted(Collection<String> names) {
        return names.stream().map(Identifiers::quoted).collect(Collectors.joining(", "));
    }

    /** {@code s."a", s."b"}. */
    static String quoted(String alias, Collection<String> names) {
        return names.stream().map(name -> alias + "." + quoted(name)).collect(Collectors.joining(", "));
    }

    /** A name of at most 63 bytes: cut where it is longer, and then told apart by a hash of the whole. */
    static String shortened(String name) {
        if (bytes(name) <= BYTES_MAX) {
            return name;
        }
        String hash = Integer.toHexString(name.hashCode());
        StringBuilder cut = new StringBuilder();
        int[] points = name.codePoints().toArray();
        for (int point : points) {
            String next = Character.toString(point);
            if (bytes(cut.toString()) + bytes(next) + 1 + hash.length() > BYTES_MAX) {
                break;
            }
            cut.append(next);
        }
        return cut + "_" + hash;
    }

    /**
     * @throws Fault {@code identifier-refused} when PostgreSQL cannot hold a table of this shape, naming what is wrong
     */
    static void check(TableSchema schema) {
        TableId table = schema.table();
        List<String> wrong = new ArrayList<>();
        checkLength("schema", table.schema(), wrong);
        checkLength("table", table.name(), wrong);
        if (schema.columns().size() + BOOKKEEPING.size() > COLUMNS_MAX) {
            wrong.add("it has " + schema.columns().size() + " columns; with Handover's " + BOOKKEEPING.size()
                    + " a PostgreSQL table has at most " + COLUMNS_MAX);
        }
        for (Column column : schema.columns()) {
            checkLength("column", column.name(), wrong);
            boolean added = schema.keyless() && schema.key().contains(column.name());
            if (column.name().startsWith(Bookkeeping.PREFIX) && !added) {
                wrong.add("column \"" + column.name() + "\" has the prefix of Handover's own columns");
            }
            if (SYSTEM_COLUMNS.contains(column.name())) {
                wrong.add("column \"" + column.name() + "\" has the name of a system column of PostgreSQL");
            }
        }
        if (!wrong.isEmpty()) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "identifier-refused",
                    "table " + table.shortText() + " cannot be made: " + String.join("; ", wrong),
                    "Give these another name in the table's mapping, or drop them there.");
        }
    }

    private static void checkLength(String what, String name, List<String> wrong) {
        if (bytes(name) > BYTES_MAX) {
            wrong.add(what + " \"" + name + "\" is longer than " + BYTES_MAX + " bytes");
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
