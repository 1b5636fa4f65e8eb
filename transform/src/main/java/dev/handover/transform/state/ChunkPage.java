package dev.handover.transform.state;

import dev.handover.digest.ChunkAccounts;
import dev.handover.digest.Fingerprint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows of one bucket and slot of a table, whichever chunks told of them, a few dozen in the order of their hashes: what
 * is read to find one of them. Chunks come one after another, so that the groups of a slot are as many as the chunks of
 * the table; its pages are as many as its rows need, and a row's hash says in which of them it is.
 */
public final class ChunkPage {
    private static final byte VERSION = 1;
    /** About; a slot has a power of two of pages, none of which is made for less than a row. */
    static final int BYTES_MAX = 4096;

    private static final int PAGES_BITS_MAX = 24;
    private static final int CHUNK_AT = ChunkAccounts.ENTRY_BYTES;
    private static final int ENTRY_BYTES = CHUNK_AT + Integer.BYTES;

    private ChunkPage() {}

    /** A group, of which chunk it is, and its rows as {@link ChunkAccounts.Group} has them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Rows(int chunk, byte[] entries, byte[] images) {}

    /** A row: the chunk that told of it, its fingerprint, and its image if there is one. */
    public record Found(int chunk, Fingerprint fingerprint, Optional<byte[]> image) {}

    private record Paged(List<byte[]> entries, StateWriter images) {}

    /**
     * The pages of a slot, in the order of their numbers; at least one.
     *
     * @param groups as {@link ChunkGroupCodec#encode} wrote them, by chunk; of several rows with one hash, that of the
     *     first chunk counts
     * @throws IllegalArgumentException when they are damaged
     */
    public static List<byte[]> of(Map<Integer, byte[]> groups) {
        List<Rows> told = new ArrayList<>();
        long rows = 0;
        long bytes = 0;
        for (Map.Entry<Integer, byte[]> group : groups.entrySet()) {
            Rows more = ChunkGroupCodec.decode(group.getKey(), group.getValue());
            told.add(more);
            rows += more.entries().length / ChunkAccounts.ENTRY_BYTES;
            bytes += (long) more.entries().length + more.images().length;
        }
        int bits = bits(rows, bytes);
        List<Paged> pages = new ArrayList<>();
        for (int i = 0; i < 1 << bits; i++) {
            pages.add(new Paged(new ArrayList<>(), new StateWriter()));
        }
        for (Rows group : told) {
            byte[] from = group.entries();
            for (int at = 0; at < from.length; at += ChunkAccounts.ENTRY_BYTES) {
                byte[] entry = new byte[ENTRY_BYTES];
                System.arraycopy(from, at, entry, 0, CHUNK_AT);
                ByteBuffer.wrap(entry).putInt(CHUNK_AT, group.chunk());
                pages.get(number(entry, 1 << bits)).entries().add(entry);
            }
            ChunkAccounts.eachImage(group.images(), (hash, image) -> pages.get(number(hash, 1 << bits))
                    .images()
                    .fixed(hash)
                    .fixed(ByteBuffer.allocate(Integer.BYTES)
                            .putInt(image.length)
                            .array())
                    .fixed(image));
        }
        return pages.stream().map(page -> encode(page, bits)).toList();
    }

    private static int bits(long rows, long bytes) {
        int bits = 0;
        while (bits < PAGES_BITS_MAX && bytes >>> bits > BYTES_MAX && rows >>> bits > 1) {
            bits++;
        }
        return bits;
    }

    private static byte[] encode(Paged page, int bits) {
        StateWriter out = new StateWriter()
                .raw(VERSION)
                .number(bits)
                .number(page.entries().size());
        page.entries()
                .sort((one, other) ->
                        Arrays.compareUnsigned(one, 0, ChunkAccounts.HASH_BYTES, other, 0, ChunkAccounts.HASH_BYTES));
        page.entries().forEach(out::fixed);
        return out.bytes(page.images().toBytes()).toBytes();
    }

    /** Which of so many pages a hash is in. The slot took bits of its first byte. */
    public static int number(byte[] hash, int pages) {
        int bits = (hash[1] & 0xFF) << 16 | (hash[2] & 0xFF) << 8 | hash[3] & 0xFF;
        return bits & pages - 1;
    }

    /**
     * How many pages there are, as each of them says.
     *
     * @throws IllegalArgumentException when the bytes are of another version, or damaged
     */
    public static int pages(byte[] page) {
        return pages(new StateReader(ByteBuffer.wrap(page)));
    }

    private static int pages(StateReader in) {
        in.expectVersion(VERSION);
        long bits = in.number();
        if (bits > PAGES_BITS_MAX) {
            throw new IllegalArgumentException("state with more pages than there can be");
        }
        return 1 << bits;
    }

    /**
     * The row whose key has this hash, if it is here.
     *
     * @throws IllegalArgumentException when the bytes are of another version, or damaged
     */
    public static Optional<Found> find(byte[] page, byte[] hash) {
        ByteBuffer bytes = ByteBuffer.wrap(page);
        StateReader in = new StateReader(bytes);
        pages(in);
        long rows = in.number();
        int first = bytes.position();
        if (rows > bytes.remaining() / ENTRY_BYTES) {
            throw new IllegalArgumentException("state with bytes missing");
        }
        int low = 0;
        int high = (int) rows;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(page, first + middle * ENTRY_BYTES, hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int at = first + low * ENTRY_BYTES;
        if (low == rows || compare(page, at, hash) != 0) {
            return Optional.empty();
        }
        byte[] fingerprint = Arrays.copyOfRange(page, at + ChunkAccounts.HASH_BYTES, at + CHUNK_AT);
        bytes.position(first + (int) rows * ENTRY_BYTES);
        return Optional.of(new Found(bytes.getInt(at + CHUNK_AT), Fingerprint.decode(fingerprint), image(bytes, hash)));
    }

    private static int compare(byte[] page, int at, byte[] hash) {
        return Arrays.compareUnsigned(page, at, at + ChunkAccounts.HASH_BYTES, hash, 0, ChunkAccounts.HASH_BYTES);
    }

    /** Reads on without copying the images of other rows. */
    private static Optional<byte[]> image(ByteBuffer images, byte[] hash) {
        StateReader in = new StateReader(images);
        if (in.number() != images.remaining()) {
            throw new IllegalArgumentException("state with bytes missing");
        }
        while (images.hasRemaining()) {
            byte[] of = in.fixed(ChunkAccounts.HASH_BYTES);
            int length = ByteBuffer.wrap(in.fixed(Integer.BYTES)).getInt();
            if (Arrays.equals(of, hash)) {
                return Optional.of(in.fixed(length));
            }
            if (length < 0 || length > images.remaining()) {
                throw new IllegalArgumentException("state with bytes missing");
            }
            images.position(images.position() + length);
        }
        return Optional.empty();
    }
}
