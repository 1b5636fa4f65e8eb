package dev.handover.transform.state;

import dev.handover.position.SourcePosition;
import java.util.Objects;

/**
 * How often a row is in a table without a key.
 *
 * @param copies not negative
 * @param position of the newest change that was counted
 */
public record CopyCount(int copies, SourcePosition position) {
    public CopyCount {
        Objects.requireNonNull(position, "position");
        if (copies < 0) {
            throw new IllegalArgumentException("a row is not there less than never: " + copies);
        }
    }
}
