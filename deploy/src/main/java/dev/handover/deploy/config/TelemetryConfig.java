package dev.handover.deploy.config;

/** What the pipeline says about itself. */
public record TelemetryConfig(@Key("Logs of `run`") Logs logs) {

    /** Logs of {@code run}, on standard error. */
    public record Logs(
            @Key(value = "How a line looks; `auto` is text on a terminal and JSON elsewhere", byDefault = "auto")
            Format format,

            @Key(value = "The least important level that is written", byDefault = "INFO")
            Level level) {}

    /** How a log line looks. */
    public enum Format {
        /** Text on a terminal, JSON elsewhere. */
        AUTO,
        /** One JSON object a line. */
        JSON,
        /** A line for people. */
        TEXT
    }

    /** Importance of a log line. */
    public enum Level implements Spelled {
        /** Someone should wake up. */
        ERROR,
        /** Someone should look today. */
        WARN,
        /** What happened. */
        INFO,
        /** How it happened. */
        DEBUG;

        @Override
        public String spelling() {
            return name();
        }
    }
}
