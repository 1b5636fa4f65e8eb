package dev.handover.wire;

import dev.handover.row.TableId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/**
 * An object of the archive: an Avro container file of raw values, the same bytes for the same values, and named by its
 * own SHA-256.
 */
public final class RawObject {
    private static final int SYNC_BYTES = 16;
    private static final int DEFLATE_LEVEL = 6;
    private static final Schema SCHEMA = SchemaBuilder.record("RawValues")
            .namespace(RowContract.NAMESPACE)
            .doc("What the source said of a row, where the target row does not give it back. Holds data of patients.")
            .fields()
            .requiredString("target")
            .requiredString("source")
            .requiredBytes("key")
            .requiredBytes("position")
            .requiredInt("mapping_version")
            .name("raw")
            .type()
            .map()
            .values()
            .stringType()
            .noDefault()
            .endRecord();

    private RawObject() {}

    /**
     * The raw values of one version of one row.
     *
     * @param key canonical bytes of the target key
     * @param position bytes of the source position
     * @param raw by source column, canonical text
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Entry(
            String target, TableId source, byte[] key, byte[] position, int mappingVersion, Map<String, String> raw) {
        public Entry {
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(source, "source");
            raw = Map.copyOf(raw);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Entry that
                    && target.equals(that.target)
                    && source.equals(that.source)
                    && Arrays.equals(key, that.key)
                    && Arrays.equals(position, that.position)
                    && mappingVersion == that.mappingVersion
                    && raw.equals(that.raw);
        }

        @Override
        public int hashCode() {
            return Objects.hash(target, source, Arrays.hashCode(key), mappingVersion);
        }

        @Override
        public String toString() {
            return "raw values of a row of " + target;
        }
    }

    /** The file of these entries, in their order. */
    public static byte[] encode(List<Entry> entries) {
        List<GenericRecord> records = entries.stream().map(RawObject::record).toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(SCHEMA))) {
            writer.setCodec(CodecFactory.deflateCodec(DEFLATE_LEVEL));
            // Avro's own sync marker is random, and the same values would make another object each time.
            writer.create(SCHEMA, bytes, Arrays.copyOf(sha256(digestible(entries)), SYNC_BYTES));
            for (GenericRecord record : records) {
                writer.append(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] digestible(List<Entry> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(entry.target())
                .append(HexFormat.of().formatHex(entry.key()))
                .append(HexFormat.of().formatHex(entry.position()))
                .append(entry.mappingVersion()));
        return text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static GenericRecord record(Entry entry) {
        GenericRecord record = new GenericData.Record(SCHEMA);
        record.put("target", entry.target());
        record.put("source", entry.source().text());
        record.put("key", ByteBuffer.wrap(entry.key()));
        record.put("position", ByteBuffer.wrap(entry.position()));
        record.put("mapping_version", entry.mappingVersion());
        // In the order of names: a hash map's own order may differ from process to process.
        record.put("raw", new TreeMap<>(entry.raw()));
        return record;
    }

    /**
     * The entries of a file.
     *
     * @throws IllegalArgumentException when the bytes are no such file; the message holds no value
     */
    public static List<Entry> decode(byte[] file) {
        List<Entry> entries = new ArrayList<>();
        try (DataFileReader<GenericRecord> reader =
                new DataFileReader<>(new SeekableByteArrayInput(file), new GenericDatumReader<>(SCHEMA))) {
            for (GenericRecord record : reader) {
                entries.add(entry(record));
            }
        } catch (IOException | org.apache.avro.AvroRuntimeException e) {
            throw new IllegalArgumentException("not an object of the archive");
        }
        return entries;
    }

    private static Entry entry(GenericRecord record) {
        Map<String, String> raw = new TreeMap<>();
        ((Map<?, ?>) record.get("raw")).forEach((column, text) -> raw.put(column.toString(), text.toString()));
        return new Entry(
                record.get("target").toString(),
                TableId.parse(record.get("source").toString()),
                SourceEvents.bytes(record.get("key")),
                SourceEvents.bytes(record.get("position")),
                (Integer) record.get("mapping_version"),
                raw);
    }

    /** The name of a file: its SHA-256 in hexadecimal. */
    public static String name(byte[] file) {
        return HexFormat.of().formatHex(sha256(file));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
