package dev.handover.deploy.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the tables of a file demand of one another. One source table may become several target tables. Several source
 * tables may become one target table where no two of their rows can have one key: all of one source, each with a
 * {@code targetKey} of the same columns, and in every two of them a constant that differs.
 */
final class TableChecks {
    private final Binder binder;
    private final List<Place> places = new ArrayList<>();

    /** A table of the file, with what could be made of it. */
    private record Place(String path, Optional<String> from, Optional<String> to, Optional<TableConfig> table) {}

    TableChecks(Binder binder) {
        this.binder = binder;
        for (int i = 0; binder.stands("tables[" + i + "]"); i++) {
            String path = "tables[" + i + "]";
            places.add(new Place(
                    path,
                    text(path + ".from"),
                    text(path + ".to"),
                    binder.values().get(path) instanceof TableConfig table ? Optional.of(table) : Optional.empty()));
        }
    }

    private Optional<String> text(String path) {
        return binder.values().get(path) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    void run() {
        Map<String, Place> bySource = new HashMap<>();
        Map<String, List<Place>> byTarget = new HashMap<>();
        for (Place place : places) {
            place.from().ifPresent(from -> {
                Place first = bySource.putIfAbsent(from, place);
                if (first != null) {
                    sameKey(first, place);
                }
            });
            place.to().ifPresent(to -> {
                List<Place> others = byTarget.computeIfAbsent(to, ignored -> new ArrayList<>());
                if (others.stream().allMatch(other -> together(other, place))) {
                    others.add(place);
                }
            });
        }
    }

    /** The key is the source table's, and is read once. */
    private void sameKey(Place first, Place place) {
        if (first.table().isPresent() && place.table().isPresent()) {
            if (!first.table().get().key().equals(place.table().get().key())) {
                binder.refuse(
                        "value",
                        place.path() + ".key",
                        "another key of the same source table than in " + first.path(),
                        "declare the same columns in both");
            }
        }
    }

    private boolean together(Place first, Place place) {
        if (first.from().equals(place.from())) {
            return refused(place, "to", "the same source and target table as " + first.path(), "keep one of them");
        }
        if (first.from().isEmpty() || place.from().isEmpty()) {
            return false;
        }
        if (!source(first).equals(source(place))) {
            return refused(
                    place,
                    "to",
                    "the same target table as " + first.path() + ", from another source",
                    "name another target: positions of two sources have no order");
        }
        return first.table().isEmpty()
                || place.table().isEmpty()
                || apart(first, first.table().get(), place, place.table().get());
    }

    private static String source(Place place) {
        String from = place.from().orElseThrow();
        return from.substring(0, from.indexOf('.'));
    }

    private boolean apart(Place first, TableConfig one, Place place, TableConfig other) {
        if (other.targetKey().isEmpty() || one.targetKey().isEmpty()) {
            return refused(
                    other.targetKey().isEmpty() ? place : first,
                    other.targetKey().isEmpty() ? "to" : "from",
                    "the same target table as " + (other.targetKey().isEmpty() ? first : place).path()
                            + ", and no targetKey",
                    "give both a targetKey with a constant that tells their rows apart, or name another target");
        }
        if (!one.targetKey().equals(other.targetKey())) {
            return refused(
                    place,
                    "targetKey",
                    "the same target table as " + first.path() + " with another key",
                    "declare the same columns, in the same order");
        }
        Set<String> differing = new HashSet<>();
        for (String name : one.targetKey()) {
            Optional<String> constant = constant(one, name);
            Optional<String> theirs = constant(other, name);
            if (constant.isPresent() && theirs.isPresent() && !constant.equals(theirs)) {
                differing.add(name);
            }
        }
        return !differing.isEmpty()
                || refused(
                        place,
                        "targetKey",
                        "no constant tells the rows of this table and of " + first.path() + " apart",
                        "add a column with another constant in each, and name it in both keys");
    }

    private static Optional<String> constant(TableConfig table, String column) {
        return Optional.ofNullable(table.columns().get(column)).flatMap(TableConfig.Column::constant);
    }

    private boolean refused(Place place, String key, String message, String hint) {
        binder.refuse("duplicate-name", place.path() + "." + key, message, hint);
        return false;
    }
}
