package dev.handover.transform.topology;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalChunk;
import dev.handover.change.CanonicalEvent;
import dev.handover.change.CanonicalMark;
import dev.handover.change.DeadLetter;
import dev.handover.change.Lineage;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Provenance;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceChunk;
import dev.handover.change.SourceEvent;
import dev.handover.change.Stage;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.ChunkAccounts;
import dev.handover.digest.Digest;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Cell;
import dev.handover.row.Keyless;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.transform.decide.Binding;
import dev.handover.transform.decide.Copies.Numbered;
import dev.handover.transform.decide.Copies.Standing;
import dev.handover.transform.decide.Decision;
import dev.handover.transform.decide.Decision.Effect;
import dev.handover.transform.decide.Transition;
import dev.handover.transform.state.RowState;
import dev.handover.wire.CanonicalEvents;
import dev.handover.wire.DeadLetters;
import dev.handover.wire.Encoded;
import dev.handover.wire.SourceEvents;
import dev.handover.wire.Topics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every record of a change log into exactly one record: a canonical one in the same partition, or a dead letter.
 * The decisions are {@link Transition}'s; this reads and writes the stores, and it holds nothing that a restart would
 * lose. One task's own.
 */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
final class ChangeProcessor implements Processor<byte[], byte[], byte[], Encoded> {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeProcessor.class);

    private final Topics topics;
    private final int partitions;
    private final Bindings bindings;
    private final SourceEvents source;
    private final CanonicalEvents canonical;
    private final DeadLetters deadLetters;
    private final InstantSource clock;
    private final Function<TableId, List<TableId>> merged;
    private final Set<HeldBack> heldBack = new HashSet<>();
    /** The topic that the changes of a schema belong in. */
    private final Map<TableSchema, String> homes = new HashMap<>();

    private ProcessorContext<byte[], Encoded> context;
    private TaskStores stores;

    ChangeProcessor(
            Topics topics,
            int partitions,
            Bindings bindings,
            SourceEvents source,
            CanonicalEvents canonical,
            DeadLetters deadLetters,
            Function<TableId, List<TableId>> merged,
            InstantSource clock) {
        this.topics = topics;
        this.partitions = partitions;
        this.bindings = bindings;
        this.source = source;
        this.canonical = canonical;
        this.deadLetters = deadLetters;
        this.merged = merged;
        this.clock = clock;
    }

    @Override
    public void init(ProcessorContext<byte[], Encoded> context) {
        this.context = context;
        this.stores = new TaskStores(
                context.getStateStore(TaskStores.ROWS),
                context.getStateStore(TaskStores.BUCKETS),
                context.getStateStore(TaskStores.COPIES),
                context.getStateStore(TaskStores.LOSSES),
                context.getStateStore(TaskStores.MARKS),
                context.getStateStore(TaskStores.CHUNKS));
        heldBack.clear();
    }

    /** Marks of a table that go on to no target table, because the mapping does not fit. */
    private record HeldBack(TableSchema schema, TableId target) {}

    /** A record of the change log, and where it is. */
    private record Logged(LogCoordinates at, long timestamp, Optional<byte[]> key, Optional<byte[]> value) {}

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata metadata = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a record without its place in the log"));
        Logged logged = new Logged(
                new LogCoordinates(metadata.topic(), metadata.partition(), metadata.offset()),
                record.timestamp(),
                Optional.ofNullable(record.key()),
                Optional.ofNullable(record.value()));
        Outcome<SourceEvent> decoded =
                source.decode(logged.key(), logged.value()).then(event -> belonging(event, logged.at()));
        if (decoded instanceof Outcome.Accepted<SourceEvent> accepted) {
            SourceEvent event = accepted.value();
            for (Binding binding : bindings.of(event.schema())) {
                if (event instanceof SourceChange change) {
                    change(change, binding, logged);
                } else if (event instanceof Mark mark) {
                    mark(mark, binding, logged);
                } else if (event instanceof SourceChunk chunk
                        && chunk.accounts().target().equals(binding.mapping().target())) {
                    chunk(chunk, binding, logged);
                }
            }
        } else if (decoded instanceof Outcome.Rejected<SourceEvent> rejected) {
            // It may have been a change of any key: no value that was kept before it may be taken for unchanged.
            stores.countLoss(metadata.topic());
            reject(logged, Stage.DECODE, rejected.rejection(), "", "", "", 0);
        }
    }

    /** A record that is well formed may still not belong where it is. */
    private Outcome<SourceEvent> belonging(SourceEvent event, LogCoordinates at) {
        boolean again = at.topic().equals(topics.replay()) && event instanceof SourceChange;
        if (!again && !home(event.schema()).equals(at.topic())) {
            return Outcome.rejected(Reason.UNDECODABLE, "topic");
        }
        if (event instanceof SourceChange.Upsert upsert && !isKeyOf(upsert)) {
            return Outcome.rejected(Reason.UNDECODABLE, "key");
        }
        return Outcome.accepted(event);
    }

    private String home(TableSchema table) {
        return homes.computeIfAbsent(table, schema -> topics.source(schema.table()));
    }

    private static boolean isKeyOf(SourceChange.Upsert upsert) {
        Row row = upsert.after();
        for (int i = 0; i < row.schema().key().size(); i++) {
            Cell cell = row.cell(row.schema().key().get(i));
            if (cell != Cell.UNCHANGED && !cell.equals(upsert.key().values().get(i))) {
                return false;
            }
        }
        return true;
    }

    private void change(SourceChange told, Binding binding, Logged logged) {
        TableId target = binding.mapping().target();
        Bucket bucket = Bucket.of(told.schema().routing(told.key()));
        requirePartition(bucket, logged.at());
        Numbered numbered = numbered(told, binding);
        SourceChange change = numbered.change();
        RowKey targetKey = binding.targetKey(change.key());
        byte[] storeKey = TaskStores.rowKey(target, targetKey);
        Optional<RowState> before =
                stores.row(storeKey).or(() -> stores.loaded(target, bucket, targetKey, change.position()));
        before.ifPresent(state -> requireSameWriter(state, change, target));
        Transition transition = new Transition(binding, before, stores.losses(home(told.schema())));
        Decision decision =
                switch (numbered.standing()) {
                    case OPEN -> transition.decide(change);
                    case GONE -> transition.nothing(change);
                    case UNKNOWN -> new Decision(Optional.empty(), Outcome.rejected(Reason.COPY_UNKNOWN, Keyless.ROW));
                };
        decision.state().ifPresent(state -> stores.putRow(storeKey, state));
        if (decision.effect() instanceof Outcome.Accepted<Effect> accepted) {
            BucketState old = stores.bucket(target, bucket);
            BucketState next = old.next(accepted.value().shift().apply(old.digest()));
            stores.putBucket(target, next);
            forward(canonical(change, accepted.value(), binding, next, logged), logged);
        } else if (decision.effect() instanceof Outcome.Rejected<Effect> rejected) {
            reject(
                    logged,
                    Stage.MAP,
                    rejected.rejection(),
                    change.schema().table().text(),
                    target.shortText(),
                    change.position().text(),
                    binding.mapping().version());
        }
    }

    /** A change of a table with a key is what it is about; one of a table without is about one of several copies. */
    private Numbered numbered(SourceChange told, Binding binding) {
        TableId target = binding.mapping().target();
        if (!told.schema().keyless()) {
            return new Numbered(told, Optional.empty(), Standing.OPEN);
        }
        Numbered numbered =
                stores.copies(target, told.key(), binding::targetKey).number(told);
        numbered.count().ifPresent(count -> stores.putCopies(target, told.key(), count));
        return numbered;
    }

    private CanonicalChange canonical(
            SourceChange change, Effect effect, Binding binding, BucketState bucket, Logged logged) {
        Provenance provenance = provenance(change.schema().table(), change.lineage(), logged, binding);
        return effect.fold(
                write -> new CanonicalChange.Upsert(
                        write.mapped().row().key(),
                        change.position(),
                        provenance,
                        bucket,
                        write.mapped().row(),
                        write.fingerprint(),
                        write.mapped().raw(),
                        write.mapped().findings()),
                remove -> new CanonicalChange.Delete(
                        targetSchema(binding), remove.key(), change.position(), provenance, bucket, remove.rule()),
                // A delete before everything changes nothing, wherever the row is; see the README under "Intended".
                nothing -> new CanonicalChange.Delete(
                        targetSchema(binding), nothing.key(), change.position().floor(), provenance, bucket, ""));
    }

    private static TableSchema targetSchema(Binding binding) {
        return binding.bound().fold(Binding.Bound::target, rejection -> {
            throw new IllegalStateException("a change of an unmapped table went on");
        });
    }

    /**
     * Counts rows that are in the target already. What is known of each is kept in groups, and asked for when the first
     * change of a row comes: see {@link ChunkStore}.
     */
    private void chunk(SourceChunk chunk, Binding binding, Logged logged) {
        ChunkAccounts accounts = chunk.accounts();
        if (!(binding.bound() instanceof Outcome.Accepted<Binding.Bound> bound)
                || !stores.putChunk(chunk, logged.at().topic())) {
            return;
        }
        TableId target = binding.mapping().target();
        Map<Bucket, Digest> more = new TreeMap<>(Comparator.comparingInt(Bucket::number));
        for (ChunkAccounts.Group group : accounts.groups()) {
            requirePartition(group.bucket(), logged.at());
            more.merge(group.bucket(), group.digest(), Digest::plus);
        }
        List<BucketState> after = new ArrayList<>();
        more.forEach((bucket, digest) -> {
            BucketState old = stores.bucket(target, bucket);
            BucketState next = old.next(old.digest().plus(digest));
            stores.putBucket(target, next);
            after.add(next);
        });
        Lineage lineage = new Lineage(Origin.LOAD, "", chunk.takenAt(), chunk.takenAt());
        forward(
                new CanonicalChunk(
                        bound.value().target(),
                        chunk.position(),
                        accounts.number(),
                        accounts.rows(),
                        after,
                        new Provenance(chunk.schema().table(), lineage, logged.at(), accounts.mappingVersion())),
                logged);
    }

    private void mark(Mark mark, Binding binding, Logged logged) {
        if (binding.bound() instanceof Outcome.Accepted<Binding.Bound> bound) {
            Lineage lineage = new Lineage(mark.origin(), "", mark.committedAt(), mark.capturedAt());
            meet(mark, binding)
                    .ifPresent(progress -> forward(
                            new CanonicalMark(
                                    bound.value().target(),
                                    progress.position(),
                                    progress.loaded(),
                                    provenance(mark.schema().table(), lineage, logged, binding)),
                            logged));
        } else if (binding.bound() instanceof Outcome.Rejected<Binding.Bound> rejected) {
            holdBack(mark, rejected.rejection(), binding, logged);
        }
    }

    /**
     * How far a target table is. Where several source tables become it, that is as far as the slowest of them; empty
     * until each has been heard of.
     */
    private Optional<Progress> meet(Mark mark, Binding binding) {
        TableId target = binding.mapping().target();
        Progress own = new Progress(mark.position(), mark.loaded());
        List<TableId> sources = merged.apply(target);
        if (sources.isEmpty()) {
            return Optional.of(own);
        }
        stores.putProgress(target, mark.schema().table(), own);
        Optional<Progress> slowest = Optional.of(own);
        for (TableId source : sources) {
            Optional<Progress> other =
                    stores.progress(target, source, mark.position().source());
            slowest = slowest.flatMap(known -> other.map(known::and));
        }
        return slowest;
    }

    /**
     * A mark that has no target schema. The table's progress stands still, which is the truth; it is said once, not
     * every second.
     */
    private void holdBack(Mark mark, Rejection rejection, Binding binding, Logged logged) {
        if (heldBack.add(new HeldBack(mark.schema(), binding.mapping().target()))) {
            String table = mark.schema().table().text();
            LOG.atWarn()
                    .addKeyValue("table", table)
                    .addKeyValue("column", rejection.where())
                    .addKeyValue("partition", logged.at().partition())
                    .log("mapping does not fit the table: its changes become dead letters, its marks are held back");
            reject(
                    logged,
                    Stage.MAP,
                    rejection,
                    table,
                    binding.mapping().target().shortText(),
                    mark.position().text(),
                    binding.mapping().version());
        }
    }

    private static Provenance provenance(TableId table, Lineage lineage, Logged logged, Binding binding) {
        return new Provenance(table, lineage, logged.at(), binding.mapping().version());
    }

    private void forward(CanonicalEvent event, Logged logged) {
        send(canonical.encode(event), logged, TransformTopology.CANONICAL);
    }

    private void reject(
            Logged logged,
            Stage stage,
            Rejection rejection,
            String table,
            String target,
            String position,
            int mappingVersion) {
        DeadLetter letter = new DeadLetter(
                stage,
                rejection,
                logged.at(),
                logged.key(),
                logged.value(),
                table,
                target,
                position,
                mappingVersion,
                clock.instant());
        send(deadLetters.encode(letter), logged, TransformTopology.DEAD_LETTER);
    }

    private void send(Encoded encoded, Logged logged, String sink) {
        context.forward(new Record<>(encoded.key().orElse(null), encoded, logged.timestamp()), sink);
    }

    private void requirePartition(Bucket bucket, LogCoordinates at) {
        if (bucket.partition(partitions) != at.partition()) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "partition-foreign",
                    "record " + at.text() + " belongs to partition " + bucket.partition(partitions) + " of "
                            + partitions,
                    "was the number of partitions changed, or does another program write to this topic? The number is"
                            + " fixed for the life of a pipeline; start a new pipeline under another name");
        }
    }

    private static void requireSameWriter(RowState state, SourceChange change, TableId target) {
        if (!state.source().equals(change.schema().table())) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "key-of-two-sources",
                    "a key of target table " + target.shortText() + " is written by " + state.source() + " and by "
                            + change.schema().table(),
                    "their changes have no order: map the two tables to two target tables");
        }
    }
}
