package dev.handover.deploy.stack;

import dev.handover.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Server binaries, fetched by Maven when first asked for and unpacked into a cache that any number of stacks and
 * processes share. A directory in the cache is whole or not there: it is filled under another name, compared with a
 * written-down checksum, and renamed. Thread-safe.
 */
public final class Artifacts {
    /** The plugin that copies one artifact out of the repositories Maven is configured for. */
    private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy";

    /** A slow line takes about ten minutes for the largest artifact. */
    private static final int FETCH_MINUTES_MAX = 30;

    /** File locks are the process's: they do not keep two of its threads apart. */
    private static final Map<Artifact, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

    private final Path cache;
    private final List<String> mavenOptions;
    private final Consumer<String> progress;

    private Artifacts(Path cache, List<String> mavenOptions, Consumer<String> progress) {
        this.cache = cache;
        this.mavenOptions = List.copyOf(mavenOptions);
        this.progress = progress;
    }

    /** Artifacts kept under a directory; a line goes to {@code progress} before anything that takes long. */
    public static Artifacts in(Path cache, Consumer<String> progress) {
        return new Artifacts(cache.toAbsolutePath().normalize(), List.of(), progress);
    }

    static Artifacts in(Path cache, List<String> mavenOptions, Consumer<String> progress) {
        return new Artifacts(cache.toAbsolutePath().normalize(), mavenOptions, progress);
    }

    /** {@code $HANDOVER_CACHE}, else {@code $XDG_CACHE_HOME/handover}, else {@code ~/.cache/handover}. */
    public static Path sharedCache(Map<String, String> environment) {
        String own = environment.getOrDefault("HANDOVER_CACHE", "");
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        return xdg.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache", "handover")
                : Path.of(xdg, "handover");
    }

    /**
     * The directory an artifact was unpacked to, fetching it first when it is not there.
     *
     * @throws dev.handover.fault.Fault when it cannot be fetched, is not what was expected, or does not fit on the disk
     */
    Path home(Artifact artifact) {
        Path home = cache.resolve(artifact.directory());
        if (Files.isDirectory(home)) {
            return home;
        }
        Disk.directories(cache);
        Path lockFile = cache.resolve(artifact.directory() + ".lock");
        ReentrantLock lock = IN_PROCESS.computeIfAbsent(artifact, one -> new ReentrantLock());
        lock.lock();
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (held.isValid() && !Files.isDirectory(home)) {
                fill(artifact, home);
            }
            return home;
        } catch (IOException e) {
            throw Disk.fault(home, e);
        } finally {
            lock.unlock();
        }
    }

    /** Runs under the artifact's lock: a part that is there is what an interrupted run left. */
    private void fill(Artifact artifact, Path home) throws IOException {
        Path part = cache.resolve(artifact.directory() + ".part");
        Disk.delete(part);
        long megabytes = 2L * artifact.downloadMegabytes() + artifact.unpackedMegabytes();
        Disk.requireRoom(cache, megabytes << 20);
        Path download = Disk.directories(part.resolve("download"));
        Path unpacked = Disk.directories(part.resolve("unpacked"));
        fetch(artifact, download);
        Path file = only(artifact, download);
        verify(artifact, file);
        progress.accept("unpacking " + artifact.title());
        Archives.unpack(artifact.layout(), file, unpacked);
        Disk.move(unpacked, home);
        Disk.delete(part);
    }

    private void fetch(Artifact artifact, Path directory) throws IOException {
        progress.accept(
                "fetching %s (%d MB, first use only)".formatted(artifact.title(), artifact.downloadMegabytes()));
        Path log = cache.resolve("fetch-" + artifact.title() + ".log");
        List<String> command = new ArrayList<>();
        command.add(maven().toString());
        command.addAll(List.of("-q", "-B", "-ntp", "-Dstyle.color=never"));
        command.addAll(mavenOptions);
        command.addAll(List.of(COPY, "-Dartifact=" + artifact.coordinate(), "-DoutputDirectory=" + directory));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile()) // a directory without a project
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            if (!process.waitFor(FETCH_MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw unreachable(artifact, "it took more than " + FETCH_MINUTES_MAX + " minutes", log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw unreachable(artifact, "it was interrupted", log);
        }
        if (process.exitValue() != 0) {
            throw unreachable(artifact, "mvn ended with code " + process.exitValue(), log);
        }
    }

    private static Fault unreachable(Artifact artifact, String why, Path log) {
        return StackFault.ARTIFACT_UNREACHABLE.of(
                "%s (%s) cannot be fetched: %s".formatted(artifact.title(), artifact.coordinate(), why),
                "connect this machine to a Maven repository (proxy or mirror: Maven's settings.xml) and start again, or copy the"
                        + " cache directory of a machine that has it; details in " + log);
    }

    private static Path maven() {
        return Programs.find("mvn")
                .orElseThrow(() -> StackFault.PROGRAM_MISSING.of(
                        "mvn is not on the PATH, and it fetches the servers on first use",
                        "install Maven 3.8 or newer"));
    }

    private static Path only(Artifact artifact, Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                return file;
            }
        }
        throw corrupt(artifact, "nothing arrived");
    }

    private static void verify(Artifact artifact, Path file) throws IOException {
        String sha256 = sha256(file);
        if (!sha256.equals(artifact.sha256())) {
            throw corrupt(artifact, "its SHA-256 is " + sha256 + " and must be " + artifact.sha256());
        }
    }

    private static Fault corrupt(Artifact artifact, String why) {
        return StackFault.ARTIFACT_CORRUPT.of(
                "%s is not what it must be: %s".formatted(artifact.coordinate(), why),
                "delete it from the local Maven repository and start again; if it stays so, do not trust the mirror");
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
