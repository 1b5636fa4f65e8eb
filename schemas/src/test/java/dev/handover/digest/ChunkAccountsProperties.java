package dev.handover.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.digest.ChunkAccounts.Gathering;
import dev.handover.digest.ChunkAccounts.Group;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkAccountsProperties {
    private static final TableId TARGET = TableId.target("clinical", "Größe");
    private static final int MAPPING = 3;
    private static final int NUMBER = 41;
    private static final byte[] NONE = {};

    /** Version, lengths, names, mapping version and number of {@link #TARGET}. */
    private static final int HEADER_BYTES = 1 + 4 + 8 + 4 + 7 + 4 + 4;

    private record Told(Bucket bucket, RowKey target, Fingerprint fingerprint, Value.Bytes image) {}

    /** Keys of the target differ; buckets are of the source's keys, so these share nothing with them. */
    private static List<Told> rows(int count, long seed) {
        Random random = new Random(seed);
        List<Told> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] image = new byte[random.nextInt(10) == 0 ? 1 + random.nextInt(300) : 0];
            random.nextBytes(image);
            rows.add(new Told(
                    new Bucket(random.nextInt(Bucket.PER_TABLE)),
                    RowKey.of(new Value.Text("tenant"), new Value.Int(i)),
                    new Fingerprint(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()),
                    new Value.Bytes(image)));
        }
        return rows;
    }

    private static Map<Integer, ChunkAccounts> gathered(List<Told> rows, int partitions) {
        Gathering gathering = new Gathering();
        rows.forEach(row -> gathering.add(
                row.bucket(), row.target(), row.fingerprint(), row.image().value()));
        assertThat(gathering.rows()).isEqualTo(rows.size());
        return gathering.byPartition(TARGET, MAPPING, NUMBER, partitions);
    }

    private static ChunkAccounts one(int count, long seed) {
        return in(gathered(rows(count, seed), 1), 0);
    }

    private static ChunkAccounts in(Map<Integer, ChunkAccounts> accounts, int partition) {
        return Optional.ofNullable(accounts.get(partition)).orElseThrow();
    }

    /** The arrays grow at 1,366 rows, and again at each doubling. */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 12", "3, 4", "300, 12", "1365, 4", "1366, 4", "2731, 7", "20000, 12"})
    void everyRowComesBackOnceInThePartitionAndTheGroupOfItsBucketAndSlot(int count, int partitions) {
        List<Told> rows = rows(count, count);
        Map<Integer, ChunkAccounts> accounts = gathered(rows, partitions);
        for (Told row : rows) {
            byte[] hash = ChunkAccounts.hash(row.target());
            Group group = group(in(accounts, row.bucket().partition(partitions)), row.bucket(), hash);
            assertThat(find(group.entries(), hash)).contains(row.fingerprint());
            assertThat(image(group.images(), hash).orElse(NONE))
                    .isEqualTo(row.image().value());
        }
        assertThat(accounts.values().stream().mapToLong(ChunkAccounts::rows).sum())
                .isEqualTo(count);
        accounts.forEach((partition, of) -> {
            assertThat(of.target()).isEqualTo(TARGET);
            assertThat(of.mappingVersion()).isEqualTo(MAPPING);
            assertThat(of.number()).isEqualTo(NUMBER);
            Set<List<Integer>> places = new HashSet<>();
            for (Group group : of.groups()) {
                assertThat(group.bucket().partition(partitions)).isEqualTo(partition);
                assertThat(places.add(List.of(group.bucket().number(), group.slot())))
                        .as("each group once")
                        .isTrue();
            }
        });
    }

    private static Optional<Fingerprint> find(byte[] entries, byte[] hash) {
        for (int at = 0; at < entries.length; at += ChunkAccounts.ENTRY_BYTES) {
            int rest = at + ChunkAccounts.HASH_BYTES;
            if (Arrays.equals(hash, Arrays.copyOfRange(entries, at, rest))) {
                return Optional.of(
                        Fingerprint.decode(Arrays.copyOfRange(entries, rest, at + ChunkAccounts.ENTRY_BYTES)));
            }
        }
        return Optional.empty();
    }

    private static Optional<byte[]> image(byte[] images, byte[] hash) {
        List<byte[]> found = new ArrayList<>();
        ChunkAccounts.eachImage(images, (of, image) -> {
            if (Arrays.equals(of, hash)) {
                found.add(image);
            }
        });
        return found.stream().findFirst();
    }

    private static Group group(ChunkAccounts accounts, Bucket bucket, byte[] hash) {
        return accounts.groups().stream()
                .filter(group -> group.bucket().equals(bucket) && group.slot() == ChunkAccounts.slot(hash))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aKeyThatIsNotAmongTheRowsIsNotFound() {
        ChunkAccounts accounts = one(2_000, 7);
        for (int i = 0; i < 2_000; i++) {
            byte[] other = ChunkAccounts.hash(RowKey.of(new Value.Text("other"), new Value.Int(i)));
            for (Group group : accounts.groups().subList(0, 50)) {
                assertThat(find(group.entries(), other)).isEmpty();
                assertThat(image(group.images(), other)).isEmpty();
            }
        }
    }

    @Test
    void theDigestOfAGroupIsTheSumOfItsFingerprints() {
        List<Told> rows = rows(5_000, 11);
        Map<List<Integer>, Digest> sums = new HashMap<>();
        for (Told row : rows) {
            List<Integer> place = List.of(row.bucket().number(), ChunkAccounts.slot(ChunkAccounts.hash(row.target())));
            sums.put(place, sums.getOrDefault(place, Digest.EMPTY).plus(row.fingerprint()));
        }
        Map<List<Integer>, Digest> digests = new HashMap<>();
        in(gathered(rows, 1), 0)
                .groups()
                .forEach(group -> digests.put(List.of(group.bucket().number(), group.slot()), group.digest()));
        assertThat(digests).isEqualTo(sums);
    }

    /** Whoever sends them asks before it is too late. */
    @ParameterizedTest
    @CsvSource({"0, 4", "1, 1", "1, 12", "300, 12", "5000, 1", "5000, 7"})
    void theLargestOfTheAccountsIsKnownBeforeTheyAreMade(int count, int partitions) {
        Gathering gathering = new Gathering();
        rows(count, 13)
                .forEach(row -> gathering.add(
                        row.bucket(),
                        row.target(),
                        row.fingerprint(),
                        row.image().value()));
        int largest = gathering.byPartition(TARGET, MAPPING, NUMBER, partitions).values().stream()
                .mapToInt(accounts -> accounts.encode().length - HEADER_BYTES)
                .max()
                .orElse(0);
        assertThat(gathering.largestBytes(partitions)).isEqualTo(largest);
    }

    @Test
    void slotsAreEvenlyFilled() {
        int[] rows = new int[ChunkAccounts.SLOTS];
        for (int id = 0; id < 4_000; id++) {
            rows[ChunkAccounts.slot(ChunkAccounts.hash(RowKey.of(new Value.Int(id))))]++;
        }
        for (int count : rows) {
            assertThat(count).isBetween(850, 1_150);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40, 3_000})
    void comesBackFromItsBytes(int count) {
        ChunkAccounts accounts = one(count, count);
        ChunkAccounts back = ChunkAccounts.decode(accounts.encode());
        assertThat(back.target()).isEqualTo(TARGET);
        assertThat(back.mappingVersion()).isEqualTo(MAPPING);
        assertThat(back.number()).isEqualTo(NUMBER);
        assertThat(back.rows()).isEqualTo(count);
        assertThat(back.groups()).hasSameSizeAs(accounts.groups());
        for (int i = 0; i < back.groups().size(); i++) {
            Group group = back.groups().get(i);
            Group told = accounts.groups().get(i);
            assertThat(group.bucket()).isEqualTo(told.bucket());
            assertThat(group.slot()).isEqualTo(told.slot());
            assertThat(group.entries()).isEqualTo(told.entries());
            assertThat(group.images()).isEqualTo(told.images());
        }
    }

    @Test
    void bytesThatWereCutAreRefusedWhereverItIsNotBetweenTwoGroups() {
        ChunkAccounts accounts = one(8, 3);
        byte[] whole = accounts.encode();
        Set<Integer> between = new HashSet<>(Set.of(HEADER_BYTES));
        int end = HEADER_BYTES;
        for (Group group : accounts.groups()) {
            end += 2 + 1 + 4 + 4 + group.entries().length + group.images().length;
            between.add(end);
        }
        assertThat(whole).hasSize(end);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (between.contains(length)) {
                assertThat(ChunkAccounts.decode(cut).rows()).isLessThan(8);
            } else {
                assertThatIllegalArgumentException()
                        .as("length %d", length)
                        .isThrownBy(() -> ChunkAccounts.decode(cut));
            }
        }
    }

    @Test
    void aChangedByteIsRefusedOrAnotherValueAndNeverAnotherFailure() {
        byte[] whole = one(8, 5).encode();
        for (int at = 0; at < whole.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] changed = whole.clone();
                changed[at] = (byte) value;
                if (changed[at] == whole[at]) {
                    continue;
                }
                try {
                    assertThat(ChunkAccounts.decode(changed).encode()).isNotEqualTo(whole);
                } catch (IllegalArgumentException refused) {
                    assertThat(refused).hasMessageNotContaining("Größe");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 1 << 20, 1 << 30, Integer.MAX_VALUE})
    void absurdLengthsAreRefusedBeforeAnyRoomIsMadeForThem(int length) {
        byte[] whole = one(8, 5).encode();
        int rows = HEADER_BYTES + 3;
        for (int at : List.of(1, 1 + 4 + 8, rows, rows + 4)) {
            byte[] absurd = whole.clone();
            ByteBuffer.wrap(absurd).putInt(at, length);
            assertThatIllegalArgumentException().as("at %d", at).isThrownBy(() -> ChunkAccounts.decode(absurd));
        }
        byte[] images = new byte[ChunkAccounts.HASH_BYTES + 4];
        ByteBuffer.wrap(images).putInt(ChunkAccounts.HASH_BYTES, length);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> image(images, ChunkAccounts.hash(RowKey.of(new Value.Int(1)))));
    }

    @Test
    void imagesThatWereCutAreRefusedWhereverItIsNotBetweenTwo() {
        byte[] absent = ChunkAccounts.hash(RowKey.of(new Value.Int(1)));
        byte[] first = new byte[ChunkAccounts.HASH_BYTES + 4 + 3];
        first[ChunkAccounts.HASH_BYTES + 3] = 3;
        byte[] images = Arrays.copyOf(first, 2 * first.length);
        System.arraycopy(first, 0, images, first.length, first.length);
        for (int length = 1; length < images.length; length++) {
            byte[] cut = Arrays.copyOf(images, length);
            if (length == first.length) {
                assertThat(image(cut, absent)).isEmpty();
            } else {
                assertThatIllegalArgumentException().as("length %d", length).isThrownBy(() -> image(cut, absent));
            }
        }
    }

    @Test
    void noAccountsWithoutAMappingVersionAndNoGroupWithoutRows() {
        assertThatThrownBy(() -> new ChunkAccounts(TARGET, 0, 0, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChunkAccounts(TARGET, 1, -1, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        for (int bytes : List.of(0, 47, 49)) {
            assertThatThrownBy(() -> new Group(new Bucket(0), 0, new byte[bytes], NONE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Group(new Bucket(0), ChunkAccounts.SLOTS, new byte[48], NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
