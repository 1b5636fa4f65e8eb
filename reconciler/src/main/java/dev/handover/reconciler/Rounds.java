package dev.handover.reconciler;

import dev.handover.position.SourcePosition;
import dev.handover.reconciler.compare.DifferingColumns;
import dev.handover.reconciler.judge.Judge;
import dev.handover.reconciler.judge.Judgement;
import dev.handover.reconciler.judge.SourceState;
import dev.handover.reconciler.judge.Stamp;
import dev.handover.reconciler.judge.TargetState;
import dev.handover.reconciler.read.SourceDatabase;
import dev.handover.reconciler.read.SourceSnapshot;
import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.reconciler.read.TargetRow;
import dev.handover.reconciler.read.TargetSnapshot;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the candidates again until each is decided, or the time for waiting is used up. A round is what
 * {@link Judge} asks for: the target, then a snapshot of the source, then the target again and again until everything
 * of the snapshot is applied. A key that the target moved on from waits for the next round and its newer snapshot.
 */
final class Rounds {
    private final ReconcilerConfig config;
    private final TargetDatabase target;
    private final Budget budget;

    Rounds(ReconcilerConfig config, TargetDatabase target, Budget budget) {
        this.config = config;
        this.target = target;
        this.budget = budget;
    }

    /** Decides what can be decided of the candidates of one source's tables. */
    void judge(SourceDatabase source, List<TableWork> tables) {
        do {
            List<TableWork> open = tables.stream()
                    .filter(table -> !table.candidates().isEmpty())
                    .toList();
            if (open.isEmpty()) {
                return;
            }
            round(source, open);
        } while (budget.pause());
        tables.forEach(Rounds::leaveTampered);
    }

    private void round(SourceDatabase source, List<TableWork> tables) {
        var boundaries = target.boundaries(source.id());
        for (TableWork table : tables) {
            before(table);
        }
        try (SourceSnapshot snapshot = source.open(boundaries)) {
            for (TableWork table : tables) {
                // rows without a key cannot be looked up: the table is read once for all of them
                Optional<Map<RowKey, Expected>> scanned = table.sourceSchema().keyless()
                        ? Optional.of(
                                expected(table, List.copyOf(table.candidates().values()), snapshot))
                        : Optional.empty();
                for (List<Candidate> chunk : chunks(table)) {
                    Map<RowKey, Expected> expected = scanned.orElseGet(() -> expected(table, chunk, snapshot));
                    judge(table, chunk, expected, snapshot.stamp(table.sourceSchema()));
                }
            }
        }
    }

    private void before(TableWork table) {
        try (TargetSnapshot snapshot = target.open()) {
            Partitions applied = Partitions.of(snapshot.applied(table.topic(), table.source()), config.partitions());
            for (List<Candidate> chunk : chunks(table)) {
                Map<RowKey, Seen> states = states(table, chunk, snapshot);
                chunk.forEach(candidate -> candidate.before(
                        Seen.of(states, candidate).state(),
                        applied.of(table.bucket(candidate.key())).isPresent()));
            }
        }
    }

