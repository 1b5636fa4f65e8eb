package dev.handover.transform.topology;

import dev.handover.change.CanonicalChange;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Provenance;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceChunk;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.ChunkAccounts;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.TableMapping;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.Value;
import dev.handover.transform.decide.Binding;
import dev.handover.transform.state.Image;
import dev.handover.transform.state.RowStateCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chunk of a load of {@link Notes} past the log, as capture makes it: rows that are at the target before the log is
 * told of them. Notes that are long are out of line.
 *
 * @param told by partition
 * @param aside rows that the mapping refuses: they go through the log
 */
record Chunk(List<CanonicalChange.Upsert> rows, Map<Integer, SourceChunk> told, List<SourceChange.Upsert> aside) {
    private static final int IN_LINE_MAX = 24;

    static Chunk of(int number, TableMapping mapping, SourcePosition position, List<SourceChange.Upsert> changes) {
        return of(number, mapping, position, 1, changes);
    }

    static Chunk of(
            int number,
            TableMapping mapping,
            SourcePosition position,
            int partitions,
            List<SourceChange.Upsert> changes) {
        Binding.Bound bound = Binding.of(mapping, Notes.SCHEMA, Lab.FINGERPRINTS)
                .bound()
                .fold(fits -> fits, rejection -> {
                    throw new AssertionError(rejection.toString());
                });
        ChunkAccounts.Gathering accounts = new ChunkAccounts.Gathering();
        List<CanonicalChange.Upsert> rows = new ArrayList<>();
        List<SourceChange.Upsert> aside = new ArrayList<>();
        for (SourceChange.Upsert change : changes) {
            Optional<MappedRow> mapped = bound.mapper()
                    .map(change.after())
                    .fold(made -> made.fold(Optional::of, filtered -> Optional.empty()), why -> Optional.empty());
            if (mapped.isEmpty()) {
                aside.add(change);
                continue;
            }
            Row row = mapped.get().row();
            Bucket bucket = Bucket.of(change.key());
            Fingerprint fingerprint = bound.fingerprint(row);
            accounts.add(bucket, row.key(), fingerprint, image(change.after()));
            rows.add(new CanonicalChange.Upsert(
                    row.key(),
                    position,
                    new Provenance(
                            Notes.SOURCE,
                            Notes.lineage(),
                            new LogCoordinates(Notes.TOPICS.source(Notes.SOURCE), 0, number),
                            mapping.version()),
                    new BucketState(bucket, 0, Digest.EMPTY),
                    row,
                    fingerprint,
                    mapped.get().raw(),
                    mapped.get().findings()));
        }
        Map<Integer, SourceChunk> told = new java.util.HashMap<>();
        accounts.byPartition(mapping.target(), mapping.version(), number, partitions)
                .forEach((partition, of) -> told.put(partition, new SourceChunk(Notes.SCHEMA, position, Lab.NOW, of)));
        return new Chunk(rows, told, aside);
    }

    private static byte[] image(Row row) {
        return row.cell("note") instanceof Value.Text note && note.value().length() > IN_LINE_MAX
                ? RowStateCodec.encode(Image.kept(row, List.of("note")))
                : new byte[0];
    }

    /** What the only partition is told. */
    SourceChunk told(int partition) {
        return Optional.ofNullable(told.get(partition)).orElseThrow();
    }
}
