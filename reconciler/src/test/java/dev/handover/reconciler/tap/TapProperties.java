package dev.handover.reconciler.tap;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Lineage;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.digest.FingerprintKey;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.tap.LogMessage.Identity;
import dev.handover.reconciler.tap.LogMessage.LoggedColumn;
import dev.handover.reconciler.tap.LogMessage.Old;
import dev.handover.reconciler.tap.LogMessage.Relation;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Histories of transactions over two tables, told by the log and, cut into batches with crashes between them, by the
 * change logs; read in any interleaving.
 */
class TapProperties {
    private static final SourceId SOURCE = new SourceId("pas");
    private static final int PARTITIONS = 2;
    private static final long START = 1_000;
    private static final int TRANSACTIONS = 40;
    private static final List<TableSchema> TABLES = List.of(schema("patient"), schema("visit"));

    private static TableSchema schema(String name) {
        return new TableSchema(
                new TableId("pas", "public", name),
                List.of(
                        new Column("id", ColumnType.of(Kind.INT64), false),
                        new Column("name", ColumnType.of(Kind.TEXT), true)),
                List.of("id"));
    }

    /** A row event: a row that is there, or one that is gone. */
    private record Event(int table, boolean gone, long id, String name) {}

    private record Transaction(long number, long previousEnd, long end, List<Event> events) {}

    /** What one partition of one change log holds. */
    private record Partition(int table, int number) {}

    /** What capture did wrong to one event. */
    enum Mistake {
        DROPPED(Disagreement.Kind.CAPTURE_MISSING),
        DOUBLED(Disagreement.Kind.CAPTURE_EXTRA),
        ALTERED(Disagreement.Kind.DIFFERENT),
        OTHER_KEY(Disagreement.Kind.DIFFERENT),
        GONE_INSTEAD(Disagreement.Kind.DIFFERENT),
        OTHER_PLACE(Disagreement.Kind.DIFFERENT),
        OTHER_TRANSACTION(Disagreement.Kind.CAPTURE_EXTRA);

        private final Disagreement.Kind kind;

        Mistake(Disagreement.Kind kind) {
            this.kind = kind;
        }
    }

    static Stream<Long> seeds() {
        return Stream.iterate(20_261_122L, seed -> seed + 1).limit(300);
    }

    private static List<Transaction> history(Random random) {
        List<Transaction> history = new ArrayList<>();
        long end = START;
        for (int i = 0; i < TRANSACTIONS; i++) {
            List<Event> events = new ArrayList<>();
            int count = 1 + random.nextInt(5);
            for (int e = 0; e < count; e++) {
                events.add(new Event(
                        random.nextInt(2), random.nextInt(4) == 0, random.nextInt(6), "n" + random.nextInt(3)));
            }
            long next = end + 1 + random.nextInt(90);
            history.add(new Transaction(700 + i, end, next, events));
            end = next;
        }
        return history;
    }

    private static List<LogMessage> log(List<Transaction> history) {
        List<LogMessage> log = new ArrayList<>();
        for (int table = 0; table < TABLES.size(); table++) {
            log.add(new Relation(
                    table,
                    "public",
                    TABLES.get(table).table().name(),
                    Identity.KEY,
                    List.of(new LoggedColumn("id", true, 20, -1), new LoggedColumn("name", false, 25, -1))));
        }
        for (Transaction transaction : history) {
            log.add(new LogMessage.Begin(transaction.number()));
            for (Event event : transaction.events()) {
                Cell id = new Value.Text(Long.toString(event.id()));
                log.add(
                        event.gone()
                                ? new LogMessage.Delete(event.table(), new Old(false, List.of(id, Cell.NULL)))
                                : new LogMessage.Insert(event.table(), List.of(id, new Value.Text(event.name()))));
            }
            log.add(new LogMessage.Commit(transaction.end(), Instant.EPOCH));
        }
        return log;
    }

    /** The change logs, as capture fills them in one or more lives. */
    private static final class Capture {
        private final Map<Partition, Deque<SourceEvent>> logs = new LinkedHashMap<>();

        Capture() {
            for (int table = 0; table < TABLES.size(); table++) {
                for (int number = 0; number < PARTITIONS; number++) {
                    logs.put(new Partition(table, number), new ArrayDeque<>());
                }
            }
        }

        void send(SourceChange change, int table, long id) {
            requireNonNull(logs.get(new Partition(table, (int) (id % PARTITIONS))))
                    .add(change);
        }

        void round(long place) {
            logs.forEach((partition, log) -> log.add(new Mark(
                    TABLES.get(partition.table()),
                    SourcePosition.postgres(SOURCE, place, 0),
                    Origin.STREAM,
                    true,
                    Instant.EPOCH,
                    Instant.EPOCH)));
        }

