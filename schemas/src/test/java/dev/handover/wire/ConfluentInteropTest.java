package dev.handover.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Lineage;
import dev.handover.change.Origin;
import dev.handover.change.Outcome;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.Samples;
import dev.handover.row.TableId;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** What we write, Confluent's own deserializer reads; what its serializer writes, we read. */
class ConfluentInteropTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Map<String, String> CONFIG = Map.of("schema.registry.url", "mock://interop");

    private final SchemaRegistryClient client = new MockSchemaRegistryClient();
    private final SourceEvents events = new SourceEvents(new Topics("demo"), 4, new ClientRegistry(client));

    @Test
    void theirDeserializerReadsOurRecordAndOurDecoderReadsTheirs() {
        for (long seed = 0; seed < 50; seed++) {
            Samples samples = new Samples(seed);
            Row row = samples.row(samples.schema(TableId.parse("pas.public.t" + seed)));
            SourceEvent change = new SourceChange.Upsert(
                    row.key(),
                    SourcePosition.postgres(new SourceId("pas"), 7, 1),
                    new Lineage(Origin.STREAM, "771", NOON, NOON),
                    row);
            Encoded ours = events.encode((SourceChange) change);
            GenericRecord read;
            try (KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer(client)) {
                deserializer.configure(CONFIG, false);
                read = (GenericRecord) deserializer.deserialize(ours.topic(), ours.value());
            }
            assertThat(read.get("kind")).hasToString("UPSERT");
            byte[] theirs;
            try (KafkaAvroSerializer serializer = new KafkaAvroSerializer(client)) {
                serializer.configure(CONFIG, false);
                theirs = serializer.serialize(ours.topic(), read);
            }
            assertThat(theirs).as("seed %d", seed).isEqualTo(ours.value());
            assertThat(events.decode(ours.key(), Optional.of(theirs))).isEqualTo(Outcome.accepted(change));
        }
    }

    /** Confluent's client as our registry. */
    private record ClientRegistry(SchemaRegistryClient client) implements SchemaRegistry {
        @Override
        public int register(String subject, Schema schema) {
            try {
                return client.register(subject, new AvroSchema(schema));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (RestClientException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Schema schema(int id) {
            try {
                return ((AvroSchema) client.getSchemaById(id)).rawSchema();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (RestClientException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
