package dev.handover.transform.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.handover.change.SourceChunk;
import dev.handover.digest.Bucket;
import dev.handover.digest.ChunkAccounts;
import dev.handover.digest.Fingerprint;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.transform.state.Image.Kept;
import dev.handover.transform.state.RowState.Account;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkGroupCodecTest {
    private static final SourceId PAS = new SourceId("pas");
    private static final TableId TARGET = TableId.target("ehr", "note");
    private static final SourcePosition POSITION = SourcePosition.postgres(PAS, 0x16B3748, 0);
    private static final TableSchema NOTES = new TableSchema(
            TableId.parse("pas.public.a.b"),
            List.of(new Column("id", ColumnType.of(Kind.INT64), false)),
            List.of("id"));
    private static final Bucket BUCKET = new Bucket(300);
    private static final Fingerprint PLAIN = new Fingerprint(1, -2, Long.MIN_VALUE, 4);
    private static final Fingerprint WITH_IMAGE = new Fingerprint(5, 6, 7, 8);
    private static final Map<String, Kept> CELLS =
            Map.of("note", new Kept(Kind.TEXT, new Value.Text("long \0 \uD83D\uDE00")));

    /** Keys of one slot. */
    private static final List<RowKey> KEYS = java.util.stream.LongStream.range(0, 100)
            .mapToObj(id -> RowKey.of(new Value.Int(id)))
            .filter(key -> ChunkAccounts.slot(ChunkAccounts.hash(key)) == 2)
            .limit(3)
            .toList();

    private static ChunkAccounts accounts() {
        ChunkAccounts.Gathering gathering = new ChunkAccounts.Gathering();
        gathering.add(BUCKET, KEYS.get(0), PLAIN, new byte[0]);
        gathering.add(BUCKET, KEYS.get(1), WITH_IMAGE, RowStateCodec.encode(CELLS));
        ChunkAccounts accounts = Optional.ofNullable(
                        gathering.byPartition(TARGET, 300, 9, 1).get(0))
                .orElseThrow();
        assertThat(accounts.groups()).hasSize(1);
        return accounts;
    }

    private static byte[] head(long losses) {
        return ChunkGroupCodec.head(new SourceChunk(NOTES, POSITION, Instant.EPOCH, accounts()), losses);
    }

    private static byte[] group() {
        return ChunkGroupCodec.encode(accounts().groups().get(0));
    }

    private static Optional<RowState> find(byte[] head, byte[] group, RowKey key) {
        List<byte[]> pages = ChunkPage.of(Map.of(9, group));
        assertThat(pages).hasSize(1);
        return ChunkPage.find(pages.get(0), ChunkAccounts.hash(key)).map(row -> {
            assertThat(row.chunk()).isEqualTo(9);
            return ChunkGroupCodec.state(head, row.fingerprint(), row.image(), PAS);
        });
    }

    @Test
    void aRowsStateIsWhatItWouldBeHadItsRecordGoneThroughTheLog() {
        Image empty = new Image(POSITION, 129, Map.of());
        Image image = new Image(POSITION, 129, CELLS);
        assertThat(find(head(129), group(), KEYS.get(0)))
                .contains(new RowState(
                        NOTES.table(), Optional.of(new Account(POSITION, 300, Optional.of(PLAIN))), empty));
        assertThat(find(head(129), group(), KEYS.get(1)))
                .contains(new RowState(
                        NOTES.table(), Optional.of(new Account(POSITION, 300, Optional.of(WITH_IMAGE))), image));
        assertThat(find(head(129), group(), KEYS.get(2))).isEmpty();
    }

    @Test
    void damagedBytesAreRefused() {
        byte[] head = head(1);
        for (int length = 0; length < head.length; length++) {
            byte[] cut = Arrays.copyOf(head, length);
            assertThatIllegalArgumentException()
                    .as("length %d", length)
                    .isThrownBy(() -> ChunkGroupCodec.state(cut, PLAIN, Optional.empty(), PAS));
        }
        byte[] group = group();
        for (int length = 0; length < group.length; length++) {
            byte[] cut = Arrays.copyOf(group, length);
            assertThatIllegalArgumentException().as("length %d", length).isThrownBy(() -> ChunkPage.of(Map.of(9, cut)));
        }
        byte[] page = ChunkPage.of(Map.of(9, group)).get(0);
        for (int length = 0; length < page.length; length++) {
            byte[] cut = Arrays.copyOf(page, length);
            assertThatIllegalArgumentException()
                    .as("length %d", length)
                    .isThrownBy(() -> ChunkPage.find(cut, ChunkAccounts.hash(KEYS.get(1))));
        }
        for (byte[] whole : List.of(group, page)) {
            byte[] future = whole.clone();
            future[0] = 9;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> {
                        ChunkPage.of(Map.of(9, future));
                        ChunkPage.find(future, ChunkAccounts.hash(KEYS.get(0)));
                    })
                    .withMessageContaining("version 9");
        }
    }

    /** One chunk and one row up to many chunks and pages; some rows have an image, some of them a large one. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 78, 1", "3, 100, 2", "31, 1000, 16", "200, 20000, 256"})
    void everyRowOfEveryChunkIsInThePageThatItsHashNames(int chunks, int rows, int pagesExpected) {
        Map<Integer, ChunkAccounts.Gathering> gathering = new TreeMap<>();
        Map<RowKey, Integer> of = new HashMap<>();
        for (long id = 0; of.size() < rows; id++) {
            RowKey key = RowKey.of(new Value.Int(id));
            if (ChunkAccounts.slot(ChunkAccounts.hash(key)) == 2) {
                int chunk = (int) (id % chunks) * 130;
                gathering
                        .computeIfAbsent(chunk, none -> new ChunkAccounts.Gathering())
                        .add(BUCKET, key, fingerprint(id), id % 500 == 7 ? new byte[] {(byte) id, 1} : new byte[0]);
                of.put(key, chunk);
            }
        }
        Map<Integer, byte[]> groups = new TreeMap<>();
        gathering.forEach((chunk, told) -> groups.put(
                chunk,
                ChunkGroupCodec.encode(Optional.ofNullable(
                                told.byPartition(TARGET, 1, chunk, 1).get(0))
                        .orElseThrow()
                        .groups()
                        .get(0))));
        List<byte[]> pages = ChunkPage.of(groups);
        assertThat(pages).hasSize(pagesExpected);
        of.forEach((key, chunk) -> {
            long id = ((Value.Int) key.values().get(0)).value();
            byte[] hash = ChunkAccounts.hash(key);
            byte[] page = pages.get(ChunkPage.number(hash, pages.size()));
            assertThat(ChunkPage.pages(page)).isEqualTo(pagesExpected);
            assertThat(ChunkPage.find(page, hash)).hasValueSatisfying(row -> {
                assertThat(row.chunk()).isEqualTo(chunk);
                assertThat(row.fingerprint()).isEqualTo(fingerprint(id));
                assertThat(row.image().isPresent()).isEqualTo(id % 500 == 7);
                row.image().ifPresent(image -> assertThat(image).containsExactly((byte) id, 1));
            });
        });
        for (long id = -1; id > -500; id--) {
            byte[] hash = ChunkAccounts.hash(RowKey.of(new Value.Int(id)));
            assertThat(ChunkPage.find(pages.get(ChunkPage.number(hash, pages.size())), hash))
                    .isEmpty();
        }
    }

    private static Fingerprint fingerprint(long id) {
        return new Fingerprint(id, -id, ~id, id << 32);
    }

    /** Images of many kilobytes are not read for the sake of other rows. */
    @Test
    void aSlotOfLargeImagesHasManyPages() {
        ChunkAccounts.Gathering gathering = new ChunkAccounts.Gathering();
        KEYS.forEach(key -> gathering.add(BUCKET, key, PLAIN, new byte[100_000]));
        byte[] group = ChunkGroupCodec.encode(
                Optional.ofNullable(gathering.byPartition(TARGET, 1, 0, 1).get(0))
                        .orElseThrow()
                        .groups()
                        .get(0));
        List<byte[]> pages = ChunkPage.of(Map.of(0, group));
        assertThat(pages).hasSize(2);
        KEYS.forEach(key -> {
            byte[] hash = ChunkAccounts.hash(key);
            assertThat(ChunkPage.find(pages.get(ChunkPage.number(hash, 2)), hash)
                            .flatMap(ChunkPage.Found::image))
                    .hasValueSatisfying(image -> assertThat(image).hasSize(100_000));
        });
    }

    @Test
    void noTwoGroupsShareAStoreKeyAndNoneBeginsAsAnothersDo() {
        Set<String> keys = new HashSet<>();
        for (TableId table : List.of(TARGET, TableId.target("ehr", "notes"), TableId.target("ehr", "not"))) {
            for (int number : List.of(0, 1, 127, 128, 255, 256, 16_384)) {
                assertThat(keys.add(hex(StateKeys.chunk(table, number)))).isTrue();
                assertThat(hex(StateKeys.chunk(table, number))).startsWith(hex(StateKeys.chunks(table)));
                for (Bucket bucket : List.of(new Bucket(0), new Bucket(1), new Bucket(256), new Bucket(1023))) {
                    for (int slot = 0; slot < ChunkAccounts.SLOTS; slot++) {
                        String key = hex(StateKeys.group(table, bucket, slot, number));
                        assertThat(keys.add(key)).isTrue();
                        assertThat(key)
                                .startsWith(hex(StateKeys.groups(table, bucket, slot)))
                                .doesNotStartWith(hex(StateKeys.groups(table, bucket, (slot + 1) % 4)))
                                .doesNotStartWith(hex(StateKeys.chunks(table)));
                        assertThat(StateKeys.number(
                                        StateKeys.group(table, bucket, slot, number),
                                        StateKeys.groups(table, bucket, slot).length))
                                .isEqualTo(number);
                        String page = hex(StateKeys.page(table, bucket, slot, number, 5));
                        assertThat(keys.add(page)).isTrue();
                        assertThat(page)
                                .startsWith(hex(StateKeys.pages(table, bucket, slot)))
                                .doesNotStartWith(hex(StateKeys.groups(table, bucket, slot)));
                    }
                }
            }
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
