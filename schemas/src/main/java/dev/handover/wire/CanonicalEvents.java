package dev.handover.wire;

import dev.handover.change.CanonicalChange;
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
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.wire.AvroBinary.UndecodableBytes;
import dev.handover.wire.RowContract.Cells;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaBuilder.FieldAssembler;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Writes and reads the records of canonical topics. Thread-safe. */
public final class CanonicalEvents {
    private final Topics topics;
    private final SchemaRegistry registry;
    private final AvroBinary binary;
    private final Map<TableSchema, Contract> contracts = new ConcurrentHashMap<>();
    private final Map<Schema, TableSchema> tables = new ConcurrentHashMap<>();

    public CanonicalEvents(Topics topics, SchemaRegistry registry) {
        this.topics = topics;
        this.registry = registry;
        this.binary = new AvroBinary(registry);
    }

    private static final Schema FINDING = SchemaBuilder.record("Finding")
            .namespace(RowContract.NAMESPACE)
            .fields()
            .requiredString("column")
            .requiredString("kind")
            .requiredString("example")
            .endRecord();

    private record Contract(String topic, Schema value, int valueId, Schema key, int keyId) {}

    /** The schema of the values of a target table's canonical topic. */
    public static Schema valueSchema(TableSchema table) {
        Schema micros = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
        Schema kind = SchemaBuilder.enumeration("ChangeKind")
                .namespace(RowContract.NAMESPACE)
                .symbols("UPSERT", "DELETE", "MARK", "MARK_LOADED");
        Schema origin = SchemaBuilder.enumeration("Origin")
                .namespace(RowContract.NAMESPACE)
                .symbols("LOAD", "STREAM", "REPLAY");
        FieldAssembler<Schema> fields = SchemaBuilder.record("CanonicalChange")
                .namespace(RowContract.NAMESPACE)
                .doc("A change to, or a mark for, target table " + table.table().shortText())
                .fields();
        fields = fields.name("kind").type(kind).noDefault();
        fields = fields.name("position").type().bytesType().noDefault();
        fields = fields.name("mapping_version").type().intType().noDefault();
        fields = fields.name("source_table").type().stringType().noDefault();
        fields = fields.name("origin").type(origin).noDefault();
        fields = fields.name("transaction").type().stringType().noDefault();
        fields = fields.name("committed_at").type(micros).noDefault();
        fields = fields.name("captured_at").type(micros).noDefault();
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
                .endRecord();
    }

    /** Registers a table's contracts; the first thing to do with a schema that was never seen. */
    public void register(TableSchema table) {
        contract(table);
    }

    /** A change or mark; it stays in the partition of the record that it was made from. */
    public Encoded encode(CanonicalEvent event) {
        Contract contract = contract(event.schema());
        return event.foldEvent(change -> encode(contract, change), mark -> encode(contract, mark));
    }

    private Encoded encode(Contract contract, CanonicalChange change) {
        GenericRecord value = value(
                contract,
                change.fold(upsert -> "UPSERT", delete -> "DELETE"),
                change.position(),
                change.provenance(),
                change.bucket());
        if (change instanceof CanonicalChange.Upsert upsert) {
            value.put("fingerprint", ByteBuffer.wrap(upsert.fingerprint().bytes()));
            value.put("raw", upsert.raw());
            value.put(
                    "findings",
                    upsert.findings().stream().map(CanonicalEvents::finding).toList());
            Schema row = contract.value().getField("row").schema().getTypes().get(1);
            value.put("row", RowContract.write(row, upsert.row()));
        } else if (change instanceof CanonicalChange.Delete delete) {
            value.put("rule", delete.rule());
        }
        byte[] key = binary.write(contract.keyId(), RowContract.write(contract.key(), change.key()));
        return new Encoded(
                contract.topic(),
                change.provenance().log().partition(),
                Optional.of(key),
                binary.write(contract.valueId(), value));
    }

    private Encoded encode(Contract contract, CanonicalMark mark) {
        GenericRecord value = value(
                contract,
                mark.loaded() ? "MARK_LOADED" : "MARK",
                mark.position(),
                mark.provenance(),
                BucketState.empty(new Bucket(0)));
        return new Encoded(
                contract.topic(),
                mark.provenance().log().partition(),
                Optional.empty(),
                binary.write(contract.valueId(), value));
    }

