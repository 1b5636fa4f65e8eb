package dev.handover.digest;

import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the log is told of rows that one chunk of a load brought to a target table past the log: of each row the bucket,
 * a hash of its key as the target has it, and its fingerprint. That is all that is needed to count it, and to know
 * later what a change of it replaces. Rows come in groups by bucket and slot, so that one of them is found among few.
 *
 * @param target the table that holds the rows
 * @param mappingVersion of the mapping that made them
 * @param number of the chunk within its table's load
 * @param groups in the order of bucket and slot, each at most once
 */
public record ChunkAccounts(TableId target, int mappingVersion, int number, List<Group> groups) {
    /** Groups of a bucket; a power of two. */
    public static final int SLOTS = 4;

    /** Bytes of the hash of a key: the first 128 bits of SHA-256 (FIPS 180-4) of its canonical bytes. */
    public static final int HASH_BYTES = 16;

    /** Bytes of a row in a group: the hash, then the fingerprint. */
    public static final int ENTRY_BYTES = HASH_BYTES + Fingerprint.BYTES;

    private static final byte VERSION = 1;
    private static final int GROUP_HEADER_BYTES = 2 + 1 + 2 * Integer.BYTES;
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(ChunkAccounts::sha256);

    public ChunkAccounts {
        Objects.requireNonNull(target, "target");
        groups = List.copyOf(groups);
        if (mappingVersion < 1 || number < 0) {
            throw new IllegalArgumentException("a chunk has a mapping version from 1 on and a number from 0 on");
        }
    }

