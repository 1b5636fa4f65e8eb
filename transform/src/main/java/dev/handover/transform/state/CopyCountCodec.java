package dev.handover.transform.state;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import java.nio.ByteBuffer;

/** The bytes of a {@link CopyCount}: version, copies, the name of the source, position. */
public final class CopyCountCodec {
    private static final byte VERSION = 1;

    private CopyCountCodec() {}

    public static byte[] encode(CopyCount count) {
        return new StateWriter()
                .raw(VERSION)
                .number(count.copies())
                .text(count.position().source().name())
                .bytes(count.position().bytes())
                .toBytes();
    }

    /** @throws IllegalArgumentException when the bytes are of another version, or damaged */
    public static CopyCount decode(byte[] bytes) {
        StateReader in = new StateReader(ByteBuffer.wrap(bytes));
        in.expectVersion(VERSION);
        int copies = Math.toIntExact(in.number());
        SourceId source = new SourceId(in.text());
        SourcePosition position = SourcePosition.decode(source, in.bytes());
        in.expectEnd();
        return new CopyCount(copies, position);
    }
}
