package dev.handover.sink.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random transactions of two sources, sent as a capture sends them that dies now and then within one, loaded and parked
 * tables among them; written by a transform whose partitions advance each for itself, and read in any order by a sink
 * that is restarted now and then, and asks as it asks Kafka.
 */
class HoldBackProperties {
    private static final int SEEDS = 300;
    private static final int TRANSACTIONS = 60;
    private static final Map<String, List<String>> TABLES =
            Map.of("pas", List.of("a", "b", "c"), "lab", List.of("d", "e"));
    private static final int PARTITIONS = 2;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    /** Marks of one transaction, by the number of records of the source captured before the first and with the last. */
    private record Round(String source, int from, int to) {}

    /** What is captured, and which changes belong together. */
    private static final class Log {
        private final Map<String, List<Told>> partitions = new TreeMap<>();
        private final Map<String, Set<Told>> transactions = new HashMap<>();
        /** For each record, in the order of its partition, the number of records that were captured before it. */
        private final Map<String, List<Integer>> order = new HashMap<>();

        private final List<Round> rounds = new ArrayList<>();
        private final Random random;
        private final Map<String, Integer> captured = new HashMap<>();

        Log(Random random) {
            this.random = random;
            TABLES.forEach((source, tables) -> write(source, tables));
        }

        private void write(String source, List<String> tables) {
            tables.forEach(table -> each(table, partition -> {
                partitions.put(partition, new ArrayList<>());
                send(new Told(source, partition, "u0"));
                for (int i = random.nextInt(3); i > 0; i--) {
                    send(new Told(source, partition, "l0"));
                }
                send(new Told(source, partition, "e0"));
            }));
            String parked = random.nextInt(3) == 0 ? tables.get(random.nextInt(tables.size())) : "";
            int parkedFrom = random.nextInt(TRANSACTIONS);
            int parkedTo = parkedFrom + random.nextInt(2 * TRANSACTIONS);
            List<Told> sinceBoundary = new ArrayList<>();
            for (int number = 1; number <= TRANSACTIONS; number++) {
                boolean stands = number > parkedFrom && number <= parkedTo;
                List<String> going = tables.stream()
                        .filter(table -> !stands || !table.equals(parked))
                        .toList();
                List<Told> changes = transaction(source, number, going);
                int sent = random.nextInt(changes.size() + 1);
                changes.subList(0, sent).forEach(this::send);
                sinceBoundary.addAll(changes.subList(0, sent));
                if (random.nextInt(3) == 0) {
                    mark(source, number - 1, going); // with the beginning of a transaction before it
                }
                if (random.nextInt(8) == 0) {
                    sinceBoundary.forEach(this::send); // it died, and reads again from the last boundary
                }
                changes.subList(sent, changes.size()).forEach(this::send);
                sinceBoundary.clear();
                if (random.nextInt(3) == 0) {
                    mark(source, number, going);
                }
            }
            boolean stands = parkedTo >= TRANSACTIONS;
            mark(
                    source,
                    TRANSACTIONS,
                    tables.stream()
                            .filter(table -> !stands || !table.equals(parked))
                            .toList());
        }

        private List<Told> transaction(String source, int number, List<String> tables) {
            List<Told> changes = new ArrayList<>();
            int size = 1 + random.nextInt(6);
            for (int order = 1; order <= size; order++) {
                String partition = tables.get(random.nextInt(tables.size())) + random.nextInt(PARTITIONS);
                changes.add(new Told(source, partition, number + "." + order));
            }
            transactions.put(source + number, Set.copyOf(changes));
            return changes;
        }

        private void mark(String source, int number, List<String> tables) {
            int from = captured.getOrDefault(source, 0);
            tables.forEach(table -> each(table, partition -> send(new Told(source, partition, "m" + number))));
            rounds.add(new Round(source, from, captured.getOrDefault(source, 0)));
        }

        private static void each(String table, java.util.function.Consumer<String> action) {
            for (int number = 0; number < PARTITIONS; number++) {
                action.accept(table + number);
            }
        }

        private void send(Told record) {
            List<Told> partition = partitions.get(record.partition());
            if (partition == null) {
                throw new IllegalArgumentException(record.partition());
            }
            partition.add(record);
            int place = captured.merge(record.source(), 1, Integer::sum) - 1;
            order.computeIfAbsent(record.partition(), name -> new ArrayList<>()).add(place);
        }

        /** How much of a source must have been captured where so much of each partition was transformed. */
        int captured(List<String> tables, Map<String, Integer> written) {
            return written.entrySet().stream()
                    .filter(entry -> entry.getValue() > 0
                            && tables.contains(entry.getKey().substring(0, 1)))
                    .mapToInt(entry ->
                            order.getOrDefault(entry.getKey(), List.of()).get(entry.getValue() - 1) + 1)
                    .max()
                    .orElse(0);
        }

        /** A round of marks is in one transaction: where one of them is seen, all are there. */
        int committed(String source, int captured) {
            return rounds.stream()
                    .filter(round -> round.source().equals(source) && round.from() < captured && captured <= round.to())
                    .mapToInt(Round::to)
                    .findFirst()
                    .orElse(captured);
        }

        /** Where a partition ended when so much of its source was captured. */
        long end(String partition, int captured) {
            return order.getOrDefault(partition, List.of()).stream()
                    .filter(place -> place < captured)
                    .count();
        }
    }