    /**
     * Some rows of one bucket.
     *
     * @param slot 0 to {@link #SLOTS} - 1
     * @param entries {@link #ENTRY_BYTES} a row
     * @param images of the few rows of which values must be known: the hash, the number of bytes that follow, the
     *     bytes, which only the transform understands
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and read by its owner only
    public record Group(Bucket bucket, int slot, byte[] entries, byte[] images) {
        public Group {
            Objects.requireNonNull(bucket, "bucket");
            if (slot < 0 || slot >= SLOTS || entries.length == 0 || entries.length % ENTRY_BYTES != 0) {
                throw new IllegalArgumentException("a group has a slot, and entries of 48 bytes");
            }
        }

        public int rows() {
            return entries.length / ENTRY_BYTES;
        }

        /** The digest of its rows. */
        public Digest digest() {
            ByteBuffer in = ByteBuffer.wrap(entries);
            long lane1 = 0;
            long lane2 = 0;
            long lane3 = 0;
            long lane4 = 0;
            for (int at = HASH_BYTES; at < entries.length; at += ENTRY_BYTES) {
                lane1 += in.getLong(at);
                lane2 += in.getLong(at + 8);
                lane3 += in.getLong(at + 16);
                lane4 += in.getLong(at + 24);
            }
            return new Digest(rows(), lane1, lane2, lane3, lane4);
        }
    }

    /** Takes what is known of the values of a row. */
    @FunctionalInterface
    public interface Images {
        void take(byte[] hash, byte[] image);
    }

    /**
     * Goes through the images of a group.
     *
     * @throws IllegalArgumentException when the bytes are damaged
     */
    public static void eachImage(byte[] images, Images each) {
        try {
            ByteBuffer in = ByteBuffer.wrap(images);
            while (in.hasRemaining()) {
                each.take(read(in, HASH_BYTES), read(in, in.getInt()));
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a chunk's images are cut off", e);
        }
    }

    /** The hash of a key as the target has it. */
    public static byte[] hash(RowKey target) {
        return Arrays.copyOf(SHA_256.get().digest(CanonicalBytes.key(target)), HASH_BYTES);
    }

    /** The slot of a hash. */
    public static int slot(byte[] hash) {
        return hash[0] & (SLOTS - 1);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256", e);
        }
    }

    /** All rows. */
    public long rows() {
        return groups.stream().mapToLong(Group::rows).sum();
    }

    /** Version, target, mapping version, number, then the groups; numbers big-endian. */
    public byte[] encode() {
        byte[] schema = target.schema().getBytes(StandardCharsets.UTF_8);
        byte[] name = target.name().getBytes(StandardCharsets.UTF_8);
        int size = 1 + 4 * Integer.BYTES + schema.length + name.length;
        for (Group group : groups) {
            size = Math.addExact(size, GROUP_HEADER_BYTES + group.entries().length + group.images().length);
        }
        ByteBuffer out = ByteBuffer.allocate(size)
                .put(VERSION)
                .putInt(schema.length)
                .put(schema)
                .putInt(name.length)
                .put(name)
                .putInt(mappingVersion)
                .putInt(number);
        for (Group group : groups) {
            out.putShort((short) group.bucket().number())
                    .put((byte) group.slot())
                    .putInt(group.rows())
                    .putInt(group.images().length)
                    .put(group.entries())
                    .put(group.images());
        }
        return out.array();
    }

    /** @throws IllegalArgumentException when the bytes are of another version, or damaged */
    public static ChunkAccounts decode(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (in.get() != VERSION) {
                throw new IllegalArgumentException("a chunk's accounts are of another version");
            }
            TableId target = TableId.target(text(in), text(in));
            int mappingVersion = in.getInt();
            int number = in.getInt();
            List<Group> groups = new ArrayList<>();
            while (in.hasRemaining()) {
                Bucket bucket = new Bucket(in.getShort());
                int slot = in.get();
                int rows = in.getInt();
                int imageBytes = in.getInt();
                groups.add(
                        new Group(bucket, slot, read(in, Math.multiplyExact(rows, ENTRY_BYTES)), read(in, imageBytes)));
            }
            return new ChunkAccounts(target, mappingVersion, number, groups);
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw new IllegalArgumentException("a chunk's accounts are cut off", e);
        }
    }

    private static String text(ByteBuffer in) {
        return new String(read(in, in.getInt()), StandardCharsets.UTF_8);
    }

    private static byte[] read(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a chunk's accounts are cut off");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** Gathers the rows of one chunk. Used by one thread. */
    public static final class Gathering {
        private static final int ROOM = 1 << 16;
        private static final int GROUPS = Bucket.PER_TABLE * SLOTS;

        private byte[] entries = new byte[ROOM];
        private short[] groupOf = new short[ROOM / ENTRY_BYTES + 1];
        private final int[] sizes = new int[GROUPS];
        private final Map<Integer, ByteArrayOutputStream> images = new HashMap<>();
        private int rows;

        /**
         * One more row: the bucket of its source's key, the target's key, the fingerprint.
         *
         * @param image what must be known of its values; of no bytes where that is nothing
         */
        public void add(Bucket bucket, RowKey target, Fingerprint fingerprint, byte[] image) {
            int at = Math.multiplyExact(rows, ENTRY_BYTES);
            if (entries.length - at < ENTRY_BYTES) {
                entries = Arrays.copyOf(entries, Math.multiplyExact(entries.length, 2));
                groupOf = Arrays.copyOf(groupOf, entries.length / ENTRY_BYTES + 1);
            }
            byte[] hash = hash(target);
            System.arraycopy(hash, 0, entries, at, HASH_BYTES);
            ByteBuffer.wrap(entries, at + HASH_BYTES, Fingerprint.BYTES)
                    .putLong(fingerprint.lane1())
                    .putLong(fingerprint.lane2())
                    .putLong(fingerprint.lane3())
                    .putLong(fingerprint.lane4());
            int group = bucket.number() * SLOTS + slot(hash);
            groupOf[rows] = (short) group;
            sizes[group]++;
            rows++;
            if (image.length > 0) {
                ByteArrayOutputStream of = images.computeIfAbsent(group, none -> new ByteArrayOutputStream());
                of.writeBytes(hash);
                of.writeBytes(
                        ByteBuffer.allocate(Integer.BYTES).putInt(image.length).array());
                of.writeBytes(image);
            }
        }

        public int rows() {
            return rows;
        }

        /** About the bytes of the largest of the accounts, as far as rows were added. */
        public long largestBytes(int partitions) {
            long[] bytes = new long[partitions];
            for (int group = 0; group < GROUPS; group++) {
                if (sizes[group] > 0) {
                    ByteArrayOutputStream of = images.get(group);
                    bytes[new Bucket(group / SLOTS).partition(partitions)] +=
                            GROUP_HEADER_BYTES + (long) sizes[group] * ENTRY_BYTES + (of == null ? 0 : of.size());
                }
            }
            return Arrays.stream(bytes).max().orElse(0);
        }

        private byte[] images(int group) {
            ByteArrayOutputStream of = images.get(group);
            return of == null ? new byte[0] : of.toByteArray();
        }

        /** The accounts, by the partition that they belong in; partitions without rows are left out. */
        public Map<Integer, ChunkAccounts> byPartition(TableId target, int mappingVersion, int number, int partitions) {
            byte[][] grouped = new byte[GROUPS][];
            int[] filled = new int[GROUPS];
            for (int row = 0; row < rows; row++) {
                int group = groupOf[row];
                byte[] bytes = grouped[group];
                if (bytes == null) {
                    bytes = new byte[sizes[group] * ENTRY_BYTES];
                    grouped[group] = bytes;
                }
                System.arraycopy(entries, row * ENTRY_BYTES, bytes, filled[group]++ * ENTRY_BYTES, ENTRY_BYTES);
            }
            Map<Integer, List<Group>> groups = new HashMap<>();
            for (int group = 0; group < GROUPS; group++) {
                byte[] bytes = grouped[group];
                if (bytes != null) {
                    Bucket bucket = new Bucket(group / SLOTS);
                    groups.computeIfAbsent(bucket.partition(partitions), partition -> new ArrayList<>())
                            .add(new Group(bucket, group % SLOTS, bytes, images(group)));
                }
            }
            Map<Integer, ChunkAccounts> accounts = new HashMap<>();
            groups.forEach(
                    (partition, of) -> accounts.put(partition, new ChunkAccounts(target, mappingVersion, number, of)));
            return accounts;
        }
    }
}
