package dev.handover.capture.load;

import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceSessions;
import dev.handover.change.Lineage;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.digest.ContentRows;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Cell;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Makes changes of the cells of one table's load, and faults of what goes wrong in it. */
final class LoadedRows {
    private final SourceConfig config;
    private final TableSchema table;
    private final LoadSnapshot snapshot;
    private final Lineage lineage;
    private final Optional<ContentRows> contents;
    private long read;

    LoadedRows(SourceConfig config, TableSchema table, LoadSnapshot snapshot) {
        this.config = config;
        this.table = table;
        this.snapshot = snapshot;
        this.lineage = new Lineage(Origin.LOAD, "", snapshot.takenAt(), snapshot.takenAt());
        this.contents = table.keyless() ? Optional.of(new ContentRows(table)) : Optional.empty();
    }

    /** @param cells of {@link TableSchema#content()} */
    SourceChange.Upsert row(List<Cell> cells) {
        try {
            if (contents.isPresent()) {
                // equal rows are told apart by their positions
                read++;
                Row copy = contents.get().row(cells);
                return new SourceChange.Upsert(copy.key(), snapshot.stamp().scanned(read), lineage, copy);
            }
            Row row = new Row(table, cells);
            return new SourceChange.Upsert(row.key(), snapshot.stamp(), lineage, row);
        } catch (IllegalArgumentException e) {
            throw damaged("the key", e);
        }
    }

    /** A value is not what the catalog says of its column. */
    Fault damaged(String where, IllegalArgumentException cause) {
        return Fault.causedBy(
                cause,
                ExitCode.FAILED,
                "load-failed",
                "loading table " + table.table() + " of " + config + ": " + where + " holds " + cause.getMessage(),
                "was the table changed since its description was read? Then start again; else repair the value at the"
                        + " source");
    }

    /** The source broke off. */
    Fault fault(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("08") || state.startsWith("57P") || state.startsWith("28") || state.equals("42501")) {
            return new SourceSessions(config).fault(e);
        }
        return Fault.causedBy(
                e,
                ExitCode.FAILED,
                "load-failed",
                "loading table " + table.table() + " of " + config + " broke off (SQLSTATE " + state + ")",
                "start again; if it happens again, look in the source's log for that time");
    }
}
