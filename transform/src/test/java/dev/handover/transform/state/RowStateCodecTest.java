package dev.handover.transform.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Kind;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.Value;
import dev.handover.transform.state.Image.Kept;
import dev.handover.transform.state.RowState.Account;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowStateCodecTest {
    private static final TableId SOURCE = TableId.parse("pas.public.a.b");
    private static final SourcePosition P1 = SourcePosition.postgres(new SourceId("pas"), 0x16B3748, 1);
    private static final SourcePosition P2 = SourcePosition.postgres(new SourceId("pas"), 0x16B3748, 2);
    private static final Fingerprint FINGERPRINT = new Fingerprint(1, -2, Long.MIN_VALUE, 4);
    private static final Map<String, Kept> CELLS = Map.of(
            "note", new Kept(Kind.TEXT, new Value.Text("\uD83D\uDE00 \0".repeat(5_000))),
            "scan", new Kept(Kind.BYTES, new Value.Bytes(new byte[] {0, 1, -1})),
            "sum", new Kept(Kind.DECIMAL, Value.Decimal.parse("-1.50")));

    @Test
    void comesBackEqual() {
        assertReturns(new RowState(
                SOURCE, Optional.of(new Account(P1, 300, Optional.of(FINGERPRINT))), new Image(P1, 0, Map.of())));
        assertReturns(new RowState(
                SOURCE, Optional.of(new Account(P1, 1, Optional.of(FINGERPRINT))), new Image(P2, 129, CELLS)));
        assertReturns(
                new RowState(SOURCE, Optional.of(new Account(P1, 1, Optional.empty())), new Image(P1, 1, Map.of())));
        assertReturns(new RowState(SOURCE, Optional.empty(), new Image(P2, Long.MAX_VALUE, CELLS)));
    }

    @Test
    void anOrdinaryRowTakesFewBytes() {
        RowState state = new RowState(
                TableId.parse("pas.public.patient"),
                Optional.of(new Account(P1, 1, Optional.of(FINGERPRINT))),
                new Image(P1, 0, Map.of()));
        assertThat(RowStateCodec.encode(state)).hasSize(74);
    }

    @Test
    void damagedBytesAreRefused() {
        byte[] whole = RowStateCodec.encode(
                new RowState(SOURCE, Optional.of(new Account(P1, 1, Optional.empty())), new Image(P2, 1, CELLS)));
        for (int length = 0; length < 90; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> RowStateCodec.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> RowStateCodec.decode(Arrays.copyOf(whole, whole.length + 1)))
                .hasMessageContaining("1 bytes too many");
        byte[] future = whole.clone();
        future[0] = 2;
        assertThatThrownBy(() -> RowStateCodec.decode(future)).hasMessageContaining("version 2");
    }

    @Test
    void aBucketComesBackEqual() {
        Bucket bucket = new Bucket(1023);
        BucketState state = new BucketState(bucket, 7, new Digest(3, 1, -2, 3, Long.MAX_VALUE));
        assertThat(BucketStateCodec.decode(bucket, BucketStateCodec.encode(state)))
                .isEqualTo(state);
    }

    @Test
    void noTwoPlacesShareAStoreKey() {
        RowKey key = RowKey.of(new Value.Text("a"));
        assertThat(StateKeys.row(TableId.target("s", "t"), key))
                .isNotEqualTo(StateKeys.row(TableId.target("s", "tt"), key))
                .isNotEqualTo(StateKeys.row(TableId.target("s", "t"), RowKey.of(new Value.Text("b"))));
        assertThat(StateKeys.bucket(TableId.target("s", "t"), new Bucket(1)))
                .isNotEqualTo(StateKeys.bucket(TableId.target("s", "t"), new Bucket(257)));
    }

    private static void assertReturns(RowState state) {
        assertThat(RowStateCodec.decode(RowStateCodec.encode(state))).isEqualTo(state);
    }
}
