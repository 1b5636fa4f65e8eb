package dev.handover.wire;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalChunk;
import dev.handover.change.CanonicalEvent;
import dev.handover.change.CanonicalMark;
import dev.handover.change.Finding;
import dev.handover.change.Lineage;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Origin;
import dev.handover.change.Outcome;
import dev.handover.change.Provenance;
import dev.handover.change.Reason;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.wire.AvroBinary.UndecodableBytes;
import dev.handover.wire.RowContract.Cells;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaBuilder.FieldAssembler;
import org.jspecify.annotations.Nullable;

/** Writes and reads the records of canonical topics. Thread-safe. */
public final class CanonicalEvents {
    private static final Schema FINDING = SchemaBuilder.record("Finding")
            .namespace(RowContract.NAMESPACE)
            .fields()
            .requiredString("column")
            .requiredString("kind")
            .requiredString("example")
            .endRecord();

    /** Branches of the union that a row is in. */
    private static final int ABSENT = 0;

    private static final int PRESENT = 1;
    private static final byte[] NONE = {};
    private static final int CHUNK_HEADER_BYTES = Integer.BYTES + Long.BYTES;
    private static final int CHUNK_BUCKET_BYTES = Short.BYTES + 2 * Long.BYTES + Fingerprint.BYTES;

    private final Topics topics;
    private final SchemaRegistry registry;
    private final Map<TableSchema, Contract> contracts = new ConcurrentHashMap<>();
    private final Map<Integer, Layout> layouts = new ConcurrentHashMap<>();
    private final Map<Integer, KeyLayout> keys = new ConcurrentHashMap<>();
    private final LastText<Origins> sources = new LastText<>(Origins::of);
    private final LastText<String> transaction = new LastText<>(text -> text);
    private final LastText<String> logTopic = new LastText<>(text -> text);

    public CanonicalEvents(Topics topics, SchemaRegistry registry) {
        this.topics = topics;
        this.registry = registry;
    }

    /** What a table's records are written under. */
    private record Contract(String topic, int valueId, int keyId) {}

    /** How the values of one writer's schema are read. */
    private record Layout(RecordLayout<Field> envelope, RowLayout row) {}

    /** A source table, and the source whose positions its changes have. */
    private record Origins(TableId table, SourceId source) {
        static Origins of(String text) {
            TableId table = TableId.parse(text);
            return new Origins(table, new SourceId(table.database()));
        }
    }

