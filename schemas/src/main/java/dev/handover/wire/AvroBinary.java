package dev.handover.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Framed Avro records: one record a call, by the schema that it was written under. Thread-safe. */
final class AvroBinary {
    private final SchemaRegistry registry;
    private final Map<Schema, GenericDatumWriter<GenericRecord>> writers = new ConcurrentHashMap<>();
    private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new ConcurrentHashMap<>();

    AvroBinary(SchemaRegistry registry) {
        this.registry = registry;
    }

    byte[] write(int schemaId, GenericRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        out.writeBytes(ConfluentFrame.header(schemaId));
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            writers.computeIfAbsent(record.getSchema(), schema -> new GenericDatumWriter<>(schema))
                    .write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The record and its writer's schema. @throws UndecodableBytes when the bytes are not a framed record */
    GenericRecord read(byte[] bytes) throws UndecodableBytes {
        OptionalInt id = ConfluentFrame.schemaId(bytes);
        if (id.isEmpty()) {
            throw new UndecodableBytes("frame");
        }
        GenericDatumReader<GenericRecord> reader =
                readers.computeIfAbsent(id.getAsInt(), each -> new GenericDatumReader<>(registry.schema(each)));
        BinaryDecoder decoder = DecoderFactory.get()
                .binaryDecoder(bytes, ConfluentFrame.HEADER_BYTES, bytes.length - ConfluentFrame.HEADER_BYTES, null);
        try {
            GenericRecord record = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new UndecodableBytes("length");
            }
            return record;
        } catch (IOException | RuntimeException e) {
            // A truncated or foreign record may fail anywhere within Avro; the text of the failure may quote the bytes.
            throw new UndecodableBytes("avro");
        }
    }

    /** The bytes are not a record of a contract; names the part, never the bytes. */
    static final class UndecodableBytes extends Exception {
        private static final long serialVersionUID = 1;

        UndecodableBytes(String part) {
            super(part);
        }
    }
}
