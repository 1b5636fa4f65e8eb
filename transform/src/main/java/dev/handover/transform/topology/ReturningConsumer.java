package dev.handover.transform.topology;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer of the change logs. A member that comes back under its name is given what it had, and when it leads the
 * group, it takes the topics of that moment for those that were shared out: one that was made while it was away would
 * have no reader until another is made, or the member is away for longer than its session. So whoever is given
 * partitions of some topics and not of others asks the group to share all out anew. That finds every such topic,
 * because all change logs have the same number of partitions and a task reads its partition of each. What is made
 * later, the leader notices by itself. A member without a task cannot tell and does not ask: a database that had no
 * table at all when the transform was stopped keeps the old fault for its first.
 *
 * <p>Used by one thread, as every consumer. It inherits, because Kafka Streams takes the consumer that it polls from
 * its client supplier, and asking is the consumer's own.
 */
final class ReturningConsumer extends KafkaConsumer<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(ReturningConsumer.class);

    ReturningConsumer(Map<String, Object> settings) {
        super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void subscribe(Pattern topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new Asking(listener));
    }

    /** The topics that the tasks of a member leave out; none without a task, as there may be fewer than members. */
    static Set<String> leftOut(Set<String> present, Set<TopicPartition> assigned) {
        if (assigned.isEmpty()) {
            return Set.of();
        }
        Set<String> topics = new TreeSet<>(present);
        assigned.forEach(partition -> topics.remove(partition.topic()));
        return topics;
    }

    /** Asks once for a topic: one that has fewer partitions than the others must not be asked for without end. */
    private final class Asking implements ConsumerRebalanceListener {
        private final ConsumerRebalanceListener streams;
        private Set<String> asked = Set.of();

        Asking(ConsumerRebalanceListener streams) {
            this.streams = streams;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            streams.onPartitionsAssigned(added);
            Set<String> missing = leftOut(subscription(), assignment());
            if (!asked.containsAll(missing)) {
                LOG.atInfo()
                        .addKeyValue("topics", missing.size())
                        .addKeyValue("partitions", assignment().size())
                        .log("change logs have no reader, asking the group to share all out anew");
                enforceRebalance("change logs may have been made while this member was away");
            }
            asked = missing;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            streams.onPartitionsRevoked(revoked);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            streams.onPartitionsLost(lost);
        }
    }
}
