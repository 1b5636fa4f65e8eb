package dev.handover.deploy.stack;

import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directory that holds everything servers keep: {@code <server>/} data, {@code logs/}, {@code run/} process
 * records, {@code settings/}. Open, it is locked against any other process and against a second opening in this one;
 * the lock goes with the process, however it ends.
 */
public final class StateDirectory implements AutoCloseable {
    /** What the servers' first start writes, and a demo's data on top. */
    private static final long FREE_BYTES_MIN = 1L << 30;

    /**
     * The directories this process has open. A process's file lock vanishes as soon as any of its channels on that file
     * closes, so a second opening must be refused before it touches the file.
     */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final FileChannel lock;

    private StateDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Opens and locks a state directory, creating it when needed.
     *
     * @throws dev.handover.fault.Fault {@code state-in-use} when another stack holds it, {@code disk} when it cannot be
     *     written or is nearly full
     */
    public static StateDirectory open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        // Kafka splits its directories at commas and H2 its URL at semicolons; neither has a way to quote them.
        if (root.toString().chars().anyMatch(c -> c == ',' || c == ';' || c < ' ')) {
            throw StackFault.CONFIGURATION.of(
                    "state directory " + root + " has a comma, a semicolon or a control character in its path",
                    "choose another path");
        }
        Disk.directories(root);
        Disk.requireRoom(root, FREE_BYTES_MIN);
        if (!OPEN.add(root)) {
            throw inUse(root, Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return new StateDirectory(root, locked(root));
        } catch (Fault e) {
            OPEN.remove(root);
            throw e;
        }
    }

    private static FileChannel locked(Path root) {
        Path file = root.resolve("lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse(root, holder(file));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException e) {
            throw Disk.fault(file, e);
        }
    }

    private static Fault inUse(Path root, String holder) {
        return StackFault.STATE_IN_USE.of(
                "state directory " + root + " is in use by process " + holder,
                "wait for it to end, end it, or choose another state directory");
    }

    private static String holder(Path file) throws IOException {
        String pid = Files.readString(file).strip();
        return pid.isEmpty() ? "unknown" : pid;
    }

    public Path root() {
        return root;
    }

    /** The directory of one server's data, created. */
    Path home(String server) {
        return Disk.directories(root.resolve(server));
    }

    /** The file a server's output goes to. */
    public Path log(String server) {
        return Disk.directories(root.resolve("logs")).resolve(server + ".log");
    }

    Path pidFile(String server) {
        return Disk.directories(root.resolve("run")).resolve(server + ".pid");
    }

    Settings settings(String server) {
        return Settings.load(server, Disk.directories(root.resolve("settings")).resolve(server + ".properties"));
    }

    /** Lets another process have the directory. Servers must have been closed before. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw Disk.fault(root, e);
        } finally {
            OPEN.remove(root);
        }
    }
}