    private List<List<Candidate>> chunks(TableWork table) {
        List<Candidate> all = List.copyOf(table.candidates().values());
        List<List<Candidate>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += config.keysPerRead()) {
            chunks.add(all.subList(from, Math.min(all.size(), from + config.keysPerRead())));
        }
        return chunks;
    }

    private void judge(TableWork table, List<Candidate> chunk, Map<RowKey, Expected> expected, Stamp stamp) {
        table.at(stamp);
        List<Candidate> open = chunk;
        do {
            open = look(table, open, expected, stamp);
        } while (open.stream().anyMatch(candidate -> candidate.last() == Judgement.BEHIND) && budget.pause());
        for (Candidate candidate : open) {
            Expected.of(expected, candidate)
                    .state()
                    .fold(
                            () -> false,
                            present -> {
                                candidate.seen(present.row().lane1());
                                return true;
                            },
                            () -> false);
        }
    }

    /** Looks at the target once; answers with those that are not decided. */
    private List<Candidate> look(TableWork table, List<Candidate> chunk, Map<RowKey, Expected> expected, Stamp stamp) {
        List<Candidate> open = new ArrayList<>();
        try (TargetSnapshot snapshot = target.open()) {
            Partitions applied = Partitions.of(snapshot.applied(table.topic(), table.source()), config.partitions());
            table.appliedTo(applied.least());
            Map<RowKey, Seen> states = states(table, chunk, snapshot);
            for (Candidate candidate : chunk) {
                Expected wanted = Expected.of(expected, candidate);
                Seen seen = Seen.of(states, candidate);
                Judgement judgement = Judge.judge(
                        wanted.state(),
                        stamp,
                        candidate.before(),
                        seen.state(),
                        candidate.loaded() ? applied.of(table.bucket(candidate.key())) : Optional.empty());
                candidate.last(judgement);
                if (judgement.decided()) {
                    table.countProved(judgement, wanted.row(), seen.row());
                    table.decide(candidate, judgement, seen.state(), columns(wanted, seen), wanted.row(), seen.row());
                } else {
                    open.add(candidate);
                }
            }
        }
        return open;
    }

    private static List<String> columns(Expected wanted, Seen seen) {
        if (wanted.row().isEmpty()) {
            return List.of();
        }
        Row expected = wanted.row().get();
        return seen.row()
                .map(row -> row.row()
                        .fold(found -> DifferingColumns.of(expected, found), rejection -> List.of(rejection.where())))
                .orElse(List.of());
    }

    private static Map<RowKey, Expected> expected(TableWork table, List<Candidate> chunk, SourceSnapshot snapshot) {
        Map<RowKey, Expected> expected = new HashMap<>();
        snapshot.rows(
                table.sourceSchema(), keys(chunk).stream().map(table::sourceKey).toList(), (key, row) -> table.mapped(
                                row)
                        .fold(
                                mapped -> mapped.map(made -> new Expected(
                                        new SourceState.Present(table.fingerprint(made)), Optional.of(made))),
                                rejection -> Optional.of(new Expected(new SourceState.Parked(), Optional.empty())))
                        .ifPresent(found -> expected.put(table.targetKey(key), found)));
        return expected;
    }

    private static Map<RowKey, Seen> states(TableWork table, List<Candidate> chunk, TargetSnapshot snapshot) {
        Map<RowKey, Seen> states = new HashMap<>();
        Map<RowKey, SourcePosition> tombstones =
                snapshot.tombstones(table.targetSchema().table(), table.source(), keys(chunk));
        tombstones.forEach((key, position) ->
                states.put(key, new Seen(new TargetState.Absent(Optional.of(position)), Optional.empty())));
        snapshot.rows(
                table.targetSchema(),
                table.source(),
                keys(chunk),
                row -> states.put(row.key(), new Seen(table.state(row), Optional.of(row))));
        return states;
    }

    private static List<RowKey> keys(List<Candidate> chunk) {
        return chunk.stream().map(Candidate::key).toList();
    }

    /** Columns that are not what was written are proved by the target's own snapshot, whatever is in flight. */
    private static void leaveTampered(TableWork table) {
        for (Candidate candidate : List.copyOf(table.candidates().values())) {
            boolean tampered =
                    candidate.before().fold(absent -> false, row -> row.lanes().isPresent() && row.tampered());
            if (tampered) {
                table.candidates().remove(candidate.key());
                table.diverged(candidate, Divergence.Kind.DIFFERENT, candidate.before());
            }
        }
    }

    /** What the source says of a key. */
    private record Expected(SourceState state, Optional<Row> row) {
        static Expected of(Map<RowKey, Expected> expected, Candidate candidate) {
            Expected known = expected.get(candidate.key());
            return known == null ? new Expected(new SourceState.Absent(), Optional.empty()) : known;
        }
    }

    /** What the target says of a key. */
    private record Seen(TargetState state, Optional<TargetRow> row) {
        static Seen of(Map<RowKey, Seen> states, Candidate candidate) {
            Seen known = states.get(candidate.key());
            return known == null ? new Seen(new TargetState.Absent(Optional.empty()), Optional.empty()) : known;
        }
    }
}
