package dev.handover.change;

import dev.handover.row.TableId;
import java.util.Objects;

/**
 * Where a canonical change came from: the source table and its lineage, its record in the change log, and the version
 * of the mapping that made it.
 */
public record Provenance(TableId source, Lineage lineage, LogCoordinates log, int mappingVersion) {
    public Provenance {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(lineage, "lineage");
        Objects.requireNonNull(log, "log");
        if (mappingVersion < 1) {
            throw new IllegalArgumentException("mapping versions count from 1, not " + mappingVersion);
        }
    }
}
