package dev.handover.transform.topology;

import dev.handover.wire.Encoded;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/** An encoded record knows its topic. */
final class OwnTopic implements TopicNameExtractor<byte[], Encoded> {
    @Override
    public String extract(byte[] key, Encoded encoded, RecordContext context) {
        return encoded.topic();
    }

    /** As the description of the topology names it. */
    @Override
    public String toString() {
        return "the record's own topic";
    }
}
