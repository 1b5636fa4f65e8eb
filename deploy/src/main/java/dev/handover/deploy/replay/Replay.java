package dev.handover.deploy.replay;

import dev.handover.change.SourceChange;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.Comparison;
import dev.handover.deploy.replay.ReplayPlan.Item;
import dev.handover.deploy.replay.TargetPositions.Seen;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.position.SourcePosition;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.sink.postgres.DeadLetterIndex;
import dev.handover.sink.postgres.DeadLetterIndex.Kept;
import dev.handover.sink.postgres.DeadLetterIndex.Rejected;
import dev.handover.sink.postgres.DeadLetterIndex.Selection;
import dev.handover.sink.postgres.DeadLetterIndex.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * Tries changes again that became dead letters. Each is sent as capture wrote it, at its own position, by a topic of
 * its own, and takes the ordinary way: the guards of the transform and of the target let it pass only where nothing
 * later has. So it may be sent any number of times, at any moment, by anybody; a replay that is interrupted is begun
 * again, and what it did not settle stays open.
 *
 * <p>That a change has arrived is seen at the target: the row, or the mark of its deletion, is as far as the change.
 * That it was rejected again is seen by a newer letter of the same change.
 *
 * <p>Of letters about one row the latest is tried; the others are settled with it, for their changes are older than
 * what the row holds then. Not in the change log itself, which is compacted: the older change of a row would take the
 * place of the newest there.
 */
public final class Replay {
    private static final int PAGE = 500;
    private static final Duration POLL = Duration.ofMillis(200);

    private final Assembly assembly;
    private final DeadLetterIndex index;
    private final TargetPositions positions;
    private final Map<Bound, Mapper> mappers = new HashMap<>();

    public Replay(Assembly assembly) {
        assembly.requireStarted();
        this.assembly = assembly;
        this.index = new DeadLetterIndex(assembly.target());
        this.positions = new TargetPositions(new Comparison(assembly).targetDatabase());
    }

    /**
     * What became of the letters of a plan, by number; those that are absent are still open.
     *
     * @param elsewhere letters that somebody else settled meanwhile
     */
    public record Outcome(ReplayPlan plan, Map<Long, Settlement> settled, Set<Long> elsewhere) {
        public Outcome {
            settled = Map.copyOf(settled);
            elsewhere = Set.copyOf(elsewhere);
        }

        /** Letters whose changes were sent, and of which nothing was seen in time. */
        public List<Item> waiting() {
            return plan.items().stream()
                    .filter(item ->
                            item.outlook().sent() && !settled.containsKey(item.id()) && !elsewhere.contains(item.id()))
                    .toList();
        }
    }

    /** A change that is tried, and the row that it is about. */
    private record Tried(Kept letter, Original original, Mapper mapper, RowKey target) {
        SourcePosition position() {
            return original.change().position();
        }

        Row row() {
            return new Row(mapper.mapping().target().shortText(), target);
        }

        /** What is sent: rows of one load share a position. */
        Change same() {
            SourceChange change = original.change();
            return new Change(
                    change.schema().table().text(),
                    change.key(),
                    change.position().text());
        }
    }

    private record Row(String table, RowKey key) {}

    private record Bound(TableSchema source, String target) {}

    private record Change(String table, RowKey key, String position) {}

    /** A letter, what is to be expected of it, and its row and place where they are known. */
    private record Judged(Item item, Optional<Tried> tried) {}

    /** What would be done; nothing is changed. */
    public ReplayPlan plan(Selection selection) {
        List<Item> items = new ArrayList<>();
        Map<Row, Latest> latest = new HashMap<>();
        Map<Long, Row> rows = new HashMap<>();
        try (Originals originals = new Originals(assembly)) {
            long after = 0;
            for (List<Kept> page = index.open(selection, after, PAGE);
                    !page.isEmpty();
                    page = index.open(selection, after, PAGE)) {
                for (Judged judged : judged(page, originals)) {
                    items.add(judged.item());
                    judged.tried().ifPresent(tried -> {
                        rows.put(judged.item().id(), tried.row());
                        latest.merge(tried.row(), new Latest(judged.item().id(), tried.position()), Latest::orLater);
                    });
                }
                after = page.get(page.size() - 1).entry().id();
            }
        }
        return new ReplayPlan(items.stream()
                .map(item -> {
                    Latest found = latest.get(rows.get(item.id()));
                    return found == null || found.id() == item.id() || item.outlook() == Outlook.SUPERSEDED
                            ? item
                            : new Item(
                                    item.id(),
                                    item.table(),
                                    item.target(),
                                    Outlook.WITH_LATER,
                                    item.reason(),
                                    item.place(),
                                    found.id());
                })
                .toList());
    }

