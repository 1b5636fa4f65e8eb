package dev.handover.reconciler.spill;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.compare.RowDigest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.CipherOutputStream;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one side of one table, in 64 shards by their key's hash, so that a shard is compared at a time. They stay
 * in memory up to a bound; beyond it all shards move to files, which are encrypted (AES-128 in counter mode) under a
 * key that this object made and nobody else has: keys of rows are patients' data. Closing deletes the files. Used by
 * one thread: first filled, then read.
 */
public final class SpilledRows implements AutoCloseable {
    /** Shards of a table. */
    public static final int SHARDS = 64;

    private static final int FILE_BUFFER_BYTES = 1 << 14;

    private final long memoryBytesMax;
    private final Path directory;
    private final SecretKeySpec key;
    private final ByteArrayOutputStream[] memory = new ByteArrayOutputStream[SHARDS];
    private final @Nullable Path[] files = new @Nullable Path[SHARDS];
    private final @Nullable OutputStream[] outputs = new @Nullable OutputStream[SHARDS];
    private long inMemory;
    private long spilled;
    private long rows;

    /**
     * No rows yet.
     *
     * @param memoryBytesMax bytes of rows that stay in memory
     * @param directory for the files, which are made when needed
     */
    public SpilledRows(long memoryBytesMax, Path directory) {
        this.memoryBytesMax = memoryBytesMax;
        this.directory = directory;
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "AES");
        for (int i = 0; i < SHARDS; i++) {
            memory[i] = new ByteArrayOutputStream(64);
        }
    }

    /** Takes a row. @throws Fault {@code recon-spill-failed} when a file cannot be written */
    public void add(RowDigest row) {
        ByteBuffer bytes = ByteBuffer.allocate(RowDigest.BYTES + row.key().length)
                .putLong(row.key1())
                .putLong(row.key2())
                .putLong(row.row1())
                .putLong(row.row2())
                .put(row.mark().code())
                .putInt(row.key().length)
                .put(row.key());
        memory[(int) (row.key1() >>> 58)].writeBytes(bytes.array());
        rows++;
        inMemory += bytes.capacity();
        if (inMemory > memoryBytesMax) {
            spill();
        }
    }

    /** Rows taken. */
    public long rows() {
        return rows;
    }

    /** Bytes that went to files. */
    public long spilledBytes() {
        return spilled;
    }

    /** Every row of a shard, in the order they came; no row may be added any more. */
    public void read(int shard, Consumer<RowDigest> rows) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(input(shard), FILE_BUFFER_BYTES))) {
            byte[] fixed = new byte[RowDigest.BYTES];
            while (in.readNBytes(fixed, 0, fixed.length) == fixed.length) {
                ByteBuffer row = ByteBuffer.wrap(fixed);
                long key1 = row.getLong();
                long key2 = row.getLong();
                long row1 = row.getLong();
                long row2 = row.getLong();
                RowDigest.Mark mark = RowDigest.Mark.of(row.get());
                byte[] keyBytes = new byte[row.getInt()];
                in.readFully(keyBytes);
                rows.accept(new RowDigest(key1, key2, row1, row2, mark, keyBytes));
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private InputStream input(int shard) throws IOException {
        InputStream recent = new ByteArrayInputStream(memory[shard].toByteArray());
        Path file = files[shard];
        OutputStream output = outputs[shard];
        if (file == null || output == null) {
            return recent;
        }
        output.close();
        InputStream earlier = new CipherInputStream(Files.newInputStream(file), cipher(Cipher.DECRYPT_MODE, shard));
        return new SequenceInputStream(earlier, recent);
    }

    private void spill() {
        try {
            for (int i = 0; i < SHARDS; i++) {
                OutputStream output = outputs[i];
                if (output == null) {
                    Path file = Files.createTempFile(directory, "recon-", ".rows");
                    files[i] = file;
                    output = new CipherOutputStream(
                            new BufferedOutputStream(Files.newOutputStream(file), FILE_BUFFER_BYTES),
                            cipher(Cipher.ENCRYPT_MODE, i));
                    outputs[i] = output;
                }
                memory[i].writeTo(output);
                memory[i].reset();
            }
        } catch (IOException e) {
            throw failed(e);
        }
        spilled += inMemory;
        inMemory = 0;
    }

    private Cipher cipher(int mode, int shard) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            byte[] start = ByteBuffer.allocate(16).putInt(shard).array();
            cipher.init(mode, key, new IvParameterSpec(start));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks AES in counter mode", e);
        }
    }

    private static Fault failed(IOException e) {
        return Fault.causedBy(
                e,
                ExitCode.FAILED,
                "recon-spill-failed",
                "the reconciler cannot keep its row digests in files",
                "Give the spill directory room (about 60 bytes a row and side), or allow more memory.");
    }

    @Override
    public void close() {
        try {
            for (int i = 0; i < SHARDS; i++) {
                OutputStream output = outputs[i];
                if (output != null) {
                    output.close();
                }
                Path file = files[i];
                if (file != null) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
