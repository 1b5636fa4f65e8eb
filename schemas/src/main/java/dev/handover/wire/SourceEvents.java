package dev.handover.wire;

import dev.handover.change.Lineage;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.digest.Bucket;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.wire.AvroBinary.UndecodableBytes;
import dev.handover.wire.RowContract.Cells;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Writes and reads the records of change log topics. Thread-safe. */
public final class SourceEvents {
    private final Topics topics;
    private final int partitions;
    private final SchemaRegistry registry;
    private final AvroBinary binary;
    private final Map<TableSchema, Contract> contracts = new ConcurrentHashMap<>();
    private final Map<Schema, TableSchema> tables = new ConcurrentHashMap<>();

    /** @param partitions of every topic of the pipeline */
    public SourceEvents(Topics topics, int partitions, SchemaRegistry registry) {
        this.topics = topics;
        this.partitions = partitions;
        this.registry = registry;
        this.binary = new AvroBinary(registry);
    }

    private static final Schema MARK_KEY = SchemaBuilder.record("MarkKey")
            .namespace(RowContract.NAMESPACE)
            .doc("The key of every mark, in a change log")
            .fields()
            .endRecord();

    private record Contract(String topic, Schema value, int valueId, Schema key, int keyId) {}

    /** The schema of the values of a table's change log topic. */
    public static Schema valueSchema(TableSchema table) {
        Schema micros = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
        Schema kind = SchemaBuilder.enumeration("ChangeKind")
                .namespace(RowContract.NAMESPACE)
                .symbols("UPSERT", "DELETE", "MARK", "MARK_LOADED");
        Schema origin = SchemaBuilder.enumeration("Origin")
                .namespace(RowContract.NAMESPACE)
                .symbols("LOAD", "STREAM", "REPLAY");
        return SchemaBuilder.record("SourceChange")
                .namespace(RowContract.NAMESPACE)
                .doc("A change to, or a mark in, the change log of "
                        + table.table().text())
                .fields()
                .name("kind")
                .type(kind)
                .noDefault()
                .name("position")
                .doc("unsigned big-endian; sorts as positions sort")
                .type()
                .bytesType()
                .noDefault()
                .name("origin")
                .type(origin)
                .noDefault()
                .name("transaction")
                .type()
                .stringType()
                .noDefault()
                .name("committed_at")
                .type(micros)
                .noDefault()
                .name("captured_at")
                .type(micros)
                .noDefault()
                .name("after")
                .type(Schema.createUnion(Schema.create(Schema.Type.NULL), RowContract.row(table, Cells.PARTIAL)))
                .withDefault(null)
                .endRecord();
    }

    /** Registers a table's contracts; the first thing to do with a schema that was never seen. */
    public void register(TableSchema table) {
        contract(table);
    }

    /** A change, in the partition of its bucket. */
    public Encoded encode(SourceChange change) {
        Contract contract = contract(change.schema());
        Lineage lineage = change.lineage();
        GenericRecord value = value(
                contract,
                change.fold(upsert -> "UPSERT", delete -> "DELETE"),
                change.position(),
                lineage.origin(),
                lineage.transaction(),
                lineage.committedAt(),
                lineage.capturedAt());
        if (change instanceof SourceChange.Upsert upsert) {
            Schema row = contract.value().getField("after").schema().getTypes().get(1);
            value.put("after", RowContract.write(row, upsert.after()));
        }
        byte[] key = binary.write(contract.keyId(), key(contract.key(), change));
        int partition = Bucket.of(change.schema().routing(change.key())).partition(partitions);
        return new Encoded(contract.topic(), partition, Optional.of(key), binary.write(contract.valueId(), value));
    }

    /**
     * Of a table without a key, every change counts, and not only the newest of a row: each has a key of its own, made
     * of the row and the position, so that a log that is compacted keeps them all.
     */
    private static GenericRecord key(Schema schema, SourceChange change) {
        GenericRecord key = RowContract.write(schema, change.key());
        if (change.schema().keyless()) {
            key.put(RowContract.CHANGE, ByteBuffer.wrap(change.position().bytes()));
        }
        return key;
    }

