package dev.handover.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, alone in a directory with stand-ins for the tools that it calls. */
final class LauncherTest {
    private static final int SECONDS_MAX = 60;

    private Path root = Path.of(".");

    @BeforeEach
    void aCheckoutInAPathWithASpace(@TempDir Path directory) throws IOException {
        root = directory.resolve("a checkout");
        Files.createDirectories(root.resolve("deploy/src/main"));
        Files.copy(Path.of("handover"), root.resolve("deploy/handover"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("deploy/pom.xml"), "");
        tool("jdk/bin/java", "echo \"java $*\"");
        tool("jdk/bin/javac", "");
        Files.writeString(root.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
        // builds what the launcher looks for
        tool(
                "bin/mvn",
                "echo x >>'ROOT/builds'; mkdir -p 'ROOT/deploy/target'; : >'ROOT/deploy/target/handover-deploy-1.jar';"
                        + " printf '%s' 'ROOT/pom.xml' >'ROOT/deploy/target/classpath'");
    }

    @Test
    void itBuildsOnceAndThenOnlyWhenASourceIsNewer() throws Exception {
        assertThat(launch(Map.of()).out()).contains("dev.handover.deploy.cli.Main version");
        assertThat(launch(Map.of()).err()).isEmpty();
        assertThat(builds()).isEqualTo(1);

        Path source = Files.createFile(root.resolve("deploy/src/main/New.java"));
        Files.setLastModifiedTime(
                source,
                java.nio.file.attribute.FileTime.from(java.time.Instant.now().plusSeconds(5)));
        assertThat(launch(Map.of()).err()).contains("building");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void itBuildsAgainWhenAPartOfTheClassPathIsGone() throws Exception {
        launch(Map.of());
        Files.delete(root.resolve("deploy/target/handover-deploy-1.jar"));

        launch(Map.of());

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void theLockOfAProcessThatHasGoneIsNoObstacle() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.createDirectories(root.resolve(".handover/build.lock"));
        Files.writeString(root.resolve(".handover/build.lock/pid"), gone.pid() + "\n");

        assertThat(launch(Map.of()).exit()).isZero();
        assertThat(root.resolve(".handover/build.lock")).doesNotExist();
    }

    @Test
    void aSymbolicLinkFromElsewhereWorks() throws Exception {
        Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("deploy/handover"));

        assertThat(launch(link, Map.of()).out()).contains("Main version");
    }

    @Test
    void anOldJavaIsRefusedWithARemedy() throws Exception {
        Files.writeString(root.resolve("jdk/release"), "JAVA_VERSION=\"11.0.2\"\n");

        Launched launched = launch(Map.of());

        assertThat(launched.exit()).isEqualTo(2);
        assertThat(launched.err()).contains("error: Java 11 is too old", "hint:  set JAVA_HOME to a JDK 17 or newer");
        assertThat(builds()).isZero();
    }

    @Test
    void aWrongJavaHomeIsRefused() throws Exception {
        Launched launched = launch(Map.of("JAVA_HOME", "/nowhere"));

        assertThat(launched.exit()).isEqualTo(2);
        assertThat(launched.err()).contains("error: JAVA_HOME names no JDK: /nowhere");
    }

    @Test
    void aBuildWithoutNetworkSaysSo() throws Exception {
        tool("bin/mvn", "echo '[ERROR] Could not transfer artifact a:b'; exit 1");

        Launched launched = launch(Map.of());

        assertThat(launched.exit()).isEqualTo(5);
        assertThat(launched.err()).contains("could not fetch its parts", "build.log");
        assertThat(root.resolve(".handover/build.lock")).doesNotExist();
    }

    @Test
    void aFailedBuildIsNotTakenForDone() throws Exception {
        tool("bin/mvn", "echo x >>'ROOT/builds'; echo '[ERROR] no'; exit 1");

        assertThat(launch(Map.of()).exit()).isEqualTo(1);
        assertThat(launch(Map.of()).err()).contains("error: the build failed");
        assertThat(builds()).isEqualTo(2);
    }

    private record Launched(int exit, String out, String err) {}

    private Launched launch(Map<String, String> environment) throws IOException, InterruptedException {
        return launch(root.resolve("deploy/handover"), environment);
    }

    private Launched launch(Path launcher, Map<String, String> environment) throws IOException, InterruptedException {
        Path out = root.resolve("out");
        Path err = root.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", launcher.toString(), "version"))
                .directory(root.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
        builder.environment().put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).as("it ends").isTrue();
        return new Launched(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private void tool(String path, String script) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script.replace("ROOT", root.toString()) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private int builds() throws IOException {
        Path builds = root.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }
}
