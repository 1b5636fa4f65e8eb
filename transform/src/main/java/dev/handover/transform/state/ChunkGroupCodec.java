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
 * The bytes of a group of rows that a chunk brought: what they share (version, source table, position, mapping), then
 * each.
 */
public final class ChunkGroupCodec {
    private static final byte VERSION = 1;

    private ChunkGroupCodec() {}

    /**
     * What all rows of a chunk share.
     *
     * @param losses as in {@link Image}
     */
    public static byte[] head(SourceChunk chunk, long losses) {
        return new StateWriter()
                .raw(VERSION)
                .text(chunk.schema().table().text())
                .bytes(chunk.position().bytes())
                .number(chunk.accounts().mappingVersion())
                .number(losses)
                .toBytes();
    }

    public static byte[] encode(byte[] head, ChunkAccounts.Group group) {
        return new StateWriter()
                .fixed(head)
                .bytes(group.entries())
                .bytes(group.images())
                .toBytes();
    }

    /**
     * The state of the row whose key has this hash, if it is in the group. Its image has the values that were, or may
     * have been, out of line when it was loaded; the source's log will call no other unchanged that was never told.
     *
     * @throws IllegalArgumentException when the bytes are of another version, or damaged
     */
    public static Optional<RowState> find(byte[] bytes, byte[] hash, SourceId source) {
        StateReader in = new StateReader(ByteBuffer.wrap(bytes));
        in.expectVersion(VERSION);
        TableId table = TableId.parse(in.text());
        SourcePosition position = SourcePosition.decode(source, in.bytes());
        int mappingVersion = (int) in.number();
        long losses = in.number();
        Optional<Fingerprint> found = ChunkAccounts.find(in.bytes(), hash);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Image.Kept> cells = ChunkAccounts.image(in.bytes(), hash)
                .map(RowStateCodec::decodeCells)
                .orElse(Map.of());
        return found.map(fingerprint -> new RowState(
                table,
                Optional.of(new Account(position, mappingVersion, Optional.of(fingerprint))),
                new Image(position, losses, cells)));
    }
}