    /** The event that was encoded so, or why the bytes are none. */
    public Outcome<CanonicalEvent> decode(Optional<byte[]> key, Optional<byte[]> value) {
        if (value.isEmpty()) {
            return Outcome.rejected(Reason.UNDECODABLE, "value");
        }
        try {
            GenericRecord record = binary.read(value.get());
            TableSchema table = table(record.getSchema());
            Provenance provenance = provenance(record);
            SourcePosition position = SourcePosition.decode(
                    new SourceId(provenance.source().database()), SourceEvents.bytes(record.get("position")));
            String kind = record.get("kind").toString();
            if (kind.startsWith("MARK")) {
                return Outcome.accepted(new CanonicalMark(table, position, kind.equals("MARK_LOADED"), provenance));
            }
            if (key.isEmpty()) {
                return Outcome.rejected(Reason.UNDECODABLE, "key");
            }
            RowKey rowKey = RowContract.readKey(table, binary.read(key.get()));
            BucketState bucket = new BucketState(
                    new Bucket((Integer) record.get("bucket")),
                    (Long) record.get("bucket_sequence"),
                    Digest.of((Long) record.get("bucket_rows"), SourceEvents.bytes(record.get("bucket_sum"))));
            if (kind.equals("DELETE")) {
                return Outcome.accepted(new CanonicalChange.Delete(
                        table,
                        rowKey,
                        position,
                        provenance,
                        bucket,
                        record.get("rule").toString()));
            }
            GenericRecord row = (GenericRecord) record.get("row");
            if (row == null) {
                return Outcome.rejected(Reason.UNDECODABLE, "row");
            }
            return Outcome.accepted(new CanonicalChange.Upsert(
                    rowKey,
                    position,
                    provenance,
                    bucket,
                    RowContract.read(table, row),
                    Fingerprint.decode(SourceEvents.bytes(record.get("fingerprint"))),
                    raw(record.get("raw")),
                    findings(record.get("findings"))));
        } catch (UndecodableBytes e) {
            return Outcome.rejected(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException | IndexOutOfBoundsException e) {
            // A well-formed record of somebody else's contract; the text of the failure may quote it.
            return Outcome.rejected(Reason.UNDECODABLE, "contract");
        }
    }

    private static Provenance provenance(GenericRecord record) {
        return new Provenance(
                TableId.parse(record.get("source_table").toString()),
                new Lineage(
                        Origin.valueOf(record.get("origin").toString()),
                        record.get("transaction").toString(),
                        SourceEvents.instant(record.get("committed_at")),
                        SourceEvents.instant(record.get("captured_at"))),
                new LogCoordinates(record.get("log_topic").toString(), (Integer) record.get("log_partition"), (Long)
                        record.get("log_offset")),
                (Integer) record.get("mapping_version"));
    }

    private static GenericRecord finding(Finding finding) {
        GenericRecord record = new GenericData.Record(FINDING);
        record.put("column", finding.column());
        record.put("kind", finding.kind().name());
        record.put("example", finding.example());
        return record;
    }

    private static List<Finding> findings(Object avro) {
        List<Finding> findings = new ArrayList<>(0);
        ((List<?>) avro).forEach(each -> {
            GenericRecord record = (GenericRecord) each;
            findings.add(new Finding(
                    record.get("column").toString(),
                    Finding.Kind.valueOf(record.get("kind").toString()),
                    record.get("example").toString()));
        });
        return findings;
    }

    private static Map<String, String> raw(Object avro) {
        Map<String, String> raw = new HashMap<>();
        ((Map<?, ?>) avro).forEach((column, text) -> raw.put(column.toString(), text.toString()));
        return raw;
    }

    private static GenericRecord value(
            Contract contract, String kind, SourcePosition position, Provenance provenance, BucketState bucket) {
        Schema schema = contract.value();
        Lineage lineage = provenance.lineage();
        GenericRecord value = new GenericData.Record(schema);
        value.put("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), kind));
        value.put("position", ByteBuffer.wrap(position.bytes()));
        value.put("mapping_version", provenance.mappingVersion());
        value.put("source_table", provenance.source().text());
        value.put(
                "origin",
                new GenericData.EnumSymbol(
                        schema.getField("origin").schema(), lineage.origin().name()));
        value.put("transaction", lineage.transaction());
        value.put("committed_at", SourceEvents.micros(lineage.committedAt()));
        value.put("captured_at", SourceEvents.micros(lineage.capturedAt()));
        value.put("log_topic", provenance.log().topic());
        value.put("log_partition", provenance.log().partition());
        value.put("log_offset", provenance.log().offset());
        value.put("bucket", bucket.bucket().number());
        value.put("bucket_sequence", bucket.sequence());
        value.put("bucket_rows", bucket.digest().rows());
        value.put("bucket_sum", ByteBuffer.wrap(bucket.digest().sum()));
        value.put("fingerprint", ByteBuffer.allocate(0));
        value.put("raw", Map.of());
        value.put("findings", List.of());
        value.put("rule", "");
        return value;
    }

    private Contract contract(TableSchema table) {
        Contract known = contracts.get(table);
        if (known != null) {
            return known;
        }
        String topic = topics.canonical(table.table());
        Schema value = valueSchema(table);
        Schema key = RowContract.key(table);
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
                        schema.getField("row").schema().getTypes().get(1)));
    }
}
