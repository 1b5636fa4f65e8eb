package dev.handover.deploy.stack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks server artifacts. An entry that would land outside of the directory is refused. */
final class Archives {
    private static final int OWNER_EXECUTES = 0b001_000_000;

    private Archives() {}

    static void unpack(Artifact.Layout layout, Path file, Path directory) throws IOException {
        switch (layout) {
            case TAR_XZ_IN_JAR -> tarInJar(file, directory);
            case TAR_GZ -> {
                try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                    tar(in, directory);
                }
            }
            case JAR -> jar(file, directory);
            case AS_IT_IS -> Files.move(file, directory.resolve(file.getFileName()));
        }
    }

    private static void tarInJar(Path file, Path directory) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".txz")) {
                    tar(new XZCompressorInputStream(new BufferedInputStream(zip)), directory);
                    return;
                }
            }
        }
        throw new IOException("no .txz in " + file.getFileName());
    }

    private static void tar(InputStream in, Path directory) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(in);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path target = inside(directory, entry.getName());
            if (entry.isDirectory()) {
                Files.createDirectories(target);
            } else if (entry.isSymbolicLink()) {
                inside(
                        directory,
                        directory
                                .relativize(target.resolveSibling(entry.getLinkName()))
                                .toString());
                Files.createDirectories(target.getParent());
                Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            } else if (entry.isFile()) {
                Files.createDirectories(target.getParent());
                Files.copy(tar, target);
                permit(target, (entry.getMode() & OWNER_EXECUTES) != 0);
            } else {
                throw new IOException("an entry is neither file, directory nor symbolic link");
            }
        }
    }

    /** A jar keeps no modes: what lies in a {@code bin} may be executed. */
    private static void jar(Path file, Path directory) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = inside(directory, entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(zip, target);
                    permit(target, entry.getName().contains("/bin/"));
                }
            }
        }
    }

    private static void permit(Path file, boolean execute) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(PosixFilePermissions.fromString("rw-r--r--"));
        if (execute) {
            permissions.addAll(PosixFilePermissions.fromString("--x--x--x"));
        }
        Files.setPosixFilePermissions(file, permissions);
    }

    private static Path inside(Path directory, String name) throws IOException {
        Path target = directory.resolve(name).normalize();
        if (!target.startsWith(directory)) {
            throw new IOException("an entry of the archive lies outside of its directory");
        }
        return target;
    }
}
