package dev.handover.sink.batch;

import dev.handover.change.CanonicalChange;
import dev.handover.change.Finding;
import dev.handover.change.Provenance;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the mappings found in the rows of a batch, summed, and how many rows they made. Pure.
 *
 * <p>Every upsert of a batch counts, also one that another of the same batch supersedes: sums must not depend on where
 * a batch ends. A change that is stale brings no findings, so nothing is counted twice.
 */
public record Findings(SortedMap<Of, Sum> sums, SortedMap<Source, Long> rows) {
    /** Different examples that are kept of one finding. */
    public static final int EXAMPLES_MAX = 5;

    public Findings {
        sums = new TreeMap<>(sums);
        rows = new TreeMap<>(rows);
    }

    /**
     * What is counted together.
     *
     * @param column the target column; for {@link Finding.Kind#UNREAD} the source column
     */
    public record Of(TableId table, TableId source, String column, Finding.Kind kind, int mappingVersion)
            implements Comparable<Of> {
        private static final Comparator<Of> ORDER = Comparator.comparing(Of::table)
                .thenComparing(Of::source)
                .thenComparing(Of::column)
                .thenComparing(Of::kind)
                .thenComparingInt(Of::mappingVersion);

        public Of {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(kind, "kind");
        }

        @Override
        public int compareTo(Of other) {
            return ORDER.compare(this, other);
        }
    }

    /** Where rows come from: what rates are taken over. */
    public record Source(Partition partition, TableId table, TableId source, int mappingVersion)
            implements Comparable<Source> {
        private static final Comparator<Source> ORDER = Comparator.comparing(Source::partition)
                .thenComparing(Source::table)
                .thenComparing(Source::source)
                .thenComparingInt(Source::mappingVersion);

        public Source {
            Objects.requireNonNull(partition, "partition");
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(source, "source");
        }

        @Override
        public int compareTo(Source other) {
            return ORDER.compare(this, other);
        }
    }

    /** A change in which something was found: its position, and the source's time of it. */
    public record Seen(SourcePosition position, Instant at) {
        public Seen {
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(at, "at");
        }
    }

    /**
     * How often something was found.
     *
     * @param examples different shapes of values, at most {@link #EXAMPLES_MAX}, the earliest first
     * @param first of all in the source's log
     * @param last of all in the source's log
     */
    public record Sum(long count, List<String> examples, Seen first, Seen last) {
        public Sum {
            examples = List.copyOf(examples);
            Objects.requireNonNull(first, "first");
            Objects.requireNonNull(last, "last");
        }

        /** Of both. The examples of this one come first. */
        public Sum plus(Sum other) {
            List<String> merged = new ArrayList<>(examples);
            for (String example : other.examples) {
                if (merged.size() < EXAMPLES_MAX && !merged.contains(example)) {
                    merged.add(example);
                }
            }
            return new Sum(
                    count + other.count,
                    merged,
                    other.first.position().compareTo(first.position()) < 0 ? other.first : first,
                    other.last.position().isAfter(last.position()) ? other.last : last);
        }
    }

    /** Of a batch. */
    public static Findings of(Batch batch) {
        SortedMap<Of, Sum> sums = new TreeMap<>();
        SortedMap<Source, Long> rows = new TreeMap<>();
        batch.deliveries().forEach(delivery -> delivery.event()
                .<Optional<CanonicalChange.Upsert>>foldEvent(
                        change -> change.fold(Optional::of, delete -> Optional.empty()),
                        mark -> Optional.empty(),
                        // those of its rows are written with the rows
                        chunk -> Optional.empty())
                .ifPresent(upsert -> {
                    rows.merge(source(delivery.partition(), upsert), 1L, Long::sum);
                    upsert.findings()
                            .forEach(finding -> sums.merge(of(upsert, finding), one(upsert, finding), Sum::plus));
                }));
        return new Findings(sums, rows);
    }

    /** Sums what was found in rows that arrive one by one. Used by one thread. */
    public static final class Gathering {
        private final SortedMap<Of, Sum> sums = new TreeMap<>();
        private final Map<Integer, Long> rows = new HashMap<>();

        /** One more row, of this partition. */
        public void add(int partition, CanonicalChange.Upsert upsert) {
            rows.merge(partition, 1L, Long::sum);
            if (!upsert.findings().isEmpty()) {
                upsert.findings()
                        .forEach(finding -> sums.merge(Findings.of(upsert, finding), one(upsert, finding), Sum::plus));
            }
        }

        /** The sums of all rows, which are of one table, and in this topic's partitions. */
        public Findings sum(String topic, TableId table, Provenance provenance) {
            SortedMap<Source, Long> sources = new TreeMap<>();
            rows.forEach((partition, count) -> sources.put(
                    new Source(
                            new Partition(topic, partition), table, provenance.source(), provenance.mappingVersion()),
                    count));
            return new Findings(sums, sources);
        }
    }

    private static Source source(Partition partition, CanonicalChange.Upsert upsert) {
        return new Source(
                partition,
                upsert.schema().table(),
                upsert.provenance().source(),
                upsert.provenance().mappingVersion());
    }

    private static Of of(CanonicalChange.Upsert upsert, Finding finding) {
        return new Of(
                upsert.schema().table(),
                upsert.provenance().source(),
                finding.column(),
                finding.kind(),
                upsert.provenance().mappingVersion());
    }

    private static Sum one(CanonicalChange.Upsert upsert, Finding finding) {
        Seen seen = new Seen(upsert.position(), upsert.provenance().lineage().committedAt());
        return new Sum(1, finding.example().isEmpty() ? List.of() : List.of(finding.example()), seen, seen);
    }
}
