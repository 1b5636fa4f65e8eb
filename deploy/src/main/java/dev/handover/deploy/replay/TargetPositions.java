package dev.handover.deploy.replay;

import dev.handover.mapping.Mapper;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.reconciler.read.TargetRow;
import dev.handover.reconciler.read.TargetSnapshot;
import dev.handover.row.RowKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far single rows of the target are, deleted ones among them. */
final class TargetPositions {
    private static final int KEYS_PER_READ = 200;

    private final TargetDatabase target;

    TargetPositions(TargetDatabase target) {
        this.target = target;
    }

    /** The newest change of each row that the target has seen; rows that it never saw are absent. */
    Map<RowKey, SourcePosition> of(Mapper mapper, List<RowKey> keys) {
        Map<RowKey, SourcePosition> found = new HashMap<>();
        if (target.columns(mapper.target().table()).isEmpty()) {
            return found;
        }
        SourceId source = new SourceId(mapper.mapping().source().database());
        try (TargetSnapshot snapshot = target.open()) {
            for (int from = 0; from < keys.size(); from += KEYS_PER_READ) {
                List<RowKey> some = keys.subList(from, Math.min(keys.size(), from + KEYS_PER_READ));
                snapshot.rows(mapper.target(), source, some, row -> keep(found, row));
                snapshot.tombstones(mapper.target().table(), source, some)
                        .forEach((key, position) -> found.merge(key, position, TargetPositions::later));
            }
        }
        return found;
    }

    private static void keep(Map<RowKey, SourcePosition> found, TargetRow row) {
        row.position().ifPresent(position -> found.merge(row.key(), position, TargetPositions::later));
    }

    private static SourcePosition later(SourcePosition one, SourcePosition other) {
        return other.isAfter(one) ? other : one;
    }
}
