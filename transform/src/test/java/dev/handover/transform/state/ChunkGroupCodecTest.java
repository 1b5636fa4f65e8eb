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
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

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

    private static byte[] group(long losses) {
        ChunkAccounts.Gathering gathering = new ChunkAccounts.Gathering();
        gathering.add(BUCKET, KEYS.get(0), PLAIN, new byte[0]);
        gathering.add(BUCKET, KEYS.get(1), WITH_IMAGE, RowStateCodec.encode(CELLS));
        ChunkAccounts accounts = Optional.ofNullable(
                        gathering.byPartition(TARGET, 300, 9, 1).get(0))
                .orElseThrow();
        assertThat(accounts.groups()).hasSize(1);
        byte[] head = ChunkGroupCodec.head(new SourceChunk(NOTES, POSITION, Instant.EPOCH, accounts), losses);
        return ChunkGroupCodec.encode(head, accounts.groups().get(0));
    }

    private static Optional<RowState> find(byte[] bytes, RowKey key) {
        return ChunkGroupCodec.find(bytes, ChunkAccounts.hash(key), PAS);
    }

    @Test
    void aRowsStateIsWhatItWouldBeHadItsRecordGoneThroughTheLog() {
        Image empty = new Image(POSITION, 129, Map.of());
        Image image = new Image(POSITION, 129, CELLS);
        assertThat(find(group(129), KEYS.get(0)))
                .contains(new RowState(
                        NOTES.table(), Optional.of(new Account(POSITION, 300, Optional.of(PLAIN))), empty));
        assertThat(find(group(129), KEYS.get(1)))
                .contains(new RowState(
                        NOTES.table(), Optional.of(new Account(POSITION, 300, Optional.of(WITH_IMAGE))), image));
        assertThat(find(group(129), KEYS.get(2))).isEmpty();
    }

    @Test
    void damagedBytesAreRefused() {
        byte[] whole = group(1);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException().as("length %d", length).isThrownBy(() -> find(cut, KEYS.get(1)));
        }
        byte[] future = whole.clone();
        future[0] = 2;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> find(future, KEYS.get(0)))
                .withMessageContaining("version 2");
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
                    }
                }
            }
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
