package dev.handover.sink.batch;

import static org.assertj.core.api.Assertions.assertThat;

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
 * tables among them, and read in any order by a sink that is restarted now and then.
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

    /** What is in Kafka, and which changes belong together. */
    private static final class Log {
        private final Map<String, List<Told>> partitions = new TreeMap<>();
        private final Map<String, Set<Told>> transactions = new HashMap<>();
        private final Random random;

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
                send(new Told(source, partition, "m0"));
            }));
            String parked = random.nextInt(3) == 0 ? tables.get(random.nextInt(tables.size())) : "";
            int parkedFrom = random.nextInt(TRANSACTIONS);
            List<Told> sinceBoundary = new ArrayList<>();
            for (int number = 1; number <= TRANSACTIONS; number++) {
                boolean stands = number > parkedFrom;
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
            for (int more = 0; more <= HoldBack.ROUNDS_SILENT; more++) {
                mark(
                        source,
                        TRANSACTIONS + more,
                        tables.stream().filter(table -> !table.equals(parked)).toList());
            }
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
            tables.forEach(table -> each(table, partition -> send(new Told(source, partition, "m" + number))));
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
        }
    }

    /** The sink: what is read, what is applied. */
    private static final class Reader {
        private final Log log;
        private final Random random;
        private final Map<String, Integer> read = new TreeMap<>();
        private final Map<String, Integer> applied = new TreeMap<>();
        private final Set<Told> changes = new HashSet<>();
        private HoldBack held;

        Reader(Log log, Random random) {
            this.log = log;
            this.random = random;
            log.partitions.keySet().forEach(partition -> applied.put(partition, 0));
            this.held = start();
        }

        private HoldBack start() {
            read.clear();
            read.putAll(applied);
            HoldBack fresh = new HoldBack(new Gathering.Limits(1 + random.nextInt(40), 1 << 20), 1 << 20);
            fresh.assign(log.partitions.keySet().stream().map(Told::at).toList(), History.NOON);
            return fresh;
        }

        private boolean drained(Partition partition) {
            return log.partitions.entrySet().stream()
                    .filter(entry -> Told.at(entry.getKey()).equals(partition))
                    .allMatch(entry -> read.getOrDefault(entry.getKey(), 0)
                            == entry.getValue().size());
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
                Set<Partition> paused = held.paused(this::drained);
                for (int i = random.nextInt(10); i > 0 && !paused.contains(Told.at(partition)); i--) {
                    readOne(partition);
                }
                held.silence(this::drained, History.NOON);
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
            if (offset < records.size()) {
                held.add(records.get(offset).arrival(offset), History.NOON);
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
