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

        @Key(value = "Longest time that a statement of a rule may take on either side", byDefault = "60s")
        Duration ruleTimeout) {
    /** Refuses a time in which nothing can be asked. */
    public ReconcileConfig {
        if (ruleTimeout.isZero() || ruleTimeout.isNegative()) {
            throw new Invalid("ruleTimeout", "a statement needs some time", "write it as 60s");
        }
    }
}