    /** The fields of a value, in the order of {@link #valueSchema}. */
    private enum Field implements RecordLayout.Field {
        KIND(Schema.Type.ENUM),
        POSITION(Schema.Type.BYTES),
        MAPPING_VERSION(Schema.Type.INT),
        SOURCE_TABLE(Schema.Type.STRING),
        ORIGIN(Schema.Type.ENUM),
        TRANSACTION(Schema.Type.STRING),
        COMMITTED_AT(Schema.Type.LONG),
        CAPTURED_AT(Schema.Type.LONG),
        LOG_TOPIC(Schema.Type.STRING),
        LOG_PARTITION(Schema.Type.INT),
        LOG_OFFSET(Schema.Type.LONG),
        BUCKET(Schema.Type.INT),
        BUCKET_SEQUENCE(Schema.Type.LONG),
        BUCKET_ROWS(Schema.Type.LONG),
        BUCKET_SUM(Schema.Type.BYTES),
        FINGERPRINT(Schema.Type.BYTES),
        RAW(Schema.Type.MAP),
        FINDINGS(Schema.Type.ARRAY),
        RULE(Schema.Type.STRING),
        ROW(Schema.Type.UNION),
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
            return this == FINDINGS || this == RULE || this == CHUNK;
        }
    }

    /** The schema of the values of a target table's canonical topic. */
    public static Schema valueSchema(TableSchema table) {
        FieldAssembler<Schema> fields = SchemaBuilder.record("CanonicalChange")
                .namespace(RowContract.NAMESPACE)
                .doc("A change to, or a mark for, target table " + table.table().shortText())
                .fields();
        fields = fields.name("kind").type(ChangeKind.schema()).noDefault();
        fields = fields.name("position").type().bytesType().noDefault();
        fields = fields.name("mapping_version").type().intType().noDefault();
        fields = fields.name("source_table").type().stringType().noDefault();
        fields = fields.name("origin").type(ChangeKind.origin()).noDefault();
        fields = fields.name("transaction").type().stringType().noDefault();
        fields = fields.name("committed_at").type(ChangeKind.micros()).noDefault();
        fields = fields.name("captured_at").type(ChangeKind.micros()).noDefault();
        fields = fields.name("log_topic").type().stringType().noDefault();
        fields = fields.name("log_partition").type().intType().noDefault();
        fields = fields.name("log_offset").type().longType().noDefault();
        fields = fields.name("bucket").type().intType().noDefault();
        fields = fields.name("bucket_sequence").type().longType().noDefault();
        fields = fields.name("bucket_rows").type().longType().noDefault();
        fields = fields.name("bucket_sum").type().bytesType().noDefault();
        fields = fields.name("fingerprint").type().bytesType().noDefault();
        fields = fields.name("raw")
                .doc("by source column, the canonical text of what the mapping changed")
                .type()
                .map()
                .values()
                .stringType()
                .noDefault();
        fields = fields.name("findings")
                .doc("what the mapping did not understand, or changed in meaning")
                .type(Schema.createArray(FINDING))
                .withDefault(List.of());
        fields = fields.name("rule")
                .doc("the rule that leaves the row out, of a delete")
                .type()
                .stringType()
                .stringDefault("");
        return fields.name("row")
                .type(Schema.createUnion(Schema.create(Schema.Type.NULL), RowContract.row(table, Cells.COMPLETE)))
                .withDefault(null)
                .name("chunk")
                .doc("of a chunk of a load: its number, its rows, and the state of each bucket after it")
                .type()
                .bytesType()
                .bytesDefault("")
                .endRecord();
    }

    /** Registers a table's contracts; the first thing to do with a schema that was never seen. */
    public void register(TableSchema table) {
        contract(table);
    }

    /** A change or mark; it stays in the partition of the record that it was made from. */
    public Encoded encode(CanonicalEvent event) {
        Contract contract = contract(event.schema());
        return event.foldEvent(
                change -> encode(contract, change), mark -> encode(contract, mark), chunk -> encode(contract, chunk));
    }

    private static Encoded encode(Contract contract, CanonicalChange change) {
        AvroOut value = envelope(
                contract,
                change.<ChangeKind>fold(upsert -> ChangeKind.UPSERT, delete -> ChangeKind.DELETE),
                change.position(),
                change.provenance(),
                change.bucket());
        if (change instanceof CanonicalChange.Upsert upsert) {
            value.bytes(upsert.fingerprint().bytes());
            raw(value, upsert.raw());
            findings(value, upsert.findings());
            RowLayout.write(value.text("").number(PRESENT), upsert.row());
            value.bytes(NONE);
        } else if (change instanceof CanonicalChange.Delete delete) {
            noRow(value, delete.rule());
        }
        return new Encoded(
                contract.topic(),
                change.provenance().log().partition(),
                Optional.of(KeyLayout.write(AvroOut.key(contract.keyId()), change.key())
                        .toBytes()),
                value.toBytes());
    }

    private static Encoded encode(Contract contract, CanonicalMark mark) {
        AvroOut value = envelope(
                contract,
                ChangeKind.mark(mark.loaded()),
                mark.position(),
                mark.provenance(),
                BucketState.empty(new Bucket(0)));
        noRow(value, "");
        return new Encoded(contract.topic(), mark.provenance().log().partition(), Optional.empty(), value.toBytes());
    }

    private static Encoded encode(Contract contract, CanonicalChunk chunk) {
        AvroOut value = envelope(
                        contract,
                        ChangeKind.CHUNK,
                        chunk.position(),
                        chunk.provenance(),
                        BucketState.empty(new Bucket(0)))
                .bytes(NONE);
        raw(value, Map.of());
        findings(value, List.of());
        value.text("").number(ABSENT).bytes(buckets(chunk));
        return new Encoded(contract.topic(), chunk.provenance().log().partition(), Optional.empty(), value.toBytes());
    }

    private static byte[] buckets(CanonicalChunk chunk) {
        ByteBuffer out = ByteBuffer.allocate(
                        CHUNK_HEADER_BYTES + chunk.buckets().size() * CHUNK_BUCKET_BYTES)
                .putInt(chunk.number())
                .putLong(chunk.rows());
        for (BucketState state : chunk.buckets()) {
            out.putShort((short) state.bucket().number())
                    .putLong(state.sequence())
                    .putLong(state.digest().rows())
                    .put(state.digest().sum());
        }
        return out.array();
    }

    private static CanonicalChunk chunk(
            TableSchema table, SourcePosition position, byte[] bytes, Provenance provenance) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int number = in.getInt();
        long rows = in.getLong();
        List<BucketState> buckets = new ArrayList<>();
        while (in.hasRemaining()) {
            Bucket bucket = new Bucket(in.getShort());
            long sequence = in.getLong();
            long rowsAfter = in.getLong();
            byte[] sum = new byte[Fingerprint.BYTES];
            in.get(sum);
            buckets.add(new BucketState(bucket, sequence, Digest.of(rowsAfter, sum)));
        }
        return new CanonicalChunk(table, position, number, rows, buckets, provenance);
    }

    /** The fields that every event has, up to the bucket's sum. */
    private static AvroOut envelope(
            Contract contract, ChangeKind kind, SourcePosition position, Provenance provenance, BucketState bucket) {
        Lineage lineage = provenance.lineage();
        return AvroOut.value(contract.valueId())
                .number(kind.symbol())
                .bytes(position.bytes())
                .number(provenance.mappingVersion())
                .text(provenance.source().text())
                .number(ChangeKind.symbol(lineage.origin()))
                .text(lineage.transaction())
                .number(SourceEvents.micros(lineage.committedAt()))
                .number(SourceEvents.micros(lineage.capturedAt()))
                .text(provenance.log().topic())
                .number(provenance.log().partition())
                .number(provenance.log().offset())
                .number(bucket.bucket().number())
                .number(bucket.sequence())
                .number(bucket.digest().rows())
                .bytes(bucket.digest().sum());
    }

    /** The fields after the bucket's, of an event that has no row. */
    private static void noRow(AvroOut value, String rule) {
        value.bytes(NONE);
        raw(value, Map.of());
        findings(value, List.of());
        value.text(rule).number(ABSENT).bytes(NONE);
    }

    private static void raw(AvroOut out, Map<String, String> raw) {
        if (!raw.isEmpty()) {
            out.number(raw.size());
            raw.forEach((column, text) -> out.text(column).text(text));
        }
        out.number(0);
    }

    private static void findings(AvroOut out, List<Finding> findings) {
        if (!findings.isEmpty()) {
            out.number(findings.size());
            findings.forEach(finding ->
                    out.text(finding.column()).text(finding.kind().name()).text(finding.example()));
        }
        out.number(0);
    }

    /** The event that was encoded so, or why the bytes are none. */
    public Outcome<CanonicalEvent> decode(Optional<byte[]> key, Optional<byte[]> value) {
        if (value.isEmpty()) {
            return Outcome.rejected(Reason.UNDECODABLE, "value");
        }
        try {
            AvroIn in = new AvroIn(value.get());
            return event(layouts.computeIfAbsent(in.schemaId(), this::layout), in, key);
        } catch (UndecodableBytes e) {
            return Outcome.rejected(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException
                | ClassCastException
                | IndexOutOfBoundsException
                | AvroRuntimeException
                | BufferUnderflowException e) {
            // A well-formed record of somebody else's contract; the text of the failure may quote it.
            return Outcome.rejected(Reason.UNDECODABLE, "contract");
        }
    }

    private Outcome<CanonicalEvent> event(Layout layout, AvroIn in, Optional<byte[]> key) throws UndecodableBytes {
        TableSchema table = layout.row().table();
        Read read = read(layout, in);
        in.end();
        Origins from = read.source;
        if (from == null) {
            return Outcome.rejected(Reason.UNDECODABLE, "contract");
        }
        SourcePosition position = SourcePosition.decode(from.source(), read.position);
        Provenance provenance = new Provenance(
                from.table(),
                new Lineage(read.origin, read.transaction, read.committedAt, read.capturedAt),
                new LogCoordinates(read.logTopic, read.logPartition, read.logOffset),
                read.mappingVersion);
        if (read.kind.isMark()) {
            return Outcome.accepted(
                    new CanonicalMark(table, position, read.kind == ChangeKind.MARK_LOADED, provenance));
        }
        if (read.kind == ChangeKind.CHUNK) {
            return Outcome.accepted(chunk(table, position, read.chunk, provenance));
        }
        if (key.isEmpty()) {
            return Outcome.rejected(Reason.UNDECODABLE, "key");
        }
        AvroIn keyIn = new AvroIn(key.get());
        RowKey rowKey = keys.computeIfAbsent(keyIn.schemaId(), id -> KeyLayout.of(registry.schema(id)))
                .read(table, keyIn);
        BucketState bucket =
                new BucketState(new Bucket(read.bucket), read.sequence, Digest.of(read.bucketRows, read.bucketSum));
        if (read.kind == ChangeKind.DELETE) {
            return Outcome.accepted(new CanonicalChange.Delete(table, rowKey, position, provenance, bucket, read.rule));
        }
        Row row = read.row;
        return row == null
                ? Outcome.rejected(Reason.UNDECODABLE, "row")
                : Outcome.accepted(new CanonicalChange.Upsert(
                        rowKey,
                        position,
                        provenance,
                        bucket,
                        row,
                        Fingerprint.decode(read.fingerprint),
                        read.raw,
                        read.findings));
    }

    /** The fields of one record as they are read. */
    private static final class Read {
        ChangeKind kind = ChangeKind.MARK;
        byte[] position = NONE;
        int mappingVersion;

        @Nullable Origins source;

        Origin origin = Origin.STREAM;
        String transaction = "";
        Instant committedAt = Instant.EPOCH;
        Instant capturedAt = Instant.EPOCH;
        String logTopic = "";
        int logPartition;
        long logOffset;
        int bucket;
        long sequence;
        long bucketRows;
        byte[] bucketSum = NONE;
        byte[] fingerprint = NONE;
        Map<String, String> raw = Map.of();
        List<Finding> findings = List.of();
        String rule = "";
        byte[] chunk = NONE;

        @Nullable Row row;
    }

    private Read read(Layout layout, AvroIn in) throws UndecodableBytes {
        Read read = new Read();
        for (Field field : layout.envelope().fields()) {
            switch (field) {
                case KIND -> read.kind = layout.envelope().symbol(field, ChangeKind.class, in);
                case POSITION -> read.position = in.bytes();
                case MAPPING_VERSION -> read.mappingVersion = in.integer();
                case SOURCE_TABLE -> read.source = sources.read(in);
                case ORIGIN -> read.origin = layout.envelope().symbol(field, Origin.class, in);
                case TRANSACTION -> read.transaction = transaction.read(in);
                case COMMITTED_AT -> read.committedAt = SourceEvents.instant(in.number());
                case CAPTURED_AT -> read.capturedAt = SourceEvents.instant(in.number());
                case LOG_TOPIC -> read.logTopic = logTopic.read(in);
                case LOG_PARTITION -> read.logPartition = in.integer();
                case LOG_OFFSET -> read.logOffset = in.number();
                case BUCKET -> read.bucket = in.integer();
                case BUCKET_SEQUENCE -> read.sequence = in.number();
                case BUCKET_ROWS -> read.bucketRows = in.number();
                case BUCKET_SUM -> read.bucketSum = in.bytes();
                case FINGERPRINT -> read.fingerprint = in.bytes();
                case RAW -> read.raw = raw(in);
                case FINDINGS -> read.findings = findings(in);
                case RULE -> read.rule = in.text();
                case ROW ->
                    read.row = in.index(2) == ABSENT ? null : layout.row().read(in);
                case CHUNK -> read.chunk = in.bytes();
            }
        }
        return read;
    }

    private static Map<String, String> raw(AvroIn in) throws UndecodableBytes {
        int block = in.block();
        if (block == 0) {
            return Map.of();
        }
        Map<String, String> raw = new HashMap<>();
        for (; block > 0; block = in.block()) {
            for (int i = 0; i < block; i++) {
                raw.put(in.text(), in.text());
            }
        }
        return raw;
    }

    private static List<Finding> findings(AvroIn in) throws UndecodableBytes {
        int block = in.block();
        if (block == 0) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        for (; block > 0; block = in.block()) {
            for (int i = 0; i < block; i++) {
                findings.add(new Finding(in.text(), Finding.Kind.valueOf(in.text()), in.text()));
            }
        }
        return findings;
    }

    private Layout layout(int schemaId) {
        Schema value = registry.schema(schemaId);
        RecordLayout<Field> envelope = RecordLayout.of(value, Field.class);
        return new Layout(
                envelope, RowLayout.of(value.getField("row").schema().getTypes().get(PRESENT)));
    }

    private Contract contract(TableSchema table) {
        Contract known = contracts.get(table);
        if (known != null) {
            return known;
        }
        String topic = topics.canonical(table.table());
        Contract contract = new Contract(
                topic,
                registry.register(topic + "-value", valueSchema(table)),
                registry.register(topic + "-key", RowContract.key(table)));
        contracts.put(table, contract);
        return contract;
    }
}
