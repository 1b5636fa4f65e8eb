package dev.handover.capture.engine;

import dev.handover.capture.CaptureConfig;
import dev.handover.capture.publish.StateWatch;
import dev.handover.row.TableId;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What people want of a capture that runs, as they said last. Used by one thread at a time. */
final class Wishes implements AutoCloseable {
    private final Ledger ledger;
    private final StateWatch watch;
    private final Map<TableId, Reload.Request> requests = new TreeMap<>();
    private boolean paused;

    /** @param from offset in the state topic, after what the ledger knows */
    Wishes(CaptureConfig config, Ledger ledger, long from) {
        this.ledger = ledger;
        this.watch = new StateWatch(config.kafka(), config.topics(), ledger::wish, from);
        this.paused = ledger.paused().isPresent();
        ledger.reloads().stream()
                .filter(Reload::open)
                .forEach(reload -> requests.put(reload.table(), reload.request()));
    }

    /** Whether loads are to wait. */
    boolean paused() {
        look();
        return paused;
    }

    /** The table that was asked for first, of those that are to be loaded again and may be; empty where none is. */
    Optional<Reload> next(Predicate<TableId> may) {
        look();
        return requests.entrySet().stream()
                .filter(asked -> may.test(asked.getKey()))
                .min(Comparator.comparing((Map.Entry<TableId, Reload.Request> asked) ->
                                asked.getValue().at())
                        .thenComparing(Map.Entry::getKey))
                .map(asked -> Reload.requested(asked.getKey(), asked.getValue()));
    }

    /** What was asked is settled; what was asked since then is not. */
    void settled(Reload reload) {
        requests.remove(reload.table(), reload.request());
    }

    private void look() {
        watch.look((key, value) -> {
            if (key.equals(ledger.pauseKey())) {
                paused = value.isPresent();
            } else {
                value.ifPresent(json -> requests.put(ledger.requested(key), ledger.request(json)));
            }
        });
    }

    @Override
    public void close() {
        watch.close();
    }
}
