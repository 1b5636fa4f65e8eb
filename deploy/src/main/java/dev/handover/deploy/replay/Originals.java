package dev.handover.deploy.replay;

import dev.handover.change.CanonicalEvent;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Outcome;
import dev.handover.change.Provenance;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.Mapper;
import dev.handover.row.RowKey;
import dev.handover.sink.postgres.DeadLetterIndex.Kept;
import dev.handover.wire.CanonicalEvents;
import dev.handover.wire.HttpSchemaRegistry;
import dev.handover.wire.SourceEvents;
import dev.handover.wire.Topics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Finds the record of the change log that became a dead letter. Used by one thread. */
final class Originals implements AutoCloseable {
    private final Topics topics;
    private final SourceEvents source;
    private final CanonicalEvents canonical;
    private final RecordFetch fetch;

    Originals(Assembly assembly) {
        HttpSchemaRegistry registry = assembly.registry();
        this.topics = assembly.topics();
        this.source = new SourceEvents(topics, assembly.partitions(), registry);
        this.canonical = new CanonicalEvents(topics, registry);
        this.fetch = new RecordFetch(assembly.kafka());
    }

    /** The record, or why there is none, in words for people. */
    record Found(Optional<Original> original, String why) {
        static Found none(String why) {
            return new Found(Optional.empty(), why);
        }
    }

    /** @throws Fault {@code replay-topic-missing} where there is nothing to send changes to */
    void requireReplayTopic() {
        if (!fetch.has(topics.replay())) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "replay-topic-missing",
                    "topic " + topics.replay() + " is not there",
                    "capture makes it: start capture again, and the transform after it");
        }
    }

    /** Whether a letter is about a row of the target. */
    boolean isOf(Kept letter, Mapper mapper, RowKey row) {
        return switch (letter.entry().stage()) {
            case "map" ->
                original(letter.entry().partition(), letter.key(), letter.value())
                        .original()
                        .filter(original ->
                                mapper.targetKey(original.change().key()).equals(row))
                        .isPresent();
            case "apply" ->
                canonical
                        .decode(letter.key(), letter.value())
                        .fold(
                                event -> event.foldEvent(
                                        change -> change.key().equals(row), mark -> false, chunk -> false),
                                rejection -> false);
            default -> false;
        };
    }

    /** The record behind a letter. */
    Found of(Kept letter) {
        String topic = letter.entry().topic();
        if (letter.entry().stage().equals("capture")) {
            return Found.none("its table was parked: load it again");
        }
        if (letter.entry().stage().equals("decode")) {
            return Found.none("it could not be read, or is of another table: load its table again");
        }
        if (topic.startsWith(topics.sourcePrefix()) || topic.equals(topics.replay())) {
            return original(letter.entry().partition(), letter.key(), letter.value());
        }
        Outcome<CanonicalEvent> decoded = canonical.decode(letter.key(), letter.value());
        return decoded.fold(
                event -> event.foldEvent(
                        change -> logged(change.provenance()),
                        mark -> Found.none("it is no change"),
                        chunk -> Found.none("it is no change")),
                rejection -> Found.none("it cannot be read"));
    }

    /** A change that the target refused keeps what the mapping made of it; what capture wrote is still in the log. */
    private Found logged(Provenance provenance) {
        LogCoordinates at = provenance.log();
        Optional<ConsumerRecord<byte[], byte[]>> record = fetch.at(at);
        return record.map(found ->
                        original(at.partition(), Optional.ofNullable(found.key()), Optional.ofNullable(found.value())))
                .orElseGet(() -> Found.none("the change log does not keep its record any more"));
    }

    private Found original(int partition, Optional<byte[]> key, Optional<byte[]> value) {
        Outcome<SourceEvent> decoded = source.decode(key, value);
        return decoded.fold(
                event -> event instanceof SourceChange change && key.isPresent() && value.isPresent()
                        ? new Found(
                                Optional.of(new Original(
                                        new ProducerRecord<>(topics.replay(), partition, key.get(), value.get()),
                                        change)),
                                "")
                        : Found.none("it is no change"),
                rejection -> Found.none("it cannot be read"));
    }

    @Override
    public void close() {
        fetch.close();
    }
}
