package dev.handover.capture.engine;

import dev.handover.row.TableId;
import java.time.Instant;
import java.util.Objects;

/**
 * That a table which is loaded is loaded once more: what people asked, and how far it is.
 *
 * @param at since when it is at this stage
 * @param rows read so far; all of them when it is done
 * @param why it waits or failed, without a value; else empty
 */
public record Reload(TableId table, Request request, Stage stage, Instant at, long rows, String why) {
    public Reload {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(why, "why");
    }

    /**
     * What people asked. Two requests of a table are told apart by their times.
     *
     * @param reason in their words; may be empty
     */
    public record Request(Instant at, String reason) {
        public Request {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** How far it is. */
    public enum Stage {
        /** Capture has not taken it up: it does not run, or loads another table. */
        REQUESTED,
        /** Capture has, and waits for something else. */
        WAITING,
        /** Rows are being read. Whatever ends capture now, it begins anew. */
        RUNNING,
        /** The table was read as a whole. */
        DONE,
        /** It was not, and will not be until somebody asks again. */
        FAILED
    }

    /** Whether it is still to be done. */
    public boolean open() {
        return stage != Stage.DONE && stage != Stage.FAILED;
    }

    static Reload requested(TableId table, Request request) {
        return new Reload(table, request, Stage.REQUESTED, request.at(), 0, "");
    }

    Reload waiting(Instant now, String why) {
        return new Reload(table, request, Stage.WAITING, now, 0, why);
    }

    Reload running(Instant now) {
        return new Reload(table, request, Stage.RUNNING, now, 0, "");
    }

    /** Still running, with so many rows read. */
    Reload read(long rowsSoFar) {
        return new Reload(table, request, stage, at, rowsSoFar, why);
    }

    Reload done(Instant now, long rowsOfAll) {
        return new Reload(table, request, Stage.DONE, now, rowsOfAll, "");
    }

    Reload failed(Instant now, String because) {
        return new Reload(table, request, Stage.FAILED, now, rows, because);
    }
}
