package dev.handover.reconciler.tap;

import dev.handover.row.Cell;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A message of PostgreSQL's {@code pgoutput}, version 1 of its protocol, as far as the tap looks at it. */
sealed interface LogMessage {
    /** A transaction begins. */
    record Begin(long transaction) implements LogMessage {}

    /** The transaction that began is committed; {@code end} is the place just after it in the log. */
    record Commit(long end, Instant at) implements LogMessage {}

    /** How rows of a table are told from now on. */
    record Relation(int id, String schema, String table, Identity identity, List<LoggedColumn> columns)
            implements LogMessage {
        public Relation {
            columns = List.copyOf(columns);
        }
    }

    /** A row is there. The cells are in the order of the columns: texts, null, or unchanged. */
    record Insert(int relation, List<Cell> after) implements LogMessage {
        public Insert {
            after = List.copyOf(after);
        }
    }

    /** A row is another. */
    record Update(int relation, Optional<Old> before, List<Cell> after) implements LogMessage {
        public Update {
            after = List.copyOf(after);
        }
    }

    /** A row is gone. */
    record Delete(int relation, Old before) implements LogMessage {}

    /** Tables are empty now; no row is named. */
    record Truncate(List<Integer> relations) implements LogMessage {
        public Truncate {
            relations = List.copyOf(relations);
        }
    }

    /** Anything that says nothing about a row: the name of a type, an origin, a message of an application. */
    record Other() implements LogMessage {}

    /** What was there before: of a key alone the other cells are null. */
    record Old(boolean whole, List<Cell> cells) {
        public Old {
            cells = List.copyOf(cells);
        }
    }

    /** What the log repeats of a row that is changed or gone. */
    enum Identity {
        /** Nothing, or the key. */
        KEY,
        /** The whole row. */
        FULL
    }

    /** A column; {@code ofKey} when it is part of what the log repeats. */
    record LoggedColumn(String name, boolean ofKey, int type, int modifier) {}
}
