package dev.handover.deploy.stack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The last kilobytes a server wrote to its log in its present life. */
final class LogTail {
    private static final int BYTES_MAX = 16 << 10;

    private LogTail() {}

    /**
     * Reads the end of a log; a log that cannot be read is empty.
     *
     * @param from where in the file this life of the server begins
     */
    static String read(Path log, long from) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long start = Math.max(from, file.length() - BYTES_MAX);
            byte[] bytes = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