    /** The sink: what is read, what is applied. */
    private static final class Reader {
        private final Log log;
        private final Random random;
        private final Map<String, Integer> read = new TreeMap<>();
        private final Map<String, Integer> applied = new TreeMap<>();
        private final Set<Told> changes = new HashSet<>();
        private final Map<String, Integer> written = new TreeMap<>();
        private HoldBack held;
        private Map<SourceId, SourcePosition> asked = Map.of();
        private Map<SourceId, SourcePosition> known = Map.of();
        private Map<Partition, Long> logEnds = Map.of();
        private Map<String, Integer> ends = Map.of();

        Reader(Log log, Random random) {
            this.log = log;
            this.random = random;
            log.partitions.keySet().forEach(partition -> {
                applied.put(partition, 0);
                written.put(partition, 0);
            });
            this.held = start();
        }

        private HoldBack start() {
            read.clear();
            read.putAll(applied);
            HoldBack fresh = new HoldBack(new Gathering.Limits(1 + random.nextInt(40), 1 << 20), 1 << 20);
            fresh.assign(log.partitions.keySet().stream().map(Told::at).toList());
            known = Map.of();
            ends = Map.of();
            asked = Map.of();
            logEnds = logEnds();
            return fresh;
        }

        private boolean drained(Partition partition) {
            return isRead(partition, written);
        }

        private boolean isRead(Partition partition, Map<String, Integer> up) {
            return log.partitions.keySet().stream()
                    .filter(name -> Told.at(name).equals(partition))
                    .allMatch(name -> read.getOrDefault(name, 0) >= up.getOrDefault(name, Integer.MAX_VALUE));
        }

        /** All is there that anybody has read of, and not much more. */
        private Map<Partition, Long> logEnds() {
            Map<Partition, Long> found = new HashMap<>();
            TABLES.forEach((source, tables) -> {
                int captured = log.committed(source, log.captured(tables, written)) + random.nextInt(20);
                tables.forEach(table ->
                        Log.each(table, partition -> found.put(Told.log(partition), log.end(partition, captured))));
            });
            return found;
        }

        /** The transform writes, some partitions before others; the sink looks how far it is. */
        private void transform(String partition) {
            int end = log.partitions.getOrDefault(partition, List.of()).size();
            written.compute(partition, (name, old) -> Math.min(end, (old == null ? 0 : old) + random.nextInt(12)));
            if (random.nextInt(4) == 0
                    && log.partitions.keySet().stream()
                            .allMatch(name ->
                                    written.getOrDefault(name, 0) >= logEnds.getOrDefault(Told.log(name), 0L))) {
                known = asked;
                ends = Map.copyOf(written);
                asked = held.rounds();
                logEnds = logEnds();
            }
        }

        void run() {
            List<String> names = List.copyOf(log.partitions.keySet());
            int idle = 0;
            while (idle < 10_000 && !applied.keySet().stream().allMatch(this::isApplied)) {
                idle++;
                if (random.nextInt(200) == 0) {
                    held = start();
                }
                String partition = names.get(random.nextInt(names.size()));
                transform(names.get(random.nextInt(names.size())));
                Set<Partition> paused = held.paused(this::drained);
                for (int i = random.nextInt(10); i > 0 && !paused.contains(Told.at(partition)); i--) {
                    readOne(partition);
                }
                held.passed(known, of -> isRead(of, ends));
                for (Optional<Batch> next = held.next(); next.isPresent(); next = held.next()) {
                    apply(next.get());
                }
            }
        }

        private boolean isApplied(String partition) {
            return log.partitions.getOrDefault(partition, List.of()).stream()
                    .skip(applied.getOrDefault(partition, 0))
                    .noneMatch(Told::isChange);
        }

        private void readOne(String partition) {
            int offset = read.getOrDefault(partition, 0);
            List<Told> records = log.partitions.getOrDefault(partition, List.of());
            if (offset < Math.min(records.size(), written.getOrDefault(partition, 0))) {
                held.add(records.get(offset).arrival(offset));
                read.put(partition, offset + 1);
            }
        }

        private void apply(Batch batch) {
            assertThat(batch.partial()).isFalse();
            for (Delivery delivery : batch.deliveries()) {
                String name =
                        delivery.at().topic().substring(delivery.at().topic().length() - 1)
                                + delivery.at().partition();
                assertThat(delivery.at().offset())
                        .as("no record of %s is left out, repeated or overtaken", name)
                        .isEqualTo(applied.merge(name, 1, Integer::sum) - 1);
                changes.add(log.partitions.getOrDefault(name, List.of()).get((int)
                        delivery.at().offset()));
            }
            batch.nextOffsets().forEach((partition, next) -> assertThat(applied.entrySet())
                    .filteredOn(entry -> Told.at(entry.getKey()).equals(partition))
                    .allMatch(entry -> entry.getValue() == next.intValue()));
            Set<String> torn = new TreeSet<>();
            log.transactions.forEach((name, whole) -> {
                long there = whole.stream().filter(changes::contains).count();
                if (there != 0 && there != whole.size()) {
                    torn.add(name + ": " + there + " of " + whole.size());
                }
            });
            assertThat(torn).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyPrefixIsOfWholeTransactionsNothingIsLostOrReorderedAndAllIsAppliedInTheEnd(long seed) {
        Random random = new Random(seed);
        Log log = new Log(random);
        Reader reader = new Reader(log, random);
        reader.run();
        assertThat(log.partitions.keySet()).as("seed %s", seed).allMatch(reader::isApplied);
    }
}
