package dev.handover.sink.batch;

import java.util.Objects;

/**
 * How often something was found so far.
 *
 * @param rows that the mapping made of the source table under that version so far
 */
public record FindingTotal(Findings.Of of, long count, long rows) {
    public FindingTotal {
        Objects.requireNonNull(of, "of");
    }
}
