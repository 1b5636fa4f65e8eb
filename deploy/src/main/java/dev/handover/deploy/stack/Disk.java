package dev.handover.deploy.stack;

import dev.handover.fault.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files of the stack: whole or not there, private where they hold a secret, and a fault that says which one failed. */
final class Disk {
    private Disk() {}

    static Path directories(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw fault(directory, e);
        }
    }

    /** Writes a file that only its owner can read, at once or not at all. */
    static void writePrivate(Path file, String text) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(part, text, StandardOpenOption.WRITE);
            move(part, file);
        } catch (IOException e) {
            throw fault(file, e);
        }
    }

    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system cannot rename atomically", e);
        }
    }

    /** Deletes a tree; what is not there is fine. Symbolic links are deleted, not followed. */
    static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(tree)) {
            List<Path> leavesFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : leavesFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw fault(tree, e);
        } catch (UncheckedIOException e) {
            throw fault(tree, new IOException(e));
        }
    }

    /** Refuses when the file system of a directory has less room than a server needs to live through a demo. */
    static void requireRoom(Path directory, long bytesMin) {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < bytesMin) {
                throw StackFault.DISK.of(
                        "%s has %d MiB free and %d MiB are needed".formatted(directory, free >> 20, bytesMin >> 20),
                        "free some space, or choose a directory on another file system");
            }
        } catch (IOException e) {
            throw fault(directory, e);
        }
    }

    static Fault fault(Path path, IOException e) {
        return StackFault.DISK.causedBy(
                e,
                "cannot write " + path + " (" + reason(e) + ")",
                "check that the directory is writable by this user and that its file system is not full");
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("No space left")
                ? "no space left on device"
                : e.getClass().getSimpleName();
    }
}
