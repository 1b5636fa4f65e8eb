package dev.handover.capture.engine;

import dev.handover.capture.Boundary;
import dev.handover.capture.CaptureConfig;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceTable;
import dev.handover.capture.TableSelection;
import dev.handover.capture.publish.StateTopic;
import dev.handover.capture.publish.TopicLayout;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.row.TableId;
import dev.handover.wire.Topics;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** What earlier runs of capture left of one source, for whoever looks from outside while it runs or not. */
public final class CaptureState {
    private static final String ANSWER_MILLIS_MAX = "5000";

    private final Ledger ledger;

    private CaptureState(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Reads the state topic; empty before capture ran for the first time.
     *
     * @param kafka properties of the clients
     * @throws Fault {@code kafka-unreachable}
     */
    public static CaptureState read(Map<String, String> kafka, Topics topics, String source) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("request.timeout.ms", ANSWER_MILLIS_MAX);
        settings.put("default.api.timeout.ms", ANSWER_MILLIS_MAX);
        boolean there;
        try (Admin admin = Admin.create(settings)) {
            there = admin.listTopics().names().get().contains(topics.state());
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
        return new CaptureState(new Ledger(
                new SourceId(source), there ? StateTopic.read(kafka, topics).values() : Map.of()));
    }

    /** Whether a first run fixed its start. */
    public boolean begun() {
        return ledger.origin().isPresent();
    }

    /** Whether the history of the schema that a MariaDB or MySQL source needs is complete. */
    public boolean history() {
        return ledger.history();
    }

    /** The tables that were loaded, with the schemas that are remembered of them. */
    public Map<TableId, RecordedTable> recorded() {
        return ledger.recorded();
    }

    /** How far the loads are, of the tables that were begun, in the order of their names. */
    public List<TableLoad> loads() {
        return ledger.loads();
    }

    /** Why the load waits: as capture said last, or because people want the next load to; empty where it does not. */
    public Optional<LoadHold> held() {
        return ledger.held().or(() -> ledger.paused().map(since -> new LoadHold(LoadHold.PAUSED, since)));
    }

    /** Since when people want loads to wait; empty where they do not. */
    public Optional<Instant> paused() {
        return ledger.paused();
    }

    /**
     * Asks loads to wait, from the next chunk on; the stream goes on.
     *
     * @throws Fault {@code kafka-unreachable}
     */
    public void pause(CaptureConfig config, Instant now) {
        new TopicLayout(config).ensureState();
        StateTopic.write(config.kafka(), config.topics(), ledger.pauseKey(), Optional.of(Ledger.pause(now)));
    }

    /** Lets loads go on. @throws Fault {@code kafka-unreachable} */
    public void resume(CaptureConfig config) {
        StateTopic.write(config.kafka(), config.topics(), ledger.pauseKey(), Optional.empty());
    }

    /** The tables that people asked to be loaded again, the last time for each, in the order of their names. */
    public List<Reload> reloads() {
        return ledger.reloads();
    }

    /**
     * Asks for a table to be loaded again, by a capture that runs or the next that does.
     *
     * @param reason in the words of who asks; may be empty
     * @throws Fault {@code kafka-unreachable}
     */
    public Reload reload(CaptureConfig config, TableId table, Instant now, String reason) {
        Reload.Request request = new Reload.Request(now, reason);
        StateTopic.write(config.kafka(), config.topics(), ledger.requestKey(table), Optional.of(Ledger.write(request)));
        return Reload.requested(table, request);
    }

    /** Which tables the next run captures. */
    public CapturedTables tables(TableSelection selection, List<SourceTable> live) {
        return CapturedTables.of(ledger, selection, live);
    }

    /**
     * Why the next run would not go on at the source as it is, or not begin there; empty where it would.
     *
     * @throws Fault when the source cannot be asked
     */
    public Optional<Fault> obstacle(SourceConfig config) {
        SourceLog source = SourceLogs.of(config);
        if (!begun()) {
            return ledger.intended() ? Optional.empty() : source.foreign();
        }
        if (source.attended()) {
            // capture runs: it went on, and its boundary is by now another than the one that was read
            return Optional.empty();
        }
        try {
            requireContinuation(config, source, ledger);
            return Optional.empty();
        } catch (Fault fault) {
            if (fault.exitCode() != ExitCode.CONFLICT) {
                throw fault;
            }
            return Optional.of(fault);
        }
    }

    /**
     * Where a source that was begun goes on.
     *
     * @throws Fault {@code source-changed}, {@code state-damaged}, or as {@link SourceLog#gate}
     */
    static Boundary requireContinuation(SourceConfig config, SourceLog source, Ledger ledger) {
        if (!ledger.origin().map(Ledger.Origin::identity).equals(Optional.of(source.identity()))) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "source-changed",
                    config + " is another server than the one that was loaded",
                    "point the pipeline at the server it was loaded from, or load anew under another pipeline name");
        }
        Boundary boundary = ledger.boundary()
                .orElseThrow(() -> Fault.of(
                        ExitCode.CONFLICT,
                        "state-damaged",
                        "the state topic holds no boundary of " + config + " although it was begun",
                        "load the source again under a new pipeline name"));
        source.gate(boundary);
        return boundary;
    }
}
