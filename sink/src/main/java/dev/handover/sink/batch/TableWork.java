package dev.handover.sink.batch;

import dev.handover.row.TableSchema;
import java.util.List;

/**
 * The changes of one batch to one table under one schema, at most one for each key: the newest.
 *
 * @param upserts deliveries whose event is an upsert
 * @param deletes deliveries whose event is a delete
 */
public record TableWork(TableSchema schema, List<Delivery> upserts, List<Delivery> deletes) {
    public TableWork {
        upserts = List.copyOf(upserts);
        deletes = List.copyOf(deletes);
    }
}
