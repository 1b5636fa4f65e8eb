package dev.handover.mapping;

import dev.handover.row.TableId;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * From one source table to one target table.
 *
 * @param version counts from 1; a higher version may rewrite what a lower one wrote
 * @param columns the columns that are declared, in their order at the target
 * @param rest what becomes of source columns that are neither declared as a source nor dropped
 * @param dropped source columns that are left behind on purpose
 * @param rule which rows have a target row; empty: all
 * @param key target columns that identify a row: copies of every key column of the source, and constants; empty: the
 *     copies, in the order of the source's key
 * @param raw where raw values are kept that the target row does not give back
 */
public record TableMapping(
        TableId source,
        TableId target,
        int version,
        List<ColumnMapping> columns,
        Rest rest,
        Set<String> dropped,
        Optional<RowRule> rule,
        List<String> key,
        RawPlace raw) {
    public TableMapping {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(rest, "rest");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(raw, "raw");
        columns = List.copyOf(columns);
        dropped = Set.copyOf(dropped);
        key = List.copyOf(key);
        if (version < 1) {
            throw new IllegalArgumentException("mapping versions count from 1, not " + version);
        }
    }

    /** Of every row, with the source's key, and raw values beside the row. */
    public TableMapping(
            TableId source, TableId target, int version, List<ColumnMapping> columns, Rest rest, Set<String> dropped) {
        this(source, target, version, columns, rest, dropped, Optional.empty(), List.of(), RawPlace.INLINE);
    }

    /** Source columns that are dropped, or read by name: those that {@link Rest} is not about. */
    public Set<String> mentioned() {
        Set<String> mentioned = new HashSet<>(dropped);
        for (ColumnMapping column : columns) {
            if (column instanceof ColumnMapping.From from) {
                mentioned.add(from.source());
                from.operations().forEach(operation -> mentioned.addAll(operation.reads()));
            } else if (column instanceof ColumnMapping.Joined joined) {
                mentioned.addAll(joined.sources());
            }
        }
        return mentioned;
    }

    /** What becomes of source columns that nobody mentions. */
    public enum Rest {
        /** They are copied by name. */
        COPY,
        /** They are no columns of the target; their values are kept as raw values, and counted as unread. */
        RAW,
        /** They are left behind on purpose. */
        DROP
    }

    /** Where raw values are kept. */
    public enum RawPlace {
        /** In the target row, in a column of Handover's own. */
        INLINE,
        /** In the object store; the target row names the object. */
        ARCHIVE
    }

    /** A table that nobody declared is copied as it is: there is nothing that a higher version could change. */
    public static TableMapping undeclared(TableId source, Optional<String> targetSchema) {
        return copy(source, TableId.target(targetSchema.orElse(source.schema()), source.name()), 1);
    }

    /** Every column by name. */
    public static TableMapping copy(TableId source, TableId target, int version) {
        return new TableMapping(source, target, version, List.of(), Rest.COPY, Set.of());
    }
}
