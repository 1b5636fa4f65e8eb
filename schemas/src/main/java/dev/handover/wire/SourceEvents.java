package dev.handover.wire;

import dev.handover.change.Lineage;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceChunk;
import dev.handover.change.SourceEvent;
import dev.handover.digest.Bucket;
import dev.handover.digest.ChunkAccounts;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.wire.AvroBinary.UndecodableBytes;
import dev.handover.wire.RowContract.Cells;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** Writes and reads the records of change log topics. Thread-safe. */
public final class SourceEvents {
    private final Topics topics;
    private final int partitions;
    private final SchemaRegistry registry;
    private final Map<TableSchema, Contract> contracts = new ConcurrentHashMap<>();
    private final Map<Integer, Layout> layouts = new ConcurrentHashMap<>();
    private final Map<Integer, KeyLayout> keys = new ConcurrentHashMap<>();
    private final LastText<String> transaction = new LastText<>(text -> text);

    /** @param partitions of every topic of the pipeline */
    public SourceEvents(Topics topics, int partitions, SchemaRegistry registry) {
        this.topics = topics;
        this.partitions = partitions;
        this.registry = registry;
    }

    private static final Schema MARK_KEY = SchemaBuilder.record("MarkKey")
            .namespace(RowContract.NAMESPACE)
            .doc("The key of every mark, in a change log")
            .fields()
            .endRecord();

    private static final Schema CHUNK_KEY = SchemaBuilder.record("ChunkKey")
            .namespace(RowContract.NAMESPACE)
            .doc("The key of a chunk of a load, in a change log")
            .fields()
            .requiredString("target")
            .requiredInt("number")
            .endRecord();

    private static final byte[] NONE = {};

    /** Branches of the union that a row is in. */
    private static final int ABSENT = 0;

    private static final int PRESENT = 1;

    /** What a table's records are written under. */
    private record Contract(String topic, int valueId, int keyId) {}

    /** How the values of one writer's schema are read. */
    private record Layout(RecordLayout<Field> envelope, RowLayout row, SourceId source) {}

    /** The fields of a value, in the order of {@link #valueSchema}. */
    private enum Field implements RecordLayout.Field {
        KIND(Schema.Type.ENUM),
        POSITION(Schema.Type.BYTES),
        ORIGIN(Schema.Type.ENUM),
        TRANSACTION(Schema.Type.STRING),
        COMMITTED_AT(Schema.Type.LONG),
        CAPTURED_AT(Schema.Type.LONG),
        AFTER(Schema.Type.UNION),
        CHUNK(Schema.Type.BYTES);

        private final Schema.Type type;

        Field(Schema.Type type) {
            this.type = type;
        }

        @Override
        public Schema.Type type() {
            return type;
        }

        @Override
        public boolean isLater() {
            return this == CHUNK;
        }
    }

    /** The schema of the values of a table's change log topic. */
    public static Schema valueSchema(TableSchema table) {
        return SchemaBuilder.record("SourceChange")
                .namespace(RowContract.NAMESPACE)
                .doc("A change to, or a mark in, the change log of "
                        + table.table().text())
                .fields()
                .name("kind")
                .type(ChangeKind.schema())
                .noDefault()
                .name("position")
                .doc("unsigned big-endian; sorts as positions sort")
                .type()
                .bytesType()
                .noDefault()
                .name("origin")
                .type(ChangeKind.origin())
                .noDefault()
                .name("transaction")
                .type()
                .stringType()
                .noDefault()
                .name("committed_at")
                .type(ChangeKind.micros())
                .noDefault()
                .name("captured_at")
                .type(ChangeKind.micros())
                .noDefault()
                .name("after")
                .type(Schema.createUnion(Schema.create(Schema.Type.NULL), RowContract.row(table, Cells.PARTIAL)))
                .withDefault(null)
                .name("chunk")
                .doc("of a chunk: what the rows are counted by that it brought to the target past this log")
                .type()
                .bytesType()
                .bytesDefault("")
                .endRecord();
    }

    /** Registers a table's contracts; the first thing to do with a schema that was never seen. */
    public void register(TableSchema table) {
        contract(table);
    }

    /** A change, in the partition of its bucket. */
    public Encoded encode(SourceChange change) {
        Contract contract = contract(change.schema());
        AvroOut value = envelope(
                contract,
                change.<ChangeKind>fold(upsert -> ChangeKind.UPSERT, delete -> ChangeKind.DELETE),
                change.position(),
                change.lineage());
        if (change instanceof SourceChange.Upsert upsert) {
            RowLayout.write(value.number(PRESENT), upsert.after());
        } else {
            value.number(ABSENT);
        }
        value.bytes(NONE);
        byte[] key = KeyLayout.write(AvroOut.key(contract.keyId()), change).toBytes();
        int partition = Bucket.of(change.schema().routing(change.key())).partition(partitions);
        return new Encoded(contract.topic(), partition, Optional.of(key), value.toBytes());
    }

    /** A mark, for one partition. */
    public Encoded encode(Mark mark, int partition) {
        Contract contract = contract(mark.schema());
        Lineage lineage = new Lineage(mark.origin(), "", mark.committedAt(), mark.capturedAt());
        byte[] value = envelope(contract, ChangeKind.mark(mark.loaded()), mark.position(), lineage)
                .number(ABSENT)
                .bytes(NONE)
                .toBytes();
        return new Encoded(contract.topic(), partition, Optional.of(markKey()), value);
    }

