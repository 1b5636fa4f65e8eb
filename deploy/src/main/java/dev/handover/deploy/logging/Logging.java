package dev.handover.deploy.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.LoggerFactory;

/** Says where logs go. Until {@link #begin} is called they go nowhere. */
public final class Logging {
    static final String OURS = "dev.handover";

    private static final String FILE_SIZE_MAX = "10MB";
    private static final int OLD_FILES_MAX = 5;

    private Logging() {}

    /** How lines look on standard error. */
    public enum Lines {
        /** One JSON object a line. */
        JSON,
        /** A line for people. */
        TEXT
    }

    /**
     * Our events of that level go to {@code err} and to {@code <name>.log} in the directory, warnings of libraries to
     * that file only.
     *
     * @param level {@code ERROR}, {@code WARN}, {@code INFO} or {@code DEBUG}
     * @param directory made when absent, for this user only
     * @param name of the process, such as its role
     * @throws Fault when the directory can't be written
     */
    public static void begin(OutputStream err, Lines lines, String level, Path directory, String name) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Appender<ILoggingEvent> file = file(context, privately(directory).resolve(name + ".log"));
        Logger ours = context.getLogger(OURS);
        ours.setLevel(Level.valueOf(level));
        ours.setAdditive(false);
        ours.addAppender(file);
        ours.addAppender(console(context, err, lines));
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(file);
    }

    private static Appender<ILoggingEvent> console(LoggerContext context, OutputStream err, Lines lines) {
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setName("console");
        appender.setEncoder(encoder(context, lines == Lines.JSON ? SafeLayout.json() : SafeLayout.text()));
        appender.setOutputStream(err);
        appender.start();
        return appender;
    }

    private static Appender<ILoggingEvent> file(LoggerContext context, Path path) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName("file");
        appender.setFile(path.toString());
        appender.setEncoder(encoder(context, SafeLayout.json()));
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(path + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(OLD_FILES_MAX);
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(FileSize.valueOf(FILE_SIZE_MAX));
        trigger.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(trigger);
        appender.start();
        return appender;
    }

    private static LayoutWrappingEncoder<ILoggingEvent> encoder(LoggerContext context, SafeLayout layout) {
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        return encoder;
    }

    private static Path privately(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            return directory;
        } catch (IOException | UnsupportedOperationException unwritable) {
            throw Fault.causedBy(
                    unwritable,
                    ExitCode.FAILED,
                    "logs-unwritable",
                    "logs can't be written to " + directory,
                    "name another directory in HANDOVER_STATE, or correct its owner");
        }
    }
}
