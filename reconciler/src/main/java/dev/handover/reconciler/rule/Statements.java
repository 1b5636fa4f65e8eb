package dev.handover.reconciler.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Statements that PostgreSQL and MariaDB both understand. */
final class Statements {
    private Statements() {}

    /** A condition of a person, on a line of its own so that a comment in it ends there. */
    static String where(Optional<String> condition) {
        return condition.map(text -> " WHERE (" + text + "\n)").orElse("");
    }

    /** Rows whose reference is complete and leads nowhere. */
    static String orphans(Rule.Orphans.Reference reference, Rule.Names names) {
        List<String> complete = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < reference.columns().size(); i++) {
            String column = "c." + names.column(reference.columns().get(i));
            complete.add(column + " IS NOT NULL");
            equal.add("p." + names.column(reference.parentColumns().get(i)) + " = " + column);
        }
        return "SELECT count(*) FROM (SELECT * FROM " + names.table(reference.child())
                + where(reference.where()) + ") AS c WHERE " + String.join(" AND ", complete)
                + " AND NOT EXISTS (SELECT 1 FROM " + names.table(reference.parent()) + " AS p WHERE "
                + String.join(" AND ", equal) + ")";
    }
}
