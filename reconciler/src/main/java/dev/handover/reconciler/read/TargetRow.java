package dev.handover.reconciler.read;

import dev.handover.change.Outcome;
import dev.handover.digest.Fingerprint;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import java.util.Optional;

/**
 * A row of the target with what Handover wrote beside it.
 *
 * @param row the columns as they are now, or the column that cannot be read as what it should be
 * @param bucket the bucket that is written beside it, -1 where there is none
 * @param mappingVersion of the mapping that made it, 0 where there is none
 */
public record TargetRow(
        RowKey key,
        Outcome<Row> row,
        Optional<SourcePosition> position,
        Optional<Fingerprint> lanes,
        int bucket,
        int mappingVersion) {}
