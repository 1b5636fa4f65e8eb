package dev.handover.sink.batch;

import dev.handover.change.CanonicalChange;
import dev.handover.row.TableId;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/** A rule of a mapping that leaves rows out, under one version of the mapping. */
public record Filtered(TableId table, TableId source, String rule, int mappingVersion) implements Comparable<Filtered> {
    private static final Comparator<Filtered> ORDER = Comparator.comparing(Filtered::table)
            .thenComparing(Filtered::source)
            .thenComparing(Filtered::rule)
            .thenComparingInt(Filtered::mappingVersion);

    public Filtered {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(rule, "rule");
    }

    /** The rule that leaves a change's row out; empty where the change is none of a rule's. */
    public static Optional<Filtered> of(CanonicalChange change) {
        return change.fold(
                upsert -> Optional.empty(),
                delete -> delete.rule().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Filtered(
                                delete.schema().table(),
                                delete.provenance().source(),
                                delete.rule(),
                                delete.provenance().mappingVersion())));
    }

    @Override
    public int compareTo(Filtered other) {
        return ORDER.compare(this, other);
    }
}
