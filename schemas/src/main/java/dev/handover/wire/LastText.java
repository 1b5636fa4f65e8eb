package dev.handover.wire;

import dev.handover.wire.AvroBinary.UndecodableBytes;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the text of a field stood for the last time: records that follow each other mostly repeat it. Thread-safe. */
final class LastText<T> {
    private final Function<String, T> meaning;
    private @Nullable Seen<T> last;

    LastText(Function<String, T> meaning) {
        this.meaning = meaning;
    }

    /** Another thread may see an older one of these, or none, but never half of one. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Seen<T>(byte[] text, T meaning) {}

    T read(AvroIn in) throws UndecodableBytes {
        Seen<T> seen = last;
        if (seen != null && in.skips(seen.text())) {
            return seen.meaning();
        }
        byte[] text = in.bytes();
        seen = new Seen<>(text, meaning.apply(new String(text, StandardCharsets.UTF_8)));
        last = seen;
        return seen.meaning();
    }
}
