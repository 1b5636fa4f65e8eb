package dev.handover.deploy.pipeline;

import dev.handover.capture.BulkLoad;
import dev.handover.change.CanonicalChange;
import dev.handover.change.Lineage;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Origin;
import dev.handover.change.Outcome;
import dev.handover.change.Provenance;
import dev.handover.change.SourceChange;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.ChunkAccounts;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.digest.FingerprintKey;
import dev.handover.fault.Fault;
import dev.handover.fault.Retry;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.TableMapping;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.sink.FindingWatch;
import dev.handover.sink.archive.ArchiveConfig;
import dev.handover.sink.archive.ChunkArchive;
import dev.handover.sink.archive.ObjectStore;
import dev.handover.sink.archive.S3ObjectStore;
import dev.handover.sink.postgres.ChunkWriter;
import dev.handover.transform.decide.Binding;
import dev.handover.transform.decide.Binding.Bound;
import dev.handover.transform.state.Image;
import dev.handover.transform.state.RowStateCodec;
import dev.handover.wire.LoadObject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a load past the log: rows are mapped and fingerprinted as the transform does it, by the same code, and
 * written to the target as the sink would have written them.
 *
 * <p>For tables that one mapping makes one target table of, alone, with raw values beside their rows. Whatever is not
 * so simple goes through the log.
 */
final class TargetLoad implements BulkLoad {
    private static final Logger LOG = LoggerFactory.getLogger(TargetLoad.class);
    private static final int ASIDE_MAX = 10_000;

    /** Of a record of accounts; a change log takes records of 16 MiB. Values that are out of line make them large. */
    private static final long ACCOUNTS_BYTES_MAX = 12L << 20;

    /** Rows between two looks at how large the accounts have become. */
    private static final int ACCOUNTS_LOOK_ROWS = 1_000;

    private static final byte[] NONE = {};

    private final Assembly assembly;
    private final FindingWatch watch;
    private final Queue<ChunkWriter> idle = new ConcurrentLinkedQueue<>();
    private final Object limits = new Object();
    private final Optional<ArchiveConfig> archive;
    private @Nullable ObjectStore objects;

    TargetLoad(Assembly assembly, FindingWatch watch) {
        this.assembly = assembly;
        this.watch = watch;
        this.archive = assembly.loadArchive();
    }

    /** The store of all lanes. */
    private synchronized ObjectStore objects(ArchiveConfig config) {
        ObjectStore open = objects;
        if (open == null) {
            open = new S3ObjectStore(config, Retry.USUAL);
            objects = open;
        }
        return open;
    }

