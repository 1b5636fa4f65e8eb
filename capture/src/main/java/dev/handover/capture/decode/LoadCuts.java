package dev.handover.capture.decode;

import dev.handover.capture.Boundary;
import dev.handover.row.TableId;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The cuts of the tables that were loaded after streaming's start was fixed, and whose changes up to their load must be
 * left out.
 */
public record LoadCuts(Map<TableId, LoadCut> cuts) {
    /** Of no table. */
    public static final LoadCuts NONE = new LoadCuts(Map.of());

    public LoadCuts {
        cuts = Map.copyOf(cuts);
    }

    boolean loaded(TableId table, SourceRecord change, Boundary previous) {
        LoadCut cut = cuts.get(table);
        return cut != null && cut.saw(change, previous);
    }
}