    /** Of the letters about one row, that of the latest change; of one change, the newest letter. */
    private record Latest(long id, SourcePosition position) {
        Latest orLater(Latest other) {
            int order = position.compareTo(other.position());
            return order < 0 || order == 0 && id < other.id() ? other : this;
        }
    }

    private List<Judged> judged(List<Kept> page, Originals originals) {
        List<Judged> judged = new ArrayList<>();
        Map<Mapper, List<Integer>> byMapper = new LinkedHashMap<>();
        for (Kept letter : page) {
            Judged one = judged(letter, originals);
            one.tried().ifPresent(tried -> byMapper.computeIfAbsent(tried.mapper(), same -> new ArrayList<>())
                    .add(judged.size()));
            judged.add(one);
        }
        byMapper.forEach((mapper, places) -> {
            Map<RowKey, Seen> there = positions.of(
                    mapper,
                    places.stream()
                            .flatMap(place -> judged.get(place).tried().stream())
                            .map(Tried::target)
                            .distinct()
                            .toList());
            for (int place : places) {
                Judged one = judged.get(place);
                if (one.tried().filter(tried -> has(there, tried)).isPresent()) {
                    judged.set(place, new Judged(with(one.item(), Outlook.SUPERSEDED), one.tried()));
                }
            }
        });
        return judged;
    }

    private static boolean has(Map<RowKey, Seen> there, Tried tried) {
        Seen seen = there.get(tried.target());
        return seen != null
                && seen.covers(tried.position(), tried.mapper().mapping().version());
    }

    private static Item with(Item item, Outlook outlook) {
        return new Item(item.id(), item.table(), item.target(), outlook, item.reason(), item.place(), item.id());
    }

    private Judged judged(Kept letter, Originals originals) {
        Originals.Found found = originals.of(letter);
        if (found.original().isEmpty()) {
            return cannot(letter, found.why());
        }
        Original original = found.original().get();
        SourceChange change = original.change();
        if (change.schema().keyless()) {
            return cannot(letter, "its table has no key: raise its mapping version, and all of it is tried again");
        }
        List<TableMapping> mappings = assembly.mappings(change.schema().table()).stream()
                .filter(each ->
                        letter.target().isEmpty() || each.target().shortText().equals(letter.target()))
                .toList();
        if (mappings.size() != 1) {
            return cannot(
                    letter,
                    mappings.isEmpty()
                            ? "its table is mapped to no such target any more"
                            : "its table is mapped to several targets: load it again");
        }
        try {
            Mapper mapper = mapper(mappings.get(0), change.schema());
            Expectation expected =
                    Expectation.of(change, mapper, letter.entry().stage().equals("apply"));
            Tried tried = new Tried(letter, original, mapper, mapper.targetKey(change.key()));
            return new Judged(item(letter, change, mappings.get(0), expected), Optional.of(tried));
        } catch (MappingMismatch mismatch) {
            return new Judged(item(letter, change, mappings.get(0), Expectation.of(mismatch)), Optional.empty());
        }
    }

    private Mapper mapper(TableMapping mapping, TableSchema schema) throws MappingMismatch {
        Bound bound = new Bound(schema, mapping.target().shortText());
        Mapper known = mappers.get(bound);
        if (known != null) {
            return known;
        }
        Mapper mapper = Mapper.bind(mapping, schema);
        mappers.put(bound, mapper);
        return mapper;
    }

    private static Item item(Kept letter, SourceChange change, TableMapping mapping, Expectation expected) {
        boolean fails = expected.outlook() == Outlook.FAILS;
        return new Item(
                letter.entry().id(),
                change.schema().table().text(),
                mapping.target().shortText(),
                expected.outlook(),
                fails ? expected.reason() : letter.entry().reason(),
                fails ? expected.place() : letter.entry().place(),
                letter.entry().id());
    }

    private static Judged cannot(Kept letter, String why) {
        return new Judged(
                new Item(
                        letter.entry().id(),
                        letter.entry().table(),
                        letter.target(),
                        Outlook.CANNOT,
                        letter.entry().reason(),
                        why,
                        letter.entry().id()),
                Optional.empty());
    }