    private synchronized void closeObjects() {
        ObjectStore open = objects;
        objects = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public Optional<Lane> lane(TableSchema source) {
        List<TableMapping> mappings = assembly.mappings(source.table());
        if (source.keyless() || mappings.size() != 1) {
            return Optional.empty();
        }
        TableMapping mapping = mappings.get(0);
        boolean alone = assembly.transform().sources(mapping.target()).isEmpty();
        FingerprintKey fingerprints = assembly.fingerprints();
        boolean fits = Binding.of(mapping, source, fingerprints).bound() instanceof Outcome.Accepted<Bound>;
        return alone && fits && mapping.raw() == TableMapping.RawPlace.INLINE
                ? Optional.of(new TargetLane(source, mapping, fingerprints))
                : Optional.empty();
    }

    @Override
    public int mappingVersion(TableId source) {
        return assembly.mappings(source).stream()
                .mapToInt(TableMapping::version)
                .max()
                .orElse(0);
    }

    @Override
    public Optional<String> obstacle() {
        ChunkWriter writer = writer();
        boolean ready = writer.awaitReady();
        idle.add(writer);
        return ready ? Optional.empty() : Optional.of("no sink has made the control schema at the target");
    }

    @Override
    public void rest() {
        for (ChunkWriter writer = idle.poll(); writer != null; writer = idle.poll()) {
            writer.close();
        }
        closeObjects();
    }

    private ChunkWriter writer() {
        ChunkWriter writer = idle.poll();
        return writer == null ? new ChunkWriter(assembly.target(), assembly.partitions(), assembly.clock()) : writer;
    }

    /** Carries what the driver throws through the reader. */
    private static final class TargetFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final SQLException failure;

        TargetFailed(SQLException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** So many rows are left aside that the chunk is better told row by row. */
    private static final class AsideFull extends RuntimeException {
        private static final long serialVersionUID = 1;

        AsideFull() {
            super("", null, false, false);
        }
    }

    /** There is so much to tell of a chunk that the log would not take it. */
    private static final class AccountsFull extends RuntimeException {
        private static final long serialVersionUID = 1;

        AccountsFull() {
            super("", null, false, false);
        }
    }

    private final class TargetLane implements Lane {
        private final TableSchema source;
        private final TableMapping mapping;
        private final FingerprintKey fingerprints;

        TargetLane(TableSchema source, TableMapping mapping, FingerprintKey fingerprints) {
            this.source = source;
            this.mapping = mapping;
            this.fingerprints = fingerprints;
        }

        @Override
        public TableId target() {
            return mapping.target();
        }

        @Override
        public int mappingVersion() {
            return mapping.version();
        }

        @Override
        public Written write(int number, SourcePosition position, Instant takenAt, Reading rows) {
            for (int attempt = 1; ; attempt++) {
                ChunkWriter writer = writer();
                try {
                    Written written = new Chunk(number, position, takenAt).write(writer, rows);
                    idle.add(writer);
                    return written;
                } catch (RuntimeException e) {
                    writer.close();
                    if (!(e instanceof Fault fault)
                            || !fault.code().equals("target-unreachable")
                            || attempt >= Retry.USUAL.attemptsMax()) {
                        throw e;
                    }
                    LOG.atWarn()
                            .addKeyValue("table", mapping.target().shortText())
                            .addKeyValue("chunk", number)
                            .addKeyValue("attempt", attempt)
                            .log("the target failed; trying again");
                    pause(attempt, fault);
                }
            }
        }

        private void pause(int attempt, Fault failure) {
            try {
                Retry.USUAL.await(attempt);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure;
            }
        }

        /** One attempt at a chunk. */
        private final class Chunk {
            private final int number;
            private final SourcePosition position;
            private final Provenance provenance;
            private final Instant takenAt;
            private final Bound bound;
            private final ChunkAccounts.Gathering accounts = new ChunkAccounts.Gathering();
            private final List<SourceChange.Upsert> aside = new ArrayList<>();

            Chunk(int number, SourcePosition position, Instant takenAt) {
                this.number = number;
                this.position = position;
                this.takenAt = takenAt;
                this.provenance = new Provenance(
                        source.table(),
                        new Lineage(Origin.LOAD, "", takenAt, takenAt),
                        new LogCoordinates(assembly.topics().source(source.table()), 0, number),
                        mapping.version());
                this.bound = Binding.of(mapping, source, fingerprints).bound().fold(fits -> fits, rejection -> {
                    throw new IllegalStateException("a mapping that fitted fits no more");
                });
            }

            Written write(ChunkWriter writer, Reading rows) {
                try {
                    var totals = writer.write(
                            bound.target(),
                            provenance,
                            assembly.topics().canonical(mapping.target()),
                            number,
                            position.text(),
                            row -> read(rows, row));
                    synchronized (limits) {
                        watch.look(totals);
                    }
                    return new Written(
                            accounts.byPartition(mapping.target(), mapping.version(), number, assembly.partitions()),
                            aside,
                            Optional.empty());
                } catch (ChunkWriter.Refused e) {
                    return Written.refused(String.valueOf(e.getMessage()));
                } catch (AsideFull e) {
                    return Written.refused("the mapping leaves out or rejects more than " + ASIDE_MAX + " of its rows");
                } catch (AccountsFull e) {
                    return Written.refused("what the log has to be told of it is more than " + ACCOUNTS_BYTES_MAX
                            + " bytes a partition");
                }
            }

            private static byte[] image(SourceChange.Upsert upsert, List<String> outOfLine) {
                return outOfLine.isEmpty() ? NONE : RowStateCodec.encode(Image.kept(upsert.after(), outOfLine));
            }

            private List<String> read(Reading rows, ChunkWriter.Rows.Row row) throws SQLException {
                Optional<ChunkArchive> raw = archive.map(config ->
                        new ChunkArchive(objects(config), new LoadObject.Head(source, position, takenAt, number, 0)));
                try {
                    rows.each((upsert, outOfLine) -> {
                        raw.ifPresent(kept -> kept.add(upsert.after()));
                        one(upsert, outOfLine, row);
                    });
                    requireRoom();
                    return raw.map(ChunkArchive::end).orElse(List.of());
                } catch (TargetFailed e) {
                    throw e.failure;
                }
            }

            private void requireRoom() {
                if (accounts.largestBytes(assembly.partitions()) > ACCOUNTS_BYTES_MAX) {
                    throw new AccountsFull();
                }
            }

            private void one(SourceChange.Upsert upsert, List<String> outOfLine, ChunkWriter.Rows.Row row) {
                Optional<MappedRow> mapped = bound.mapper()
                        .map(upsert.after())
                        .fold(made -> made.fold(Optional::of, filtered -> Optional.empty()), why -> Optional.empty());
                if (mapped.isEmpty()) {
                    if (aside.size() == ASIDE_MAX) {
                        throw new AsideFull();
                    }
                    aside.add(upsert);
                    return;
                }
                Bucket bucket = Bucket.of(source.routing(upsert.key()));
                Fingerprint fingerprint = bound.fingerprint(mapped.get().row());
                CanonicalChange.Upsert change = new CanonicalChange.Upsert(
                        mapped.get().row().key(),
                        position,
                        provenance,
                        new BucketState(bucket, 0, Digest.EMPTY),
                        mapped.get().row(),
                        fingerprint,
                        mapped.get().raw(),
                        mapped.get().findings());
                accounts.add(bucket, change.key(), fingerprint, image(upsert, outOfLine));
                if (accounts.rows() % ACCOUNTS_LOOK_ROWS == 0) {
                    requireRoom();
                }
                try {
                    row.take(change);
                } catch (SQLException e) {
                    throw new TargetFailed(e);
                }
            }
        }
    }
}
