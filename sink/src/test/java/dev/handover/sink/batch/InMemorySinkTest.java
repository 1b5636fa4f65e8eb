package dev.handover.sink.batch;

import dev.handover.row.Row;
import dev.handover.row.Value;
import java.util.HashMap;
import java.util.Map;

class InMemorySinkTest implements SinkContract {
    private final InMemorySink.Target target = new InMemorySink.Target();
    private int tables;

    @Override
    public Sink open() {
        return new InMemorySink(target);
    }

    @Override
    public History history() {
        return new History(History.patients("clinic" + tables++));
    }

    @Override
    public Map<Long, String> names(History history) {
        Map<Long, String> names = new HashMap<>();
        for (Row row : target.rows(history.schema().table()).values()) {
            names.put(((Value.Int) row.cell("id")).value(), ((Value.Text) row.cell("na\"me")).value());
        }
        return names;
    }

    @Override
    public long tombstones(History history) {
        return target.tombstones(history.schema().table());
    }

    @Override
    public Map<Findings.Of, Findings.Sum> found(History history) {
        return target.found(history.schema().table());
    }

    @Override
    public Map<Filtered, Long> filtered(History history) {
        return target.filtered(history.schema().table());
    }
}