        void tell(Transaction of, int from, int to, Optional<Mistake> mistake) {
            for (int i = from; i < to; i++) {
                Event event = of.events().get(i);
                SourceChange right = change(of.number(), of.previousEnd(), i + 1, event);
                if (mistake.isEmpty() || i > 0) {
                    send(right, event.table(), event.id());
                    continue;
                }
                Event altered = new Event(event.table(), false, event.id(), event.name() + "!");
                Event other = new Event(event.table(), event.gone(), event.id() + PARTITIONS * 100L, event.name());
                switch (mistake.get()) {
                    case DROPPED -> {}
                    case DOUBLED -> {
                        send(right, event.table(), event.id());
                        send(change(of.number(), of.previousEnd(), 900, event), event.table(), event.id());
                    }
                    case ALTERED -> send(change(of.number(), of.previousEnd(), 1, altered), event.table(), event.id());
                    case OTHER_KEY -> send(change(of.number(), of.previousEnd(), 1, other), event.table(), event.id());
                    case GONE_INSTEAD -> {
                        Event flipped = new Event(event.table(), !event.gone(), event.id(), event.name());
                        send(change(of.number(), of.previousEnd(), 1, flipped), event.table(), event.id());
                    }
                    case OTHER_PLACE ->
                        send(change(of.number(), of.previousEnd() - 1, 1, event), event.table(), event.id());
                    case OTHER_TRANSACTION -> {
                        send(right, event.table(), event.id());
                        send(change(9_999, of.previousEnd(), 901, event), event.table(), event.id());
                    }
                }
            }
        }

        private static SourceChange change(long number, long previousEnd, long order, Event event) {
            TableSchema schema = TABLES.get(event.table());
            RowKey key = RowKey.of(new Value.Int(event.id()));
            SourcePosition position = SourcePosition.postgres(SOURCE, previousEnd, order);
            Lineage lineage = new Lineage(Origin.STREAM, number + ":1", Instant.EPOCH, Instant.EPOCH);
            return event.gone()
                    ? new SourceChange.Delete(schema, key, position, lineage)
                    : new SourceChange.Upsert(
                            key,
                            position,
                            lineage,
                            new Row(schema, List.of(new Value.Int(event.id()), new Value.Text(event.name()))));
        }
    }

    /** Batches end anywhere; rounds come now and then; killed, capture tells again what it had not finished. */
    private static Capture capture(Random random, List<Transaction> history, int wrong, Optional<Mistake> mistake) {
        Capture capture = new Capture();
        for (int i = 0; i < history.size(); i++) {
            Transaction transaction = history.get(i);
            Optional<Mistake> here = i == wrong ? mistake : Optional.empty();
            int all = transaction.events().size();
            int cut = random.nextInt(all + 1);
            capture.tell(transaction, 0, cut, here);
            if (random.nextInt(4) == 0) {
                capture.round(transaction.previousEnd()); // of the batch that ends here
            }
            if (here.isEmpty() && random.nextInt(5) == 0) {
                capture.round(transaction.previousEnd()); // of a new life
                capture.tell(transaction, 0, all, here);
            } else {
                capture.tell(transaction, cut, all, here);
            }
        }
        capture.round(history.get(history.size() - 1).end());
        return capture;
    }

    /** Reads both in some order. @return what came of it */
    private static List<Compared> compared(Random random, Tap tap, List<LogMessage> log, Capture capture) {
        List<Compared> compared = new ArrayList<>();
        Deque<LogMessage> rest = new ArrayDeque<>(log);
        Map<Partition, Long> offsets = new LinkedHashMap<>();
        List<Partition> partitions = new ArrayList<>(capture.logs.keySet());
        while (!rest.isEmpty() || capture.logs.values().stream().anyMatch(each -> !each.isEmpty())) {
            for (int burst = random.nextInt(30); burst > 0 && !rest.isEmpty(); burst--) {
                tap.log(rest.removeFirst());
            }
            Partition partition = partitions.get(random.nextInt(partitions.size()));
            Deque<SourceEvent> of = requireNonNull(capture.logs.get(partition));
            for (int burst = random.nextInt(20); burst > 0 && !of.isEmpty(); burst--) {
                tap.change(partition.number(), offsets.merge(partition, 1L, Long::sum) - 1, of.removeFirst());
            }
            if (random.nextBoolean()) {
                compared.addAll(tap.compare(Instant.EPOCH));
            }
        }
        compared.addAll(tap.compare(Instant.EPOCH));
        return compared;
    }

    private static Tap tap() {
        Tap tap = new Tap(
                SOURCE,
                FingerprintKey.of(new byte[32]),
                type -> Optional.empty(),
                PARTITIONS,
                Duration.ofMinutes(1),
                () -> START,
                START);
        TABLES.forEach(table -> tap.resume(table.table(), table.key(), List.of(0L, 0L), START));
        return tap;
    }

