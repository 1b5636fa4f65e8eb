package dev.handover.capture.engine;

import dev.handover.capture.publish.StateTopic;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.row.TableId;
import dev.handover.wire.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** What capture remembers of its tables, for whoever looks from outside while it runs or not. */
public final class RecordedTables {
    private static final String ANSWER_MILLIS_MAX = "5000";

    private RecordedTables() {}

    /**
     * The tables of a source that were loaded; none before capture ran for the first time.
     *
     * @param kafka properties of the clients
     * @throws Fault {@code kafka-unreachable}
     */
    public static Map<TableId, RecordedTable> read(Map<String, String> kafka, Topics topics, String source) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("request.timeout.ms", ANSWER_MILLIS_MAX);
        settings.put("default.api.timeout.ms", ANSWER_MILLIS_MAX);
        try (Admin admin = Admin.create(settings)) {
            if (!admin.listTopics().names().get().contains(topics.state())) {
                return Map.of();
            }
        } catch (KafkaException | ExecutionException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.UNREACHABLE,
                    "kafka-unreachable",
                    "kafka did not answer about the schemas that capture remembers",
                    "check that the brokers run, and that kafka.bootstrap and kafka.security are right");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(e, ExitCode.FAILED, "interrupted", "interrupted while asking kafka", "start again");
        }
        return new Ledger(new SourceId(source), StateTopic.read(kafka, topics)).recorded();
    }
}
