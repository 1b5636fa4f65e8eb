package dev.handover.reconciler.tap;

import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.digest.FingerprintKey;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.tap.LogMessage.Relation;
import dev.handover.row.TableId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Both views of one source, as its log and its change logs are told to it, and what they have in common. It does
 * nothing itself; used by one thread.
 */
final class Tap {
    /** Most transactions of a table that wait for its first round; then it begins later. */
    private static final int WAITING_MAX = 10_000;

    private final SourceId source;
    private final int partitions;
    private final Duration patience;
    private final LongSupplier end;
    private final LogEvents events;
    private final CapturedEvents captured;
    private final Map<Integer, Relation> relations = new HashMap<>();
    private final Map<TableId, TableViews> tables = new TreeMap<>();
    private final Map<TableId, Behind> behind = new HashMap<>();
    private final Map<TableId, Sums> transaction = new HashMap<>();
    private long number;
    private long passed;
    private long released;

    /** A table whose marks stay away while those of others come. */
    private record Behind(long reached, Instant since) {}

    /**
     * A tap of one source.
     *
     * @param partitions of every change log
     * @param patience after which a table that gets no marks is set aside
     * @param end tells where the source's log ends now
     * @param from where the log is read from
     */
    Tap(
            SourceId source,
            FingerprintKey key,
            LoggedText.Domains domains,
            int partitions,
            Duration patience,
            LongSupplier end,
            long from) {
        this.source = source;
        this.partitions = partitions;
        this.patience = patience;
        this.end = end;
        this.passed = from;
        RowCode code = new RowCode(key);
        this.events = new LogEvents(code, new LoggedText(domains));
        this.captured = new CapturedEvents(code);
    }

    /** A table that was compared before. */
    void resume(TableId table, List<String> key, List<Long> offsets, long verified) {
        tables.put(table, TableViews.resumed(source, table, key, offsets, verified));
    }

    /** The end of the last transaction that the log told as a whole. */
    long passed() {
        return passed;
    }

    /** The tables that are known, in their order. */
    Collection<TableViews> tables() {
        return tables.values();
    }

    /** Transactions of the log that wait for the change log. */
    long pending() {
        return tables.values().stream().mapToLong(TableViews::pending).sum();
    }

    /** Up to where everything of the log is compared; empty while no table is. */
    OptionalLong settled() {
        return tables.values().stream()
                .filter(TableViews::begun)
                .mapToLong(TableViews::verified)
                .min();
    }

    /** The next message of the log. @throws IllegalArgumentException when it does not fit those before it */
    void log(LogMessage message) {
        if (message instanceof LogMessage.Begin begin) {
            number = begin.transaction();
            transaction.clear();
        } else if (message instanceof LogMessage.Commit commit) {
            commit(commit);
        } else if (message instanceof Relation relation) {
            relations.put(relation.id(), relation);
        } else if (message instanceof LogMessage.Insert insert) {
            add(insert.relation(), (of, views) -> events.insert(of, views.table(), views.key(), insert.after()));
        } else if (message instanceof LogMessage.Update update) {
            add(
                    update.relation(),
                    (of, views) -> events.update(of, views.table(), views.key(), update.before(), update.after()));
        } else if (message instanceof LogMessage.Delete delete) {
            add(delete.relation(), (of, views) -> events.delete(of, views.table(), views.key(), delete.before()));
        }
    }

    private interface Event {
        Sums of(Relation relation, TableViews views);
    }

    private void add(int id, Event event) {
        Relation relation = relations.get(id);
        if (relation == null) {
            throw new IllegalArgumentException("the log tells rows of a table that it did not describe");
        }
        TableViews views = tables.get(new TableId(source.name(), relation.schema(), relation.table()));
        if (views != null) {
            transaction.merge(views.table(), event.of(relation, views), Sums::plus);
        }
    }

