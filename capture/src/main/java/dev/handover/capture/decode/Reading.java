package dev.handover.capture.decode;

import dev.handover.row.Column;
import dev.handover.row.TableSchema;
import java.util.Map;
import java.util.Objects;

/** How the rows that the log shows of a table are read. */
public sealed interface Reading {
    /**
     * They go on.
     *
     * @param schema that they are written under
     * @param fields by column of that schema, the source's own column; a column without one holds null
     */
    record Followed(TableSchema schema, Map<String, Column> fields) implements Reading {
        public Followed {
            Objects.requireNonNull(schema, "schema");
            fields = Map.copyOf(fields);
        }
    }

    /**
     * They are parked.
     *
     * @param why for people, without a value
     */
    record Parked(String why) implements Reading {
        public Parked {
            Objects.requireNonNull(why, "why");
        }
    }
}