    /**
     * Does what a plan says.
     *
     * @param patience how long to wait for changes to arrive, once all are sent
     * @param progress is told how many letters of the plan are dealt with
     */
    public Outcome run(ReplayPlan plan, Duration patience, IntConsumer progress) {
        Map<Long, Settlement> settled = new TreeMap<>();
        settle(ids(plan, Outlook.SUPERSEDED), Settlement.SUPERSEDED, settled);
        List<Long> sent = plan.items().stream()
                .filter(item -> item.outlook().sent())
                .map(Item::id)
                .toList();
        try (Originals originals = new Originals(assembly);
                Resending resending = new Resending(assembly)) {
            originals.requireReplayTopic();
            for (int from = 0; from < sent.size(); from += PAGE) {
                Selection some = Selection.of(sent.subList(from, Math.min(sent.size(), from + PAGE)));
                long after = 0;
                // a page of large letters comes in several
                for (List<Kept> page = index.open(some, after, PAGE);
                        !page.isEmpty();
                        page = index.open(some, after, PAGE)) {
                    again(page, originals, resending, patience, settled);
                    after = page.get(page.size() - 1).entry().id();
                }
                later(plan, settled);
                progress.accept(settled.size());
            }
        }
        later(plan, settled);
        return new Outcome(plan, settled, elsewhere(plan, settled));
    }

    private Set<Long> elsewhere(ReplayPlan plan, Map<Long, Settlement> settled) {
        Set<Long> left = plan.items().stream()
                .map(Item::id)
                .filter(id -> !settled.containsKey(id))
                .collect(Collectors.toSet());
        if (!left.isEmpty()) {
            index.numbers(Selection.of(List.copyOf(left))).forEach(left::remove);
        }
        return left;
    }

    private static List<Long> ids(ReplayPlan plan, Outlook outlook) {
        return plan.items().stream()
                .filter(item -> item.outlook() == outlook)
                .map(Item::id)
                .toList();
    }

    private void again(
            List<Kept> page,
            Originals originals,
            Resending resending,
            Duration patience,
            Map<Long, Settlement> settled) {
        long last = index.last();
        List<Tried> waiting = new ArrayList<>();
        Set<Change> gone = new HashSet<>();
        for (Judged judged : judged(page, originals)) {
            if (judged.item().outlook() == Outlook.SUPERSEDED) {
                settle(List.of(judged.item().id()), Settlement.SUPERSEDED, settled);
            } else if (judged.item().outlook().sent()) {
                Tried tried = judged.tried().orElseThrow();
                waiting.add(tried);
                // a change that failed on its way to two tables is one record
                if (gone.add(tried.same())) {
                    resending.send(tried.original());
                }
            }
        }
        resending.flush();
        Instant end = assembly.clock().instant().plus(patience);
        while (!waiting.isEmpty()) {
            look(waiting, last, originals, settled);
            if (waiting.isEmpty() || !assembly.clock().instant().isBefore(end)) {
                return;
            }
            pause();
        }
    }

    private void look(List<Tried> waiting, long last, Originals originals, Map<Long, Settlement> settled) {
        List<Long> arrived = new ArrayList<>();
        List<Long> repeated = new ArrayList<>();
        Map<Mapper, List<Tried>> byMapper = new LinkedHashMap<>();
        waiting.forEach(tried -> byMapper.computeIfAbsent(tried.mapper(), same -> new ArrayList<>())
                .add(tried));
        byMapper.forEach((mapper, all) -> {
            Map<RowKey, Seen> there = positions.of(
                    mapper, all.stream().map(Tried::target).distinct().toList());
            all.stream()
                    .filter(tried -> has(there, tried))
                    .forEach(tried -> arrived.add(tried.letter().entry().id()));
        });
        Set<Rejected> rejected = index.rejectedAfter(last);
        for (Tried tried : waiting) {
            long id = tried.letter().entry().id();
            Rejected same = new Rejected(
                    tried.same().table(), tried.row().table(), tried.same().position());
            // rows of one load share a position: only the key tells whose letter it is
            if (!arrived.contains(id)
                    && rejected.contains(same)
                    && index.rejectedAfter(last, same).stream()
                            .anyMatch(letter -> originals.isOf(letter, tried.mapper(), tried.target()))) {
                repeated.add(id);
            }
        }
        settle(arrived, Settlement.REPLAYED, settled);
        settle(repeated, Settlement.REPEATED, settled);
        waiting.removeIf(tried -> settled.containsKey(tried.letter().entry().id()));
    }

    /** Older changes of rows that a later change has reached. */
    private void later(ReplayPlan plan, Map<Long, Settlement> settled) {
        settle(
                plan.items().stream()
                        .filter(item -> item.outlook() == Outlook.WITH_LATER
                                && !settled.containsKey(item.id())
                                && (settled.get(item.later()) == Settlement.REPLAYED
                                        || settled.get(item.later()) == Settlement.SUPERSEDED))
                        .map(Item::id)
                        .toList(),
                Settlement.SUPERSEDED,
                settled);
    }

    private void settle(List<Long> ids, Settlement how, Map<Long, Settlement> settled) {
        if (!ids.isEmpty()) {
            index.settle(ids, how, "", assembly.clock().instant());
            ids.forEach(id -> settled.put(id, how));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "interrupted",
                    "interrupted while changes were on their way",
                    "run the same command again: it settles what has arrived");
        }
    }
}
