package dev.handover.transform.state;

import dev.handover.change.SourceChunk;
import dev.handover.digest.ChunkAccounts;
import dev.handover.digest.Fingerprint;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import dev.handover.transform.state.RowState.Account;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * The bytes of what a chunk told: of what all of its rows share (source table, position, mapping), and of a group of
 * them.
 */
public final class ChunkGroupCodec {
    private static final byte HEAD_VERSION = 1;
    private static final byte GROUP_VERSION = 2;

    private ChunkGroupCodec() {}

    /**
     * What all rows of a chunk share.
     *
     * @param losses as in {@link Image}
     */
    public static byte[] head(SourceChunk chunk, long losses) {
        return new StateWriter()
                .raw(HEAD_VERSION)
                .text(chunk.schema().table().text())
                .bytes(chunk.position().bytes())
                .number(chunk.accounts().mappingVersion())
                .number(losses)
                .toBytes();
    }

    /** A group, for {@link ChunkPage#of}. */
    public static byte[] encode(ChunkAccounts.Group group) {
        return new StateWriter()
                .raw(GROUP_VERSION)
                .bytes(group.entries())
                .bytes(group.images())
                .toBytes();
    }

    /** @throws IllegalArgumentException when the bytes are of another version, or damaged */
    static ChunkPage.Rows decode(int chunk, byte[] bytes) {
        StateReader in = new StateReader(ByteBuffer.wrap(bytes));
        in.expectVersion(GROUP_VERSION);
        byte[] entries = in.bytes();
        if (entries.length % ChunkAccounts.ENTRY_BYTES != 0) {
            throw new IllegalArgumentException("state with a row in part");
        }
        byte[] images = in.bytes();
        in.expectEnd();
        return new ChunkPage.Rows(chunk, entries, images);
    }

    /**
     * The state of a row of a chunk. Its image has the values that were, or may have been, out of line when it was
     * loaded; the source's log will call no other unchanged that was never told.
     *
     * @param head of the chunk
     * @param image what is known of the row's values, if the chunk told any
     * @throws IllegalArgumentException when the bytes are of another version, or damaged
     */
    public static RowState state(byte[] head, Fingerprint fingerprint, Optional<byte[]> image, SourceId source) {
        StateReader in = new StateReader(ByteBuffer.wrap(head));
        in.expectVersion(HEAD_VERSION);
        TableId table = TableId.parse(in.text());
        SourcePosition position = SourcePosition.decode(source, in.bytes());
        int mappingVersion = (int) in.number();
        long losses = in.number();
        in.expectEnd();
        Map<String, Image.Kept> cells = image.map(RowStateCodec::decodeCells).orElse(Map.of());
        return new RowState(
                table,
                Optional.of(new Account(position, mappingVersion, Optional.of(fingerprint))),
                new Image(position, losses, cells));
    }
}
