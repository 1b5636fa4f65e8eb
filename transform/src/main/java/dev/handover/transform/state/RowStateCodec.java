package dev.handover.transform.state;

import dev.handover.digest.Fingerprint;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.Value;
import dev.handover.transform.state.Image.Kept;
import dev.handover.transform.state.RowState.Account;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The bytes of a {@link RowState}: a version, flags, the source table, the account, the image. Lengths and counts are
 * variable-length integers. The image's position is left out where it is the account's, which is nearly always.
 */
public final class RowStateCodec {
    private static final byte VERSION = 1;
    private static final int ACCOUNTED = 1;
    private static final int EXISTS = 2;
    private static final int SAME_POSITION = 4;
    private static final byte TAG_DECIMAL = 1;
    private static final byte TAG_TEXT = 2;
    private static final byte TAG_BYTES = 3;

    private RowStateCodec() {}

    /** @throws IllegalArgumentException when a kept value is of a kind that is never out of line */
    public static byte[] encode(RowState state) {
        Image image = state.image();
        boolean same = state.account()
                .map(account -> account.position().equals(image.position()))
                .orElse(false);
        int flags = same ? SAME_POSITION : 0;
        if (state.account().isPresent()) {
            flags |= ACCOUNTED;
            flags |= state.account().get().fingerprint().isPresent() ? EXISTS : 0;
        }
        StateWriter out = new StateWriter().raw(VERSION).raw((byte) flags);
        out.text(state.source().text());
        if (state.account().isPresent()) {
            Account account = state.account().get();
            out.bytes(account.position().bytes()).number(account.mappingVersion());
            account.fingerprint().ifPresent(fingerprint -> out.fixed(fingerprint.bytes()));
        }
        if (!same) {
            out.bytes(image.position().bytes());
        }
        out.number(image.losses());
        return cells(out, image.cells()).toBytes();
    }

    /** Kept values by themselves. @throws IllegalArgumentException when one is of a kind that is never out of line */
    public static byte[] encode(Map<String, Kept> cells) {
        return cells(new StateWriter(), cells).toBytes();
    }

    private static StateWriter cells(StateWriter out, Map<String, Kept> cells) {
        out.number(cells.size());
        if (!cells.isEmpty()) {
            new TreeMap<>(cells)
                    .forEach((column, kept) ->
                            write(out.text(column).text(kept.kind().name()), kept.value()));
        }
        return out;
    }

    private static StateWriter write(StateWriter out, Value value) {
        return value.fold(
                bool -> neverOutOfLine("boolean"),
                integer -> neverOutOfLine("integer"),
                decimal -> out.raw(TAG_DECIMAL).text(decimal.plain()),
                real -> neverOutOfLine("real"),
                text -> out.raw(TAG_TEXT).text(text.value()),
                bytes -> out.raw(TAG_BYTES).bytes(bytes.value()));
    }

    private static StateWriter neverOutOfLine(String what) {
        throw new IllegalArgumentException("a value of type " + what + " is never out of line");
    }

    /** @throws IllegalArgumentException when the bytes are of another version, or damaged */
    public static RowState decode(byte[] bytes) {
        StateReader in = new StateReader(ByteBuffer.wrap(bytes));
        in.expectVersion(VERSION);
        int flags = in.raw();
        TableId source = TableId.parse(in.text());
        SourceId id = new SourceId(source.database());
        Optional<Account> account = Optional.empty();
        if ((flags & ACCOUNTED) != 0) {
            SourcePosition position = SourcePosition.decode(id, in.bytes());
            int mappingVersion = (int) in.number();
            Optional<Fingerprint> fingerprint = (flags & EXISTS) == 0
                    ? Optional.empty()
                    : Optional.of(Fingerprint.decode(in.fixed(Fingerprint.BYTES)));
            account = Optional.of(new Account(position, mappingVersion, fingerprint));
        }
        SourcePosition seen = (flags & SAME_POSITION) == 0
                ? SourcePosition.decode(id, in.bytes())
                : account.orElseThrow(() -> new IllegalArgumentException("a row's state has no position"))
                        .position();
        long losses = in.number();
        Map<String, Kept> cells = cells(in);
        in.expectEnd();
        return new RowState(source, account, new Image(seen, losses, cells));
    }

    /** The values that {@link #encode(Map)} wrote. @throws IllegalArgumentException when the bytes are damaged */
    public static Map<String, Kept> decodeCells(byte[] bytes) {
        StateReader in = new StateReader(ByteBuffer.wrap(bytes));
        Map<String, Kept> cells = cells(in);
        in.expectEnd();
        return cells;
    }

    private static Map<String, Kept> cells(StateReader in) {
        int count = (int) in.number();
        Map<String, Kept> cells = new HashMap<>();
        for (int i = 0; i < count; i++) {
            cells.put(in.text(), new Kept(Kind.valueOf(in.text()), value(in)));
        }
        return cells;
    }

    private static Value value(StateReader in) {
        byte tag = in.raw();
        return switch (tag) {
            case TAG_DECIMAL -> new Value.Decimal(in.text());
            case TAG_TEXT -> new Value.Text(in.text());
            case TAG_BYTES -> new Value.Bytes(in.bytes());
            default -> throw new IllegalArgumentException("a kept value has the unknown tag " + tag);
        };
    }
}