    private static long transactions(List<Transaction> history) {
        return history.stream()
                .mapToLong(each ->
                        each.events().stream().map(Event::table).distinct().count())
                .sum();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void equalViewsAgreeHoweverTheyAreReadAndCut(long seed) {
        Random random = new Random(seed);
        List<Transaction> history = history(random);
        Capture capture = capture(random, history, -1, Optional.empty());
        Tap tap = tap();

        List<Compared> compared = compared(random, tap, log(history), capture);

        assertThat(compared.stream().flatMap(one -> one.disagreements().stream()))
                .isEmpty();
        assertThat(compared.stream().mapToLong(Compared::transactions).sum()).isEqualTo(transactions(history));
        assertThat(compared.stream().mapToLong(Compared::events).sum())
                .isEqualTo(
                        history.stream().mapToLong(each -> each.events().size()).sum());
        assertThat(tap.pending()).isZero();
        assertThat(tap.settled()).hasValue(history.get(history.size() - 1).end());
    }

    @ParameterizedTest
    @EnumSource
    void aMistakeIsFoundAndNamed(Mistake mistake) {
        for (long seed : seeds().toList()) {
            Random random = new Random(seed);
            List<Transaction> history = history(random);
            int wrong = 1 + random.nextInt(TRANSACTIONS - 1);
            Transaction of = history.get(wrong);
            Event event = of.events().get(0);
            Capture capture = capture(random, history, wrong, Optional.of(mistake));

            List<Disagreement> found = compared(random, tap(), log(history), capture).stream()
                    .flatMap(one -> one.disagreements().stream())
                    .toList();

            if (mistake == Mistake.OTHER_PLACE) {
                // at a place that was compared before it is not there, or there is one transaction too many
                assertThat(found).as("seed %d", seed).isNotEmpty().allSatisfy(one -> {
                    assertThat(one.table()).isEqualTo(TABLES.get(event.table()).table());
                    assertThat(one.transaction()).isEqualTo(of.number());
                });
                continue;
            }
            assertThat(found).as("seed %d", seed).hasSize(1);
            Disagreement one = found.get(0);
            assertThat(one.kind()).as("seed %d", seed).isEqualTo(mistake.kind);
            assertThat(one.table()).isEqualTo(TABLES.get(event.table()).table());
            assertThat(one.transaction()).isEqualTo(mistake == Mistake.OTHER_TRANSACTION ? 9_999 : of.number());
            assertThat(one.position()).isEqualTo(SourcePosition.postgres(SOURCE, of.previousEnd(), 0));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoIsKilledGoesOnWhereItStoodAndLosesNothing(long seed) {
        Random random = new Random(seed);
        List<Transaction> history = history(random);
        int wrong = 1 + random.nextInt(TRANSACTIONS - 1);
        Map<Partition, List<SourceEvent>> logs = new LinkedHashMap<>();
        capture(random, history, wrong, Optional.of(Mistake.DROPPED))
                .logs
                .forEach((partition, log) -> logs.put(partition, List.copyOf(log)));
        List<Disagreement> found = new ArrayList<>();
        long transactions = 0;
        Map<TableId, TapLedger.Known> kept = new LinkedHashMap<>();
        TABLES.forEach(table ->
                kept.put(table.table(), new TapLedger.Known(table.table(), table.key(), START, List.of(0L, 0L))));
        for (int life = 0; life < 6; life++) {
            long from = kept.values().stream()
                    .mapToLong(TapLedger.Known::verified)
                    .min()
                    .orElseThrow();
            // the source sends again what was not confirmed, whole transactions
            List<LogMessage> log = log(history.stream()
                    .filter(each -> each.end() > from || each.previousEnd() >= from)
                    .toList());
            Tap resumed = new Tap(
                    SOURCE,
                    FingerprintKey.of(new byte[32]),
                    type -> Optional.empty(),
                    PARTITIONS,
                    Duration.ofMinutes(1),
                    () -> START,
                    from);
            kept.values()
                    .forEach(known -> resumed.resume(known.table(), known.key(), known.offsets(), known.verified()));
            boolean last = life == 5;
            int messages = last ? log.size() : random.nextInt(log.size() + 1);
            log.subList(0, messages).forEach(resumed::log);
            for (Map.Entry<Partition, List<SourceEvent>> each : logs.entrySet()) {
                Partition partition = each.getKey();
                TableId table = TABLES.get(partition.table()).table();
                int offset = requireNonNull(kept.get(table))
                        .offsets()
                        .get(partition.number())
                        .intValue();
                int until = last
                        ? each.getValue().size()
                        : offset + random.nextInt(each.getValue().size() - offset + 1);
                for (int i = offset; i < until; i++) {
                    resumed.change(partition.number(), i, each.getValue().get(i));
                }
            }
            for (Compared one : resumed.compare(Instant.EPOCH)) {
                transactions += one.transactions();
                found.addAll(one.disagreements());
                List<Long> offsets = resumed.tables().stream()
                        .filter(views -> views.table().equals(one.table()))
                        .findFirst()
                        .orElseThrow()
                        .resumeAt();
                kept.put(one.table(), new TapLedger.Known(one.table(), one.key(), one.verified(), offsets));
            }
        }

        assertThat(found).hasSize(1);
        assertThat(found.get(0).transaction()).isEqualTo(history.get(wrong).number());
        assertThat(transactions).isEqualTo(transactions(history));
    }
}
