package dev.handover.mapping;

import dev.handover.row.Row;
import java.util.Map;

/**
 * A target row and what the source said.
 *
 * @param raw by source column, the canonical text of every value that was not merely copied
 */
public record MappedRow(Row row, Map<String, String> raw) {
    public MappedRow {
        raw = Map.copyOf(raw);
    }
}
