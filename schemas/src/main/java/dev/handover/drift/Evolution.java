package dev.handover.drift;

import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The schema that a table's changes are written under while the source's own comes and goes. It only grows: a column
 * that was ever there stays, as wide as it ever was, so that readers of older records and the target can follow.
 */
public final class Evolution {
    /** The longest name that PostgreSQL keeps, in bytes. */
    private static final int NAME_BYTES_MAX = 63;

    private final DriftPolicy policy;
    private final TableSchema held;
    private final TableSchema known;

    /**
     * @param held the schema that changes were written under so far
     * @param known the source's own schema as it was last followed
     */
    public Evolution(DriftPolicy policy, TableSchema held, TableSchema known) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.held = Objects.requireNonNull(held, "held");
        this.known = Objects.requireNonNull(known, "known");
    }

    /** What to do about a schema. */
    public sealed interface Decision {
        /** In what it differs from what was known. */
        List<Difference> differences();
    }

    /**
     * Its rows go on.
     *
     * @param held the schema that they are written under
     * @param names by column of the source, its column in that schema
     */
    public record Followed(TableSchema held, Map<String, String> names, List<Difference> differences)
            implements Decision {
        public Followed {
            Objects.requireNonNull(held, "held");
            names = Map.copyOf(names);
            differences = List.copyOf(differences);
        }
    }

    /**
     * Its rows cannot go on.
     *
     * @param why for people, without a value
     */
    public record Parked(String why, List<Difference> differences) implements Decision {
        public Parked {
            Objects.requireNonNull(why, "why");
            differences = List.copyOf(differences);
        }
    }

    /**
     * Decides about the schema that the source shows now. A table without a key stops under every policy: its rows are
     * known by all of their columns.
     */
    public Decision decide(TableSchema shown) {
        List<Difference> differences = Difference.between(known, shown);
        if (policy == DriftPolicy.STOP || held.keyless()) {
            List<Difference> unexpected =
                    differences.stream().filter(Evolution::matters).toList();
            if (!unexpected.isEmpty()) {
                return new Parked(Difference.text(unexpected), differences);
            }
        }
        if (!shown.key().equals(held.key())) {
            return new Parked(new Difference.Rekeyed(held.key(), shown.key()).text(), differences);
        }
        Map<String, Column> grown = new LinkedHashMap<>();
        held.columns().forEach(column -> grown.put(column.name(), column));
        Map<String, String> names = new LinkedHashMap<>();
        for (Column column : shown.columns()) {
            Optional<String> name = place(column, shown, grown);
            if (name.isEmpty()) {
                ColumnType before = grown.getOrDefault(column.name(), column).type();
                return new Parked(new Difference.Retyped(column.name(), before, column.type()).text(), differences);
            }
            names.put(column.name(), name.get());
        }
        List<Column> columns = new ArrayList<>();
        for (Column column : grown.values()) {
            boolean there = names.containsValue(column.name());
            columns.add(there ? column : new Column(column.name(), column.type(), true));
        }
        return new Followed(new TableSchema(held.table(), columns, held.key()), names, differences);
    }

    /** Fewer nulls than before change nothing for whoever took more. */
    private static boolean matters(Difference difference) {
        return !(difference instanceof Difference.Nullability change) || change.nullable();
    }

    /** Makes room for a column of the source; answers with the name that it goes on under, if there is any. */
    private Optional<String> place(Column column, TableSchema shown, Map<String, Column> grown) {
        if (fits(column.name(), column, grown)) {
            return Optional.of(column.name());
        }
        String other = alias(column);
        boolean usable = policy == DriftPolicy.LENIENT
                && !held.key().contains(column.name())
                && shown.column(other).isEmpty()
                && other.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX
                && fits(other, column, grown);
        return usable ? Optional.of(other) : Optional.empty();
    }

    private boolean fits(String name, Column column, Map<String, Column> grown) {
        Column there = grown.get(name);
        if (there == null) {
            // rows from before it hold nothing
            grown.put(name, new Column(name, column.type(), true));
            return true;
        }
        TypeFit fit = TypeFit.of(there.type(), column.type());
        if (fit == TypeFit.OTHER || held.key().contains(name) && fit != TypeFit.SAME && !keepsKeys(column.type())) {
            return false;
        }
        ColumnType type = fit == TypeFit.WIDER ? column.type() : there.type();
        boolean nullable = !held.key().contains(name) && (there.nullable() || column.nullable());
        grown.put(name, new Column(name, type, nullable));
        return true;
    }

    /** Whether a key's partition and bucket are the same under a wider type. */
    private static boolean keepsKeys(ColumnType now) {
        return switch (now.kind()) {
            case INT16, INT32, INT64, TEXT -> true;
            default -> false;
        };
    }

    /** The column that a type change goes on in: {@code weight__text}, {@code weight__decimal_10_2}. */
    static String alias(Column column) {
        ColumnType type = column.type();
        String kind = type.kind() == Kind.NATIVE
                ? type.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_")
                : type.kind().name().toLowerCase(Locale.ROOT);
        return column.name() + "__" + kind
                + (type.length() < 0 ? "" : "_" + type.length())
                + (type.kind() == Kind.DECIMAL && type.length() >= 0 ? "_" + type.scale() : "");
    }
}
