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

    /**
     * The newest change of a row that the target has seen.
     *
     * @param mappingVersion of the mapping by which it came
     */
    record Seen(SourcePosition position, int mappingVersion) {
        /** Whether a change that comes by this version of the mapping would be refused for it: the target's guard. */
        boolean covers(SourcePosition change, int version) {
            int order = position.compareTo(change);
            return order > 0 || order == 0 && mappingVersion >= version;
        }

        private Seen orLater(Seen other) {
            return covers(other.position, other.mappingVersion) ? this : other;
        }
    }

    /** What the target has seen of each row; rows that it never saw are absent. */
    Map<RowKey, Seen> of(Mapper mapper, List<RowKey> keys) {
        Map<RowKey, Seen> found = new HashMap<>();
        if (target.columns(mapper.target().table()).isEmpty()) {
            return found;
        }
        SourceId source = new SourceId(mapper.mapping().source().database());
        try (TargetSnapshot snapshot = target.open()) {
            for (int from = 0; from < keys.size(); from += KEYS_PER_READ) {
                List<RowKey> some = keys.subList(from, Math.min(keys.size(), from + KEYS_PER_READ));
                snapshot.rows(mapper.target(), source, some, row -> keep(found, row));
                snapshot.deletions(mapper.target().table(), source, some)
                        .forEach((key, deletion) -> found.merge(
                                key, new Seen(deletion.position(), deletion.mappingVersion()), Seen::orLater));
            }
        }
        return found;
    }

    private static void keep(Map<RowKey, Seen> found, TargetRow row) {
        row.position()
                .ifPresent(position -> found.merge(row.key(), new Seen(position, row.mappingVersion()), Seen::orLater));
    }
}
