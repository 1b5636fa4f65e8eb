package dev.handover.capture.engine;

import dev.handover.capture.Boundary;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.RowReader;
import dev.handover.capture.decode.LogFormat;
import dev.handover.fault.Fault;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What capture asks of one kind of source besides its rows: its log, and where in it to start. */
public interface SourceLog {
    /** How its records read. */
    LogFormat format();

    /**
     * Names the server and its history; a server that was rebuilt or promoted has another.
     *
     * @throws dev.handover.fault.Fault {@code source-unreachable}
     */
    String identity();

    /**
     * Checks that the log holds what is needed and that we may read it, and prepares what capture needs in the source:
     * the heartbeat's table, the publication.
     *
     * @throws dev.handover.fault.Fault that says which setting or privilege is missing and how to give it
     */
    void prepare(Collection<TableId> tables);

    /**
     * What {@link #prepare} would make, in order; changes nothing.
     *
     * @throws dev.handover.fault.Fault {@code source-unreachable}, {@code source-denied}
     */
    List<Missing> missing(Collection<TableId> tables);

    /**
     * Something that capture needs in the source and that is not there.
     *
     * @param object for people: {@code publication handover_pas}
     * @param what is missing of it; empty where all of it is
     * @param ddl the statement that makes it
     */
    record Missing(String object, String what, String ddl) {}

    /**
     * Whether the source keeps a mark of ours in its log (a replication slot), that must not be there before the first
     * run.
     */
    boolean begun();

    /** That mark, for people: {@code replication slot handover_pas}; empty where the source keeps none. */
    default Optional<String> mark() {
        return Optional.empty();
    }

    /** Whether somebody reads the log from that mark right now, which only one may do at a time. */
    default boolean attended() {
        return false;
    }

    /** What a first run would be refused for: a mark of ours that no run of this pipeline made. */
    default Optional<Fault> foreign() {
        return Optional.empty();
    }

    /** Removes what an interrupted first run left in the source; nothing was sent from it. */
    void forget();

    /**
     * Fixes the place in the log where streaming will start, and opens a snapshot of that very place, or a later one
     * where the source cannot.
     */
    Start start(Instant now);

    /**
     * Opens a snapshot of now.
     *
     * @param stamp for the rows; earlier than the snapshot
     */
    LoadSnapshot snapshot(SourcePosition stamp, Instant now);

    /**
     * Another snapshot for rows of the same load, with the same stamp: what {@code first} sees, or something later. For
     * a thread of its own; {@code first} stays open meanwhile.
     */
    default LoadSnapshot another(LoadSnapshot first) {
        return snapshot(first.stamp(), first.takenAt());
    }

    /**
     * Where the log ends now: what was committed by now is at or before the next boundary after this place.
     *
     * @throws dev.handover.fault.Fault {@code source-unreachable}
     */
    SourcePosition end();

    /**
     * Asks for a snapshot that sees every transaction up to a boundary that was read from the log already: a commit may
     * be in the log a little before others see it.
     *
     * @throws dev.handover.fault.Fault {@code source-unreachable}
     */
    Horizon horizon(Boundary boundary);

    /** Transactions that are in the log, and that a snapshot is to see. */
    @FunctionalInterface
    interface Horizon {
        /**
         * Opens a snapshot of now, with the boundary as its stamp.
         *
         * @return empty while one that may be in the log is not visible yet
         */
        Optional<LoadSnapshot> snapshot(Instant now);
    }

    /**
     * What an open snapshot of now sees, told exactly, as {@link LogFormat#cut} reads it.
     *
     * @throws java.sql.SQLException when the source does not answer
     */
    String cut(LoadSnapshot snapshot) throws java.sql.SQLException;

    /**
     * Refuses to go on when the log no longer holds everything after the boundary.
     *
     * @throws dev.handover.fault.Fault that says what is missing and what to do
     */
    void gate(Boundary boundary);

    /** For values that the log leaves out; to be closed. */
    default RowReader rows() {
        return RowReader.NONE;
    }

    /** Properties of the connector, besides those that every connector has. */
    Map<String, String> properties(Collection<TableId> tables);

    /** Whether its connector needs a history of the source's schema, because its log does not describe its tables. */
    default boolean keepsSchemaHistory() {
        return false;
    }

    /**
     * Writes the next heartbeat.
     *
     * @throws dev.handover.fault.Fault {@code source-unreachable}, {@code heartbeat-denied}
     */
    void beat(String id);

    /**
     * Where a first run starts.
     *
     * @param boundary the place in the log; also the stamp that every load may use
     */
    record Start(Boundary boundary, LoadSnapshot snapshot) {}
}
