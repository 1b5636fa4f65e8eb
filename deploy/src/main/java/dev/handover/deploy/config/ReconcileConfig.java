package dev.handover.deploy.config;

import java.time.Duration;

/** How both ends are compared. */
public record ReconcileConfig(
        @Key(value = "Longest wait for the target to reach the source's position", byDefault = "60s")
        Duration settle,

        @Key(
                value = "Connections to one database that read a table at the same time",
                byDefault = "2",
                min = 1,
                max = 64)
        int readers,

        @Key(
                value =
                        "How often each table of the target is held against what was applied, at most; large ones less often,"
                                + " so that the target is busy with it for a twentieth of the time",
                byDefault = "10s")
        Duration watch,

        @Key(value = "Longest time that a statement of a rule may take on either side", byDefault = "60s")
        Duration ruleTimeout) {
    /** Refuses times in which nothing can be done. */
    public ReconcileConfig {
        if (watch.isZero() || watch.isNegative()) {
            throw new Invalid("watch", "there is some time between two looks", "write it as 10s");
        }
        if (ruleTimeout.isZero() || ruleTimeout.isNegative()) {
            throw new Invalid("ruleTimeout", "a statement needs some time", "write it as 60s");
        }
    }
}