    /** A mark, for one partition. */
    public Encoded encode(Mark mark, int partition) {
        Contract contract = contract(mark.schema());
        GenericRecord value = value(
                contract,
                mark.loaded() ? "MARK_LOADED" : "MARK",
                mark.position(),
                Origin.STREAM,
                "",
                mark.committedAt(),
                mark.capturedAt());
        return new Encoded(
                contract.topic(), partition, Optional.of(markKey()), binary.write(contract.valueId(), value));
    }

    /** A key of their own: change logs are compacted, and Kafka refuses records without a key there. */
    private byte[] markKey() {
        int id = registry.register(topics.pipeline() + ".mark-key", MARK_KEY);
        return binary.write(id, new GenericData.Record(MARK_KEY));
    }

    /** The event that was encoded so, or why the bytes are none. */
    public Outcome<SourceEvent> decode(Optional<byte[]> key, Optional<byte[]> value) {
        if (value.isEmpty()) {
            return Outcome.rejected(Reason.UNDECODABLE, "value");
        }
        try {
            GenericRecord record = binary.read(value.get());
            TableSchema table = table(record.getSchema());
            SourcePosition position =
                    SourcePosition.decode(new SourceId(table.table().database()), bytes(record.get("position")));
            Instant committedAt = instant(record.get("committed_at"));
            Instant capturedAt = instant(record.get("captured_at"));
            String kind = record.get("kind").toString();
            if (kind.startsWith("MARK")) {
                return Outcome.accepted(new Mark(table, position, kind.equals("MARK_LOADED"), committedAt, capturedAt));
            }
            if (key.isEmpty()) {
                return Outcome.rejected(Reason.UNDECODABLE, "key");
            }
            Lineage lineage = new Lineage(
                    Origin.valueOf(record.get("origin").toString()),
                    record.get("transaction").toString(),
                    committedAt,
                    capturedAt);
            RowKey rowKey = RowContract.readKey(table, binary.read(key.get()));
            if (kind.equals("DELETE")) {
                return Outcome.accepted(new SourceChange.Delete(table, rowKey, position, lineage));
            }
            GenericRecord after = (GenericRecord) record.get("after");
            if (after == null) {
                return Outcome.rejected(Reason.UNDECODABLE, "after");
            }
            return Outcome.accepted(new SourceChange.Upsert(rowKey, position, lineage, RowContract.read(table, after)));
        } catch (UndecodableBytes e) {
            return Outcome.rejected(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException | IndexOutOfBoundsException e) {
            // A well-formed record of somebody else's contract; the text of the failure may quote it.
            return Outcome.rejected(Reason.UNDECODABLE, "contract");
        }
    }

    private GenericRecord value(
            Contract contract,
            String kind,
            SourcePosition position,
            Origin origin,
            String transaction,
            Instant committedAt,
            Instant capturedAt) {
        Schema schema = contract.value();
        GenericRecord value = new GenericData.Record(schema);
        value.put("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), kind));
        value.put("position", ByteBuffer.wrap(position.bytes()));
        value.put("origin", new GenericData.EnumSymbol(schema.getField("origin").schema(), origin.name()));
        value.put("transaction", transaction);
        value.put("committed_at", micros(committedAt));
        value.put("captured_at", micros(capturedAt));
        return value;
    }

    private Contract contract(TableSchema table) {
        Contract known = contracts.get(table);
        if (known != null) {
            return known;
        }
        String topic = topics.source(table.table());
        Schema value = valueSchema(table);
        Schema key = table.keyless() ? RowContract.changeKey(table) : RowContract.key(table);
        Contract contract = new Contract(
                topic, value, registry.register(topic + "-value", value), key, registry.register(topic + "-key", key));
        // Whoever was first wins: with one schema object a table, comparing schemas is comparing references.
        Contract first = contracts.putIfAbsent(table, contract);
        return first == null ? contract : first;
    }

    private TableSchema table(Schema value) {
        return tables.computeIfAbsent(
                value,
                schema -> RowContract.table(
                        schema.getField("after").schema().getTypes().get(1)));
    }

    static byte[] bytes(Object avro) {
        ByteBuffer buffer = ((ByteBuffer) avro).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    static Instant instant(Object micros) {
        long value = (Long) micros;
        return Instant.ofEpochSecond(Math.floorDiv(value, 1_000_000), Math.floorMod(value, 1_000_000L) * 1_000);
    }

    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }
}
