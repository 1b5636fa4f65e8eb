package dev.handover.capture.engine;

import dev.handover.capture.decode.Step;
import dev.handover.capture.publish.ChangeLog;
import dev.handover.change.DeadLetter;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.change.Stage;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/** Writes what was decided about tables into the open transaction of the change log. Used by the engine's thread. */
final class StreamJournal implements TableSchemas.Journal {
    /** A letter's place is a line for people. */
    private static final int PLACE_CHARACTERS_MAX = 300;

    private final ChangeLog out;
    private final Ledger ledger;
    private final Topics topics;
    private final InstantSource clock;

    StreamJournal(ChangeLog out, Ledger ledger, Topics topics, InstantSource clock) {
        this.out = out;
        this.ledger = ledger;
        this.topics = topics;
        this.clock = clock;
    }

    @Override
    public void register(TableSchema schema) {
        out.register(schema);
    }

    @Override
    public void remember(RecordedTable table) {
        out.remember(ledger.schemaKey(table.held().table()), table.json());
    }

    @Override
    public void gap(TableId table) {
        out.gap(table);
    }

    @Override
    public void report(TableId table, SourcePosition at, String why) {
        send(table, at, why, Optional.empty(), Optional.empty());
    }

    /** Leaves a change of a parked table as a dead letter. */
    void hold(Step.Held held) {
        send(
                held.table(),
                held.position(),
                held.why(),
                held.key().map(StreamJournal::utf8),
                Optional.of(utf8(held.value())));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void send(
            TableId table, SourcePosition position, String why, Optional<byte[]> key, Optional<byte[]> value) {
        String place = why.length() <= PLACE_CHARACTERS_MAX ? why : why.substring(0, PLACE_CHARACTERS_MAX) + "...";
        out.send(new DeadLetter(
                Stage.CAPTURE,
                new Rejection(Reason.SCHEMA_MISMATCH, place),
                new LogCoordinates(topics.source(table), 0, -1),
                key,
                value,
                table.text(),
                "",
                position.text(),
                0,
                clock.instant()));
    }
}
