package dev.handover.wire;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import dev.handover.wire.AvroBinary.UndecodableBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/**
 * An object of the archive: an Avro container file (Apache Avro specification 1.12, "Object Container Files") of
 * complete rows of one chunk of a load, as the source said them, compressed with Zstandard. The same rows make the same
 * bytes, and the object is named by their SHA-256 ({@link RawObject#name}), so that a chunk that is tried again names
 * the objects that are there.
 */
public final class LoadObject {
    private static final int SYNC_BYTES = 16;
    private static final int ZSTANDARD_LEVEL = 3;
    private static final String POSITION = "handover.position";
    private static final String TAKEN_AT = "handover.taken_at";
    private static final String CHUNK = "handover.chunk";
    private static final String PART = "handover.part";

    private LoadObject() {}

    /**
     * What an object says of its rows.
     *
     * @param schema of the source table
     * @param position that all its rows have
     * @param takenAt when the snapshot was taken that they were read in
     * @param chunk of the table's load, from 0 on
     * @param part of the chunk, from 0 on
     */
    public record Head(TableSchema schema, SourcePosition position, Instant takenAt, int chunk, int part) {
        public Head {
            Objects.requireNonNull(schema, "schema");
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(takenAt, "takenAt");
        }

        /** Of the object after this one. */
        public Head next() {
            return new Head(schema, position, takenAt, chunk, part + 1);
        }
    }

    /** What was read of an object. */
    public record Content(Head head, List<Row> rows) {
        public Content {
            rows = List.copyOf(rows);
        }
    }

    /** Takes rows and makes an object of them. Used by one thread. */
    public static final class Writing {
        private final Head head;
        private final ByteArrayOutputStream file = new ByteArrayOutputStream(1 << 16);
        private final DataFileWriter<GenericRecord> writer;
        private long bytes;

        /** No rows yet. */
        public Writing(Head head) {
            this.head = head;
            Schema schema = RowContract.row(head.schema(), RowContract.Cells.PARTIAL);
            this.writer = new DataFileWriter<>(new GenericDatumWriter<>(schema));
            writer.setCodec(CodecFactory.zstandardCodec(ZSTANDARD_LEVEL, true));
            String position = HexFormat.of().formatHex(head.position().bytes());
            writer.setMeta(POSITION, position);
            writer.setMeta(TAKEN_AT, head.takenAt().toString());
            writer.setMeta(CHUNK, head.chunk());
            writer.setMeta(PART, head.part());
            String marker = String.join(
                    "\n", schema.toString(), position, Integer.toString(head.chunk()), Integer.toString(head.part()));
            try {
                // Avro's own marker is random, and the same rows would make another object each time.
                writer.create(
                        schema,
                        file,
                        Arrays.copyOf(RawObject.sha256(marker.getBytes(StandardCharsets.UTF_8)), SYNC_BYTES));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Takes a row of the schema. */
        public void add(Row row) {
            AvroOut out = AvroOut.value(0);
            RowLayout.write(out, row);
            byte[] framed = out.toBytes();
            try {
                writer.appendEncoded(ByteBuffer.wrap(
                        framed, ConfluentFrame.HEADER_BYTES, framed.length - ConfluentFrame.HEADER_BYTES));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            bytes += framed.length;
        }

        public Head head() {
            return head;
        }

        /** Bytes of the rows taken, before compression. */
        public long bytes() {
            return bytes;
        }

        /** The object, which takes no more rows. */
        public byte[] end() {
            try {
                writer.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return file.toByteArray();
        }
    }

    /**
     * The rows of an object, in their order.
     *
     * @throws IllegalArgumentException when the bytes are no such object; the message holds no value
     */
    public static Content decode(byte[] file) {
        try (DataFileReader<GenericRecord> reader =
                new DataFileReader<>(new SeekableByteArrayInput(file), new GenericDatumReader<>())) {
            RowLayout layout = RowLayout.of(reader.getSchema());
            List<Row> rows = new ArrayList<>();
            while (reader.hasNext()) {
                ByteBuffer block = reader.nextBlock();
                byte[] framed = new byte[ConfluentFrame.HEADER_BYTES + block.remaining()];
                ConfluentFrame.header(0, framed);
                block.get(framed, ConfluentFrame.HEADER_BYTES, block.remaining());
                AvroIn in = new AvroIn(framed);
                for (long left = reader.getBlockCount(); left > 0; left--) {
                    rows.add(layout.read(in));
                }
                in.end();
            }
            if (reader.previousSync() != file.length) {
                // Avro takes a block that is cut off for the end
                throw new IllegalArgumentException("cut off");
            }
            TableSchema schema = layout.table();
            SourcePosition position = SourcePosition.decode(
                    new SourceId(schema.table().database()), HexFormat.of().parseHex(reader.getMetaString(POSITION)));
            return new Content(
                    new Head(
                            schema,
                            position,
                            Instant.parse(reader.getMetaString(TAKEN_AT)),
                            (int) reader.getMetaLong(CHUNK),
                            (int) reader.getMetaLong(PART)),
                    rows);
        } catch (IOException
                | AvroRuntimeException
                | UndecodableBytes
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NullPointerException
                | java.time.format.DateTimeParseException e) {
            throw new IllegalArgumentException("not an object of a load");
        }
    }
}
