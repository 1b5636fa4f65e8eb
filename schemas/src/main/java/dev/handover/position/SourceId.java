package dev.handover.position;

import java.util.Objects;

/** The name of a source in its pipeline; positions of two sources cannot be compared. */
public record SourceId(String name) {
    public SourceId {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("a source has a name");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
