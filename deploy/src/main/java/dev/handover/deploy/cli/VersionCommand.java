package dev.handover.deploy.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.Command;

/** {@code handover version}: what runs here. */
@Command(
        name = "version",
        description = "Print the versions of Handover and of the Java that runs it.",
        footer = {"  handover version", "  handover version -o json"})
final class VersionCommand implements dev.handover.deploy.cli.Command {

    /** The document's data. */
    record Version(String version, String revision, String java, String system) {}

    @Override
    public Answer run(Session session) {
        Properties build = build();
        var data = new Version(
                build.getProperty("version", "unknown"),
                build.getProperty("revision", "unknown"),
                System.getProperty("java.version") + " " + System.getProperty("java.vendor"),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return Answer.of("Version", data)
                .lines(
                        "handover " + data.version() + " (" + data.revision() + ")",
                        "java " + data.java() + ", " + data.system());
    }

    static Properties build() {
        Properties build = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("build.properties", unreadable);
        }
        return build;
    }
}
