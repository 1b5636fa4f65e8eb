package dev.handover.deploy.config;

import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the catalogs of sources say of the tables that a pipeline captures: what its mappings are checked against.
 *
 * @param sources the sources that were asked, by name; of others nothing is known
 * @param tables that can be taken
 * @param refused tables that cannot be taken, and why
 */
public record SourceSchemas(
        SortedSet<String> sources, SortedMap<TableId, TableSchema> tables, SortedMap<TableId, String> refused) {
    /** Copies. */
    public SourceSchemas {
        sources = Collections.unmodifiableSortedSet(new TreeSet<>(sources));
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
        refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    }

    /** Of collections in any order. */
    public static SourceSchemas of(
            Set<String> sources, Map<TableId, TableSchema> tables, Map<TableId, String> refused) {
        return new SourceSchemas(new TreeSet<>(sources), new TreeMap<>(tables), new TreeMap<>(refused));
    }
}