    private void commit(LogMessage.Commit commit) {
        transaction.forEach((table, sums) -> {
            TableViews views = tables.get(table);
            if (views != null && sums.events() > 0) {
                views.logged(passed, commit.end(), number, commit.at(), sums);
            }
        });
        transaction.clear();
        passed = commit.end();
    }

    /** A record of a table's change log. @return whether it counts */
    boolean change(int partition, long offset, SourceEvent event) {
        return event.<Boolean>foldEvent(
                change -> change(partition, offset, change),
                mark -> mark(partition, offset, mark),
                chunk -> passed(partition, offset, chunk.schema().table()));
    }

    private boolean change(int partition, long offset, SourceChange change) {
        TableViews views = tables.get(change.schema().table());
        if (views == null) {
            return false;
        }
        // rows of a load are no transactions, and those that are sent again go elsewhere
        if (change.lineage().origin() != Origin.STREAM || !change.position().isPostgres()) {
            return passed(partition, offset, views.table());
        }
        ByteBuffer place = place(change.position());
        views.captured(
                partition,
                offset,
                place.getLong(),
                place.getLong(),
                transaction(change.lineage().transaction()),
                captured.of(change));
        return true;
    }

    private boolean mark(int partition, long offset, Mark mark) {
        TableId table = mark.schema().table();
        if (mark.origin() != Origin.STREAM || !mark.position().isPostgres()) {
            return passed(partition, offset, table);
        }
        List<String> key = mark.schema().ownKey();
        TableViews views = tables.get(table);
        if (views == null) {
            views = TableViews.fresh(source, table, key, partitions, end.getAsLong());
            tables.put(table, views);
        } else if (!views.key().equals(key)) {
            views = views.renewed(key, end.getAsLong());
            tables.put(table, views);
        }
        views.marked(partition, offset, place(mark.position()).getLong(), mark);
        return true;
    }

    private boolean passed(int partition, long offset, TableId table) {
        TableViews views = tables.get(table);
        if (views != null) {
            views.passed(partition, offset);
        }
        return false;
    }

    /** The change log says that changes are missing: the table was parked, and goes on. */
    void gap(TableId table, int partition, long offset) {
        TableViews views = tables.get(table);
        if (views != null) {
            tables.put(table, views.renewed(views.key(), end.getAsLong()));
            passed(partition, offset, table);
        }
    }

    private static ByteBuffer place(SourcePosition position) {
        byte[] bytes = position.bytes();
        return ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    }

    /** The number before the colon; one that no transaction has where there is none. */
    private static long transaction(String name) {
        int colon = name.indexOf(':');
        String digits = colon < 0 ? name : name.substring(0, colon);
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
    }

    /** What can be compared by now, a table at a time. */
    List<Compared> compare(Instant now) {
        List<Compared> compared = new ArrayList<>();
        setAside(now);
        for (TableViews views : tables.values()) {
            Optional<Compared> one = views.compare(passed);
            one.ifPresent(compared::add);
        }
        return compared;
    }

    /** Up to where capture lets the source forget its log: nothing before it is on its way to the change log. */
    void released(long place) {
        released = Math.max(released, place);
    }

    private void setAside(Instant now) {
        long newest =
                tables.values().stream().mapToLong(TableViews::reached).max().orElse(0);
        for (TableViews views : List.copyOf(tables.values())) {
            TableId table = views.table();
            Behind known = behind.get(table);
            if (views.reached() >= newest && released <= views.reached()) {
                behind.remove(table);
            } else if (known == null || known.reached() != views.reached()) {
                behind.put(table, new Behind(views.reached(), now));
            } else if (views.begun() && Duration.between(known.since(), now).compareTo(patience) > 0) {
                tables.put(table, views.renewed(views.key(), end.getAsLong()));
            }
            if (!views.begun() && views.pending() > WAITING_MAX) {
                views.raise(newest);
            }
        }
    }

    /** Tables of which nothing is compared: loading, parked, or gone. */
    List<TableId> waiting() {
        return tables.values().stream()
                .filter(views -> !views.begun())
                .map(TableViews::table)
                .toList();
    }
}
