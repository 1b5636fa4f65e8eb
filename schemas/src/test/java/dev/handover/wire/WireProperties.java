package dev.handover.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalChunk;
import dev.handover.change.CanonicalEvent;
import dev.handover.change.CanonicalMark;
import dev.handover.change.DeadLetter;
import dev.handover.change.Finding;
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
import dev.handover.digest.Fingerprint;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.Samples;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class WireProperties {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
    private static final Lineage LINEAGE = new Lineage(Origin.LOAD, "", NOON, NOON);
    private static final SourcePosition POSITION = SourcePosition.mariadb(new SourceId("lab"), 0, 3, 4711, 1);
    private static final TableId RESULT = TableId.parse("lab.lis.result");
    private static final Provenance PROVENANCE =
            new Provenance(RESULT, LINEAGE, new LogCoordinates("demo.source.lab.lis.result", 2, 77), 3);

    private final SchemaRegistry registry = new InMemorySchemaRegistry();
    private final SourceEvents source = new SourceEvents(new Topics("demo"), 4, registry);
    private final CanonicalEvents canonical = new CanonicalEvents(new Topics("demo"), registry);

    @Test
    void anyRowOfAnyTableComesBackEqualFromTheChangeLog() {
        for (long seed = 0; seed < 300; seed++) {
            Samples samples = new Samples(seed);
            Row row = samples.row(samples.schema(TableId.parse("lab.lis.t" + seed)));
            SourceEvent change = new SourceChange.Upsert(row.key(), POSITION, LINEAGE, row);
            Encoded encoded = source.encode((SourceChange) change);
            assertThat(source.decode(encoded.key(), Optional.of(encoded.value())))
                    .as("seed %d", seed)
                    .isEqualTo(Outcome.accepted(change));
        }
    }

    @Test
    void anyRowOfAnyTableComesBackEqualFromACanonicalTopic() {
        for (long seed = 0; seed < 300; seed++) {
            Samples samples = new Samples(seed);
            Row row = samples.row(samples.schema(TableId.target("clinical", "t" + seed)));
            assertReturns(upsert(row, seed));
            assertReturns(new CanonicalChange.Delete(
                    row.schema(), row.key(), POSITION, PROVENANCE, BucketState.empty(Bucket.of(row.key())), "adults"));
            assertReturns(new CanonicalMark(row.schema(), POSITION, true, PROVENANCE));
            assertReturns(canonicalChunk(row.schema(), seed));
        }
    }

    /** Accounts hold arrays, so they are equal where their bytes are. */
    @Test
    void anyChunkComesBackEqualFromThePartitionItIsFor() {
        for (long seed = 0; seed < 60; seed++) {
            SourceChunk chunk = chunk(new Samples(seed).schema(TableId.parse("lab.lis.t" + seed)), seed);
            Encoded encoded = source.encode(chunk, 3);
            assertThat(encoded.partition()).isEqualTo(3);
            assertThat(encoded.topic()).isEqualTo("demo.source.lab.lis.t" + seed);
            SourceChunk back = (SourceChunk)
                    source.decode(encoded.key(), Optional.of(encoded.value())).fold(event -> event, rejection -> {
                        throw new AssertionError(rejection.toString());
                    });
            assertThat(back.accounts().encode())
                    .as("seed %d", seed)
                    .isEqualTo(chunk.accounts().encode());
            assertThat(new SourceChunk(back.schema(), back.position(), back.takenAt(), chunk.accounts()))
                    .as("seed %d", seed)
                    .isEqualTo(chunk);
        }
    }

    /** Change logs are compacted: of records under one key only the last stays. */
    @Test
    void noTwoChunksAndNoChunkAndMarkShareAKey() {
        TableSchema schema = new Samples(5).schema(RESULT);
        Set<String> keys = new HashSet<>();
        for (int number = 0; number < 300; number++) {
            for (String target : List.of("result", "finding")) {
                ChunkAccounts accounts = accounts(TableId.target("clinical", target), number, 1);
                Encoded encoded = source.encode(new SourceChunk(schema, POSITION, NOON, accounts), 0);
                assertThat(keys.add(HexFormat.of().formatHex(encoded.key().orElseThrow())))
                        .isTrue();
            }
        }
        Encoded mark = source.encode(new Mark(schema, POSITION, Origin.STREAM, true, NOON, NOON), 0);
        assertThat(keys).doesNotContain(HexFormat.of().formatHex(mark.key().orElseThrow()));
    }

    private static SourceChunk chunk(TableSchema schema, long seed) {
        return new SourceChunk(
                schema, POSITION, NOON, accounts(TableId.target("clinical", "t" + seed), (int) seed, (int) seed + 1));
    }

    private static ChunkAccounts accounts(TableId target, int number, int rows) {
        ChunkAccounts.Gathering gathering = new ChunkAccounts.Gathering();
        for (int id = 0; id < rows; id++) {
            RowKey key = RowKey.of(new Value.Int(id));
            gathering.add(Bucket.of(key), key, new Fingerprint(id, -2, 3, -4), new byte[id % 3]);
        }
        return Optional.ofNullable(gathering.byPartition(target, 2, number, 1).get(0))
                .orElseThrow();
    }

    private static CanonicalChunk canonicalChunk(TableSchema schema, long seed) {
        List<BucketState> buckets = new ArrayList<>();
        for (int number = 0; number < 1 + seed % 5; number++) {
            buckets.add(new BucketState(new Bucket(1023 - number), 1L << 40, new Digest(seed, -1, 2, -3, number)));
        }
        return new CanonicalChunk(schema, POSITION, (int) seed, 5_000_000_000L, buckets, PROVENANCE);
    }

    private void assertReturns(CanonicalEvent event) {
        Encoded encoded = canonical.encode(event);
        assertThat(encoded.partition()).isEqualTo(2);
        assertThat(canonical.decode(encoded.key(), Optional.of(encoded.value())))
                .isEqualTo(Outcome.accepted(event));
    }

    @Test
    void bytesThatWereCutAnywhereAreARejectionAndNeverAnException() {
        Samples samples = new Samples(5);
        Row row = samples.row(samples.schema(RESULT));
        Encoded encoded = source.encode(new SourceChange.Upsert(row.key(), POSITION, LINEAGE, row));
        assertEveryCutIsRejected(encoded, source::decode);
        assertEveryCutIsRejected(source.encode(chunk(row.schema(), 3), 0), source::decode);
        assertEveryCutIsRejected(canonical.encode(canonicalChunk(row.schema(), 3)), canonical::decode);
    }

    private static void assertEveryCutIsRejected(
            Encoded encoded, BiFunction<Optional<byte[]>, Optional<byte[]>, Outcome<?>> decode) {
        for (int length = 0; length < encoded.value().length; length++) {
            byte[] cut = java.util.Arrays.copyOf(encoded.value(), length);
            assertThat(decode.apply(encoded.key(), Optional.of(cut)))
                    .as("length %d", length)
                    .isInstanceOf(Outcome.Rejected.class);
        }
    }

    /** The bytes within the record are not Avro's, and have ends of their own. */
    @Test
    void aChunkWhoseOwnBytesAreCutIsARejection() {
        TableSchema schema = new Samples(5).schema(RESULT);
        Encoded chunk = source.encode(chunk(schema, 0), 0);
        Encoded counted = canonical.encode(canonicalChunk(schema, 0));
        for (int bytes = 1; bytes < 40; bytes++) {
            assertThat(source.decode(chunk.key(), Optional.of(withoutTheLast(bytes, chunk))))
                    .as("%d bytes of the accounts", bytes)
                    .isInstanceOf(Outcome.Rejected.class);
            assertThat(canonical.decode(counted.key(), Optional.of(withoutTheLast(bytes, counted))))
                    .as("%d bytes of the states", bytes)
                    .isInstanceOf(Outcome.Rejected.class);
        }
    }

    private byte[] withoutTheLast(int bytes, Encoded encoded) {
        try {
            Schema schema =
                    registry.schema(ConfluentFrame.schemaId(encoded.value()).orElseThrow());
            GenericRecord record = new GenericDatumReader<GenericRecord>(schema)
                    .read(
                            null,
                            DecoderFactory.get().binaryDecoder(encoded.value(), 5, encoded.value().length - 5, null));
            ByteBuffer own = (ByteBuffer) record.get("chunk");
            record.put("chunk", own.slice(0, own.remaining() - bytes));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(encoded.value(), 0, 5);
            new GenericDatumWriter<GenericRecord>(schema)
                    .write(record, EncoderFactory.get().directBinaryEncoder(out, null));
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void bytesThatWereChangedAnywhereAreNeverAnException() {
        Random random = new Random(11);
        for (long seed = 0; seed < 60; seed++) {
            Samples samples = new Samples(seed);
            Row row = samples.row(samples.schema(TableId.parse("lab.lis.t" + seed)));
            assertAnyChangeIsNoException(canonical.encode(upsert(row, seed)), canonical::decode, random);
            assertAnyChangeIsNoException(
                    canonical.encode(canonicalChunk(row.schema(), seed)), canonical::decode, random);
            assertAnyChangeIsNoException(source.encode(chunk(row.schema(), seed), 0), source::decode, random);
        }
    }

    private static void assertAnyChangeIsNoException(
            Encoded encoded, BiFunction<Optional<byte[]>, Optional<byte[]>, Outcome<?>> decode, Random random) {
        for (int i = 0; i < 200; i++) {
            byte[] changed = encoded.value().clone();
            changed[5 + random.nextInt(changed.length - 5)] = (byte) random.nextInt(256);
            assertThat(decode.apply(encoded.key(), Optional.of(changed)))
                    .as("%s, change %d", encoded.topic(), i)
                    .isNotNull();
        }
    }

    /** Avro's own reader and writer agree, byte by byte, under the schema that is in the registry. */
    @Test
    void everyRecordIsAvroOfItsRegisteredSchema() throws IOException {
        for (long seed = 0; seed < 100; seed++) {
            Samples samples = new Samples(seed);
            Row row = samples.row(samples.schema(TableId.parse("lab.lis.t" + seed)));
            assertAvro(source.encode(new SourceChange.Upsert(row.key(), POSITION, LINEAGE, row)));
            assertAvro(source.encode(new SourceChange.Delete(row.schema(), row.key(), POSITION, LINEAGE)));
            assertAvro(source.encode(new Mark(row.schema(), POSITION, Origin.STREAM, true, NOON, NOON), 1));
            assertAvro(source.encode(chunk(row.schema(), seed), 1));
            assertAvro(canonical.encode(upsert(row, seed)));
            assertAvro(canonical.encode(new CanonicalMark(row.schema(), POSITION, true, PROVENANCE)));
            assertAvro(canonical.encode(canonicalChunk(row.schema(), seed)));
        }
    }

    private void assertAvro(Encoded encoded) throws IOException {
        assertAvro(encoded.value());
        if (encoded.key().isPresent()) {
            assertAvro(encoded.key().get());
        }
    }

    private void assertAvro(byte[] framed) throws IOException {
        Schema schema = registry.schema(ConfluentFrame.schemaId(framed).orElseThrow());
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(framed, 5, framed.length - 5, null);
        Object record = new GenericDatumReader<>(schema).read(null, decoder);
        assertThat(decoder.isEnd()).isTrue();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(framed, 0, 5);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(record, encoder);
        assertThat(out.toByteArray()).isEqualTo(framed);
    }

    /** Records from before findings, rules and chunks were told are still in somebody's topic. */
    @Test
    void aRecordOfAnOlderSchemaIsReadWithWhatItLacksLeftEmpty() throws IOException {
        Row row = new Samples(3).row(new Samples(3).schema(RESULT));
        CanonicalMark mark = new CanonicalMark(row.schema(), POSITION, true, PROVENANCE);
        Encoded marked = canonical.encode(mark);
        assertThat(canonical.decode(marked.key(), Optional.of(older(marked, Set.of("findings", "rule", "chunk")))))
                .isEqualTo(Outcome.accepted(mark));
        CanonicalChange.Upsert upsert = upsert(row, 3);
        Encoded upserted = canonical.encode(upsert);
        assertThat(canonical.decode(upserted.key(), Optional.of(older(upserted, Set.of("chunk")))))
                .isEqualTo(Outcome.accepted(upsert));
        SourceEvent change = new SourceChange.Upsert(row.key(), POSITION, LINEAGE, row);
        Encoded changed = source.encode((SourceChange) change);
        assertThat(source.decode(changed.key(), Optional.of(older(changed, Set.of("chunk")))))
                .isEqualTo(Outcome.accepted(change));
        SourceEvent told = new Mark(row.schema(), POSITION, Origin.STREAM, true, NOON, NOON);
        Encoded heard = source.encode((Mark) told, 2);
        assertThat(source.decode(heard.key(), Optional.of(older(heard, Set.of("chunk")))))
                .isEqualTo(Outcome.accepted(told));
    }

    /** The record as a writer would have written it that knew neither these fields nor that there are chunks. */
    private byte[] older(Encoded now, Set<String> missing) throws IOException {
        Schema written = registry.schema(ConfluentFrame.schemaId(now.value()).orElseThrow());
        Schema older = Schema.createRecord(
                written.getName(),
                written.getDoc(),
                written.getNamespace(),
                false,
                written.getFields().stream()
                        .filter(field -> !missing.contains(field.name()))
                        .map(field -> field.name().equals("kind")
                                ? new Schema.Field("kind", withoutChunks(field.schema()))
                                : new Schema.Field(field, field.schema()))
                        .toList());
        written.getObjectProps().forEach(older::addProp);
        GenericRecord record = new GenericDatumReader<GenericRecord>(written, older)
                .read(null, DecoderFactory.get().binaryDecoder(now.value(), 5, now.value().length - 5, null));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ConfluentFrame.header(registry.register("older-value", older)));
        new GenericDatumWriter<GenericRecord>(older)
                .write(record, EncoderFactory.get().directBinaryEncoder(out, null));
        return out.toByteArray();
    }

    private static Schema withoutChunks(Schema kinds) {
        List<String> symbols = new ArrayList<>(kinds.getEnumSymbols());
        assertThat(symbols.remove("CHUNK")).isTrue();
        return Schema.createEnum(kinds.getName(), kinds.getDoc(), kinds.getNamespace(), symbols);
    }

    private static CanonicalChange.Upsert upsert(Row row, long seed) {
        return new CanonicalChange.Upsert(
                row.key(),
                POSITION,
                PROVENANCE,
                new BucketState(Bucket.of(row.key()), seed, new Digest(seed, -1, 2, -3, 4)),
                row,
                new Fingerprint(1, -2, 3, -4),
                Map.of("dob", "19430101"),
                List.of(new Finding("sex", Finding.Kind.UNMAPPED, "A")));
    }

    @Test
    void aRecordOfSomebodyElsesContractIsARejection() {
        DeadLetters letters = new DeadLetters(new Topics("demo"), registry);
        Encoded foreign = letters.encode(letter());
        assertThat(source.decode(Optional.empty(), Optional.of(foreign.value())))
                .isEqualTo(Outcome.rejected(Reason.UNDECODABLE, "contract"));
    }

    @Test
    void aDeadLetterComesBackEqual() {
        DeadLetters letters = new DeadLetters(new Topics("demo"), registry);
        assertThat(letters.decode(letters.encode(letter()).value())).isEqualTo(Outcome.accepted(letter()));
    }

    @Test
    void aColumnMoreIsCompatibleAndAColumnOfAnotherTypeIsRefused() {
        Column id = new Column("id", ColumnType.of(Kind.INT64), false);
        Column value = new Column("value", ColumnType.text(40), true);
        source.register(new TableSchema(RESULT, List.of(id, value), List.of("id")));
        source.register(new TableSchema(
                RESULT, List.of(id, value, new Column("unit", ColumnType.text(10), true)), List.of("id")));
        TableSchema changed = new TableSchema(
                RESULT, List.of(id, new Column("value", ColumnType.of(Kind.INT64), true)), List.of("id"));
        assertThatThrownBy(() -> source.register(changed))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo("schema-incompatible"));
    }

    @Test
    void aTopicNameIsLegalWhateverTheTableIsCalled() {
        assertThat(new Topics("demo").source(TableId.parse("pas.public.Ordre médical")))
                .isEqualTo("demo.source.pas.public.Ordre_x0020m_x00e9dical");
        assertThatThrownBy(() -> new Topics("my pipeline")).hasMessageContaining("\"my pipeline\"");
    }

    private static DeadLetter letter() {
        return new DeadLetter(
                Stage.MAP,
                new Rejection(Reason.UNPARSABLE, "birth_date"),
                new LogCoordinates("demo.source.lab.lis.result", 1, 5),
                Optional.of(new byte[] {1}),
                Optional.empty(),
                "lab.lis.result",
                "clinical.observation",
                "0/1+2",
                3,
                NOON);
    }
}
