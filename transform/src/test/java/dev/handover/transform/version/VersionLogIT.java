package dev.handover.transform.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.transform.topology.Broker;
import dev.handover.transform.version.VersionLog.Recorded;
import dev.handover.wire.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker. */
class VersionLogIT {
    private static final Topics TOPICS = new Topics("demo");
    private static final UsedVersion FIRST = new UsedVersion("pas.public.a b.c|d", "ehr.\u00e4 %", 1, "aa");
    private static final UsedVersion SECOND = new UsedVersion("pas.public.note", "ehr.note", 2, "bb");
    private static final UsedVersion CONTRADICTION = new UsedVersion("pas.public.note", "ehr.note", 2, "cc");

    @Test
    void whatIsWrittenDownIsReadInItsOrder(@TempDir Path directory) throws Exception {
        try (Broker broker = Broker.start(directory)) {
            VersionLog log = log(broker);
            assertThat(log.read()).isEqualTo(Recorded.NONE);
            RenewedRows renewed = new RenewedRows(FIRST.source(), FIRST.target(), 1);

            log.add(renewed);

            assertThat(log.read())
                    .as("no start, of which one is finished")
                    .isEqualTo(new Recorded(false, List.of(), Set.of(renewed)));
            assertThat(log.add(List.of(FIRST, SECOND)))
                    .isEqualTo(log(broker).read())
                    .isEqualTo(new Recorded(true, List.of(FIRST, SECOND), Set.of(renewed)));
            assertThat(log.add(List.of(CONTRADICTION)).versions()).containsExactly(FIRST, SECOND, CONTRADICTION);
            assertThat(log.read().of("pas.public.note", "ehr.note"))
                    .as("the earlier one counts")
                    .containsExactly(SECOND);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.mappings());
                assertThat(admin.describeConfigs(List.of(topic)).all().get().values())
                        .allMatch(config -> Optional.ofNullable(config.get("cleanup.policy"))
                                .filter(policy -> policy.value().equals("compact"))
                                .isPresent())
                        .hasSize(1);
            }
        }
    }

    @Test
    void topicsThatAGroupHasReadFrom(@TempDir Path directory) throws Exception {
        try (Broker broker = Broker.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            VersionLog log = log(broker);
            log.add(List.of(FIRST));
            assertThat(log.topicsRead("nobody")).isEmpty();
            TopicPartition partition = new TopicPartition(TOPICS.mappings(), 0);

            admin.alterConsumerGroupOffsets("idle", Map.of(partition, new OffsetAndMetadata(0)))
                    .all()
                    .get();
            admin.alterConsumerGroupOffsets("busy", Map.of(partition, new OffsetAndMetadata(1)))
                    .all()
                    .get();

            assertThat(log.topicsRead("idle")).isEmpty();
            assertThat(log.topicsRead("busy")).containsExactly(TOPICS.mappings());
        }
    }

    private static VersionLog log(Broker broker) {
        return new VersionLog(Map.of("bootstrap.servers", broker.bootstrap()), TOPICS, 1, 1, () -> Instant.EPOCH);
    }
}
