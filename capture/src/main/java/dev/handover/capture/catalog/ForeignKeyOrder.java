package dev.handover.capture.catalog;

import dev.handover.row.ForeignKey;
import dev.handover.row.TableId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tables in an order in which every table comes after those it refers to, and the groups that refer to each other in a
 * circle, for which there is no such order. A table that refers only to itself is no circle.
 *
 * @param tables all of them; a circle's tables stand together
 * @param cycles each of at least two tables, in order of names
 */
public record ForeignKeyOrder(List<TableId> tables, List<List<TableId>> cycles) {
    public ForeignKeyOrder {
        tables = List.copyOf(tables);
        cycles = cycles.stream().map(List::copyOf).toList();
    }

    /**
     * The order of these tables.
     *
     * @param keys the foreign keys of every table that is to be ordered; references to other tables do not count
     */
    public static ForeignKeyOrder of(Map<TableId, List<ForeignKey>> keys) {
        Map<TableId, Collection<TableId>> parents = new TreeMap<>();
        keys.forEach((table, foreign) -> {
            TreeSet<TableId> referenced = new TreeSet<>();
            foreign.stream()
                    .map(ForeignKey::referenced)
                    .filter(keys::containsKey)
                    .forEach(referenced::add);
            parents.put(table, referenced);
        });
        Search search = new Search(parents);
        parents.keySet().forEach(search::visit);
        return new ForeignKeyOrder(search.order, search.cycles);
    }

    /** Tarjan's search for strongly connected tables; it finishes a table after everything it refers to. */
    private static final class Search {
        private final Map<TableId, Collection<TableId>> parents;
        private final Map<TableId, Integer> number = new HashMap<>();
        private final Map<TableId, Integer> lowest = new HashMap<>();
        private final Deque<TableId> open = new ArrayDeque<>();
        private final List<TableId> order = new ArrayList<>();
        private final List<List<TableId>> cycles = new ArrayList<>();

        Search(Map<TableId, Collection<TableId>> parents) {
            this.parents = parents;
        }

        int visit(TableId table) {
            Integer seen = number.get(table);
            if (seen != null) {
                return open.contains(table) ? seen : Integer.MAX_VALUE;
            }
            int own = number.size();
            number.put(table, own);
            lowest.put(table, own);
            open.push(table);
            for (TableId parent : parents.getOrDefault(table, List.of())) {
                lowest.merge(table, visit(parent), Math::min);
            }
            int low = lowest.getOrDefault(table, own);
            if (low == own) {
                close(table);
            }
            return low;
        }

        private void close(TableId root) {
            TreeSet<TableId> group = new TreeSet<>();
            TableId last;
            do {
                last = open.pop();
                group.add(last);
            } while (!last.equals(root));
            order.addAll(group);
            if (group.size() > 1) {
                cycles.add(List.copyOf(group));
            }
        }
    }
}