    /** A chunk of a load, for one partition. */
    public Encoded encode(SourceChunk chunk, int partition) {
        Contract contract = contract(chunk.schema());
        Lineage lineage = new Lineage(Origin.LOAD, "", chunk.takenAt(), chunk.takenAt());
        byte[] value = envelope(contract, ChangeKind.CHUNK, chunk.position(), lineage)
                .number(ABSENT)
                .bytes(chunk.accounts().encode())
                .toBytes();
        byte[] key = AvroOut.key(registry.register(topics.pipeline() + ".chunk-key", CHUNK_KEY))
                .text(chunk.accounts().target().shortText())
                .number(chunk.accounts().number())
                .toBytes();
        return new Encoded(contract.topic(), partition, Optional.of(key), value);
    }

    /** All fields but the last. */
    private static AvroOut envelope(Contract contract, ChangeKind kind, SourcePosition position, Lineage lineage) {
        return AvroOut.value(contract.valueId())
                .number(kind.symbol())
                .bytes(position.bytes())
                .number(ChangeKind.symbol(lineage.origin()))
                .text(lineage.transaction())
                .number(micros(lineage.committedAt()))
                .number(micros(lineage.capturedAt()));
    }

    /** A key of their own: change logs are compacted, and Kafka refuses records without a key there. */
    private byte[] markKey() {
        return AvroOut.key(registry.register(topics.pipeline() + ".mark-key", MARK_KEY))
                .toBytes();
    }

    /** The event that was encoded so, or why the bytes are none. */
    public Outcome<SourceEvent> decode(Optional<byte[]> key, Optional<byte[]> value) {
        if (value.isEmpty()) {
            return Outcome.rejected(Reason.UNDECODABLE, "value");
        }
        try {
            AvroIn in = new AvroIn(value.get());
            return event(layouts.computeIfAbsent(in.schemaId(), this::layout), in, key);
        } catch (UndecodableBytes e) {
            return Outcome.rejected(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException | ClassCastException | IndexOutOfBoundsException | AvroRuntimeException e) {
            // A well-formed record of somebody else's contract; the text of the failure may quote it.
            return Outcome.rejected(Reason.UNDECODABLE, "contract");
        }
    }

    private Outcome<SourceEvent> event(Layout layout, AvroIn in, Optional<byte[]> key) throws UndecodableBytes {
        TableSchema table = layout.row().table();
        ChangeKind kind = ChangeKind.MARK;
        byte[] position = {};
        Origin origin = Origin.STREAM;
        String from = "";
        Instant committedAt = Instant.EPOCH;
        Instant capturedAt = Instant.EPOCH;
        @Nullable Row after = null;
        byte[] chunk = NONE;
        for (Field field : layout.envelope().fields()) {
            switch (field) {
                case KIND -> kind = layout.envelope().symbol(field, ChangeKind.class, in);
                case POSITION -> position = in.bytes();
                case ORIGIN -> origin = layout.envelope().symbol(field, Origin.class, in);
                case TRANSACTION -> from = transaction.read(in);
                case COMMITTED_AT -> committedAt = instant(in.number());
                case CAPTURED_AT -> capturedAt = instant(in.number());
                case AFTER ->
                    after = in.index(2) == ABSENT ? null : layout.row().read(in);
                case CHUNK -> chunk = in.bytes();
            }
        }
        in.end();
        SourcePosition at = SourcePosition.decode(layout.source(), position);
        if (kind.isMark()) {
            return Outcome.accepted(
                    new Mark(table, at, origin, kind == ChangeKind.MARK_LOADED, committedAt, capturedAt));
        }
        if (kind == ChangeKind.CHUNK) {
            return Outcome.accepted(new SourceChunk(table, at, committedAt, ChunkAccounts.decode(chunk)));
        }
        if (key.isEmpty()) {
            return Outcome.rejected(Reason.UNDECODABLE, "key");
        }
        AvroIn keyIn = new AvroIn(key.get());
        RowKey rowKey = keys.computeIfAbsent(keyIn.schemaId(), id -> KeyLayout.of(registry.schema(id)))
                .read(table, keyIn);
        Lineage lineage = new Lineage(origin, from, committedAt, capturedAt);
        if (kind == ChangeKind.DELETE) {
            return Outcome.accepted(new SourceChange.Delete(table, rowKey, at, lineage));
        }
        return after == null
                ? Outcome.rejected(Reason.UNDECODABLE, "after")
                : Outcome.accepted(new SourceChange.Upsert(rowKey, at, lineage, after));
    }

    private Layout layout(int schemaId) {
        Schema value = registry.schema(schemaId);
        RecordLayout<Field> envelope = RecordLayout.of(value, Field.class);
        RowLayout row = RowLayout.of(value.getField("after").schema().getTypes().get(PRESENT));
        return new Layout(envelope, row, new SourceId(row.table().table().database()));
    }

    private Contract contract(TableSchema table) {
        Contract known = contracts.get(table);
        if (known != null) {
            return known;
        }
        String topic = topics.source(table.table());
        Schema value = valueSchema(table);
        Schema key = table.keyless() ? RowContract.changeKey(table) : RowContract.key(table);
        Contract contract =
                new Contract(topic, registry.register(topic + "-value", value), registry.register(topic + "-key", key));
        contracts.put(table, contract);
        return contract;
    }

    static byte[] bytes(Object avro) {
        ByteBuffer buffer = ((ByteBuffer) avro).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000L) * 1_000);
    }

    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }
}
