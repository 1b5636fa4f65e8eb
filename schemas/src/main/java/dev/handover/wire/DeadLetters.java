package dev.handover.wire;

import dev.handover.change.DeadLetter;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.change.Stage;
import dev.handover.wire.AvroBinary.UndecodableBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Writes and reads the records of the dead letter topic. Thread-safe. */
public final class DeadLetters {
    /** The contract of the topic. */
    public static final Schema SCHEMA = contract();

    private final Topics topics;
    private final SchemaRegistry registry;
    private final AvroBinary binary;

    public DeadLetters(Topics topics, SchemaRegistry registry) {
        this.topics = topics;
        this.registry = registry;
        this.binary = new AvroBinary(registry);
    }

    private static Schema contract() {
        try (InputStream in = DeadLetters.class.getResourceAsStream("dead-letter.avsc")) {
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In partition 0, under the original key. */
    public Encoded encode(DeadLetter letter) {
        GenericRecord value = new GenericData.Record(SCHEMA);
        value.put("stage", letter.stage().name());
        value.put("reason", letter.rejection().reason().name());
        value.put("place", letter.rejection().where());
        value.put("topic", letter.at().topic());
        value.put("partition", letter.at().partition());
        value.put("offset", letter.at().offset());
        value.put("key", letter.key().map(ByteBuffer::wrap).orElse(null));
        value.put("value", letter.value().map(ByteBuffer::wrap).orElse(null));
        value.put("table", letter.table());
        value.put("target", letter.target());
        value.put("position", letter.position());
        value.put("mapping_version", letter.mappingVersion());
        value.put("rejected_at", SourceEvents.micros(letter.rejectedAt()));
        int id = registry.register(topics.deadLetter() + "-value", SCHEMA);
        return new Encoded(topics.deadLetter(), 0, letter.key(), binary.write(id, value));
    }

    /** The dead letter that was encoded so, or why the bytes are none. */
    public Outcome<DeadLetter> decode(byte[] value) {
        try {
            GenericRecord record = binary.read(value);
            return Outcome.accepted(new DeadLetter(
                    Stage.valueOf(record.get("stage").toString()),
                    new Rejection(
                            Reason.valueOf(record.get("reason").toString()),
                            record.get("place").toString()),
                    new LogCoordinates(record.get("topic").toString(), (Integer) record.get("partition"), (Long)
                            record.get("offset")),
                    optional(record.get("key")),
                    optional(record.get("value")),
                    record.get("table").toString(),
                    record.get("target").toString(),
                    record.get("position").toString(),
                    (Integer) record.get("mapping_version"),
                    SourceEvents.instant((Long) record.get("rejected_at"))));
        } catch (UndecodableBytes e) {
            return Outcome.rejected(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            return Outcome.rejected(Reason.UNDECODABLE, "contract");
        }
    }

    private static Optional<byte[]> optional(@Nullable Object avro) {
        return avro == null ? Optional.empty() : Optional.of(SourceEvents.bytes(avro));
    }
}
