package dev.handover.reconciler.read;

import dev.handover.reconciler.rule.Rule;
import java.util.function.Function;

/** What a database made of a statement of a rule. */
public sealed interface Answer {
    /** Rows that a statement may answer with. */
    int ROWS_MAX = 1_000;

    /** One function for each alternative. */
    <R> R fold(Function<? super Rule.Table, ? extends R> table, Function<? super String, ? extends R> refused);

    /** It answered. */
    record Answered(Rule.Table table) implements Answer {
        @Override
        public <R> R fold(
                Function<? super Rule.Table, ? extends R> rows, Function<? super String, ? extends R> refused) {
            return rows.apply(table);
        }
    }

    /** It did not, for a reason without values. */
    record Refused(String why) implements Answer {
        @Override
        public <R> R fold(
                Function<? super Rule.Table, ? extends R> rows, Function<? super String, ? extends R> refused) {
            return refused.apply(why);
        }
    }
}
