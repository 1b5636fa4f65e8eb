package dev.handover.deploy.cli;

import static picocli.CommandLine.ScopeType.INHERIT;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that every command has. Filled by the parser; read through the methods. */
final class GlobalFlags {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            scope = INHERIT,
            description = "pipeline file; default $$HANDOVER_CONFIG, then pipeline.yaml")
    private @Nullable Path config;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = INHERIT,
            defaultValue = "auto",
            description = "auto, table, plain or json; auto is a table on a terminal and plain elsewhere")
    private Format output = Format.AUTO;

    @Option(
            names = {"-q", "--quiet"},
            scope = INHERIT,
            description = "no progress, warnings or next steps")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = INHERIT,
            description = "say more; twice for stack traces")
    private boolean[] verbose = {};

    @Option(names = "--no-color", scope = INHERIT, description = "no colours; so does NO_COLOR")
    private boolean noColor;

    @Option(names = "--no-input", scope = INHERIT, description = "never ask; fail and name the flag instead")
    private boolean noInput;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            scope = INHERIT,
            description = "longest wait, such as 10m; then exit 6 while the work goes on")
    private @Nullable Duration timeout;

    /** The pipeline file, if the user named one with a flag. */
    Optional<Path> givenConfig() {
        return Optional.ofNullable(config);
    }

    /** The pipeline file to use. */
    Path config(Terminal terminal) {
        Path given = config;
        return given != null
                ? given
                : Path.of(terminal.variable("HANDOVER_CONFIG").orElse("pipeline.yaml"));
    }

    Format output() {
        return output;
    }

    boolean quiet() {
        return quiet;
    }

    /** How often the user asked for more. */
    int verbosity() {
        return verbose.length;
    }

    boolean colour(Terminal terminal, boolean watched) {
        return !noColor && terminal.wantsColour(watched);
    }

    /** Whether a question may be asked. */
    boolean mayAsk(Terminal terminal) {
        return !noInput && terminal.people().type() && terminal.people().readErrors();
    }

    Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }
}
