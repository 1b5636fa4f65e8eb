package dev.handover.deploy.cli;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.Secrets;
import dev.handover.deploy.config.TelemetryConfig;
import dev.handover.deploy.logging.Logging;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** One run of one command: what surrounds it and what the global flags ask for. */
public final class Session {
    private final Terminal terminal;
    private final GlobalFlags flags;
    private final Output output;

    Session(Terminal terminal, GlobalFlags flags) {
        this.terminal = terminal;
        this.flags = flags;
        this.output = new Output(terminal, flags.output(), flags.quiet());
    }

    /** The streams and the environment. */
    public Terminal terminal() {
        return terminal;
    }

    /** The format in force; never {@code AUTO}. */
    public Format format() {
        return output.format();
    }

    /** Prints one answer; a command that watches prints many, all others return theirs instead. */
    public void print(Answer answer) {
        output.print(answer);
    }

    /** The pipeline file that the user named. */
    public Path configFile() {
        return flags.config(terminal);
    }

    /**
     * The pipeline file, if the user named one with a flag: for a command that does without, and must not take the one
     * that happens to be there.
     */
    public Optional<Path> givenConfigFile() {
        return flags.givenConfig();
    }

    /** The pipeline, checked; throws {@link dev.handover.deploy.config.InvalidPipeline} with all that is wrong. */
    public PipelineConfig pipeline() {
        return PipelineFile.read(configFile());
    }

    /** The pipeline's secrets, read when asked for. */
    public Secrets secrets(PipelineConfig pipeline) {
        return new Secrets(pipeline.secrets(), terminal::variable);
    }

    /** Where progress is shown: bars on a terminal, lines elsewhere, nowhere when quiet. Close it before the answer. */
    public Progress progress() {
        if (flags.quiet()) {
            return Progress.silent();
        }
        boolean bars = terminal.people().readErrors()
                && !"dumb".equals(terminal.environment().get("TERM"));
        return bars
                ? new BarProgress(terminal.err(), terminal.width(), terminal.height(), InstantSource.system())
                : new LineProgress(terminal.err(), InstantSource.system());
    }

    /** Where logs and the embedded stack live. */
    public Path stateDirectory() {
        return Path.of(terminal.variable("HANDOVER_STATE").orElse(".handover"));
    }

    /** Where a pipeline keeps caches that may be lost. */
    public Path pipelineState(PipelineConfig pipeline) {
        return stateDirectory().resolve(pipeline.metadata().name());
    }

    /**
     * Begins to log as the pipeline's file says, more with {@code -v}; for commands that work until they are stopped.
     */
    public void beginLogs(TelemetryConfig.Logs logs, String name) {
        boolean text = logs.format() == TelemetryConfig.Format.TEXT
                || logs.format() == TelemetryConfig.Format.AUTO
                        && terminal.people().readErrors();
        Logging.begin(
                terminal.err(),
                text ? Logging.Lines.TEXT : Logging.Lines.JSON,
                verbosity() > 0 ? "DEBUG" : logs.level().name(),
                stateDirectory().resolve("logs"),
                name);
    }

    /** Whether a question may be asked. */
    public boolean mayAsk() {
        return flags.mayAsk(terminal);
    }

    /** Whether answers are coloured. */
    public boolean colour() {
        return format() == Format.TABLE
                && flags.colour(terminal, terminal.people().readAnswers());
    }

    /** How often the user asked for more: 0, 1 or 2. */
    public int verbosity() {
        return flags.verbosity();
    }

    /** The longest wait that the user allows. */
    public Optional<Duration> timeout() {
        return flags.timeout();
    }
}
