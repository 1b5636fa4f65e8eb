package dev.handover.sink.batch;

import dev.handover.change.Finding;
import dev.handover.row.TableId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How often something may be found before somebody is warned, and before going on would be wrong. Pure.
 *
 * <p>A limit is of one version of a mapping: a higher version begins to count anew.
 */
public record FindingLimits(List<Limit> limits) {
    /** Nothing is limited. */
    public static final FindingLimits NONE = new FindingLimits(List.of());

    /** Fewer rows say nothing about a rate. */
    public static final long RATE_ROWS_MIN = 1_000;

    public FindingLimits {
        limits = List.copyOf(limits);
    }

    /**
     * Of one kind of finding in one column.
     *
     * @param column the target column; empty for every column of the table that has no limit of that kind of its own
     */
    public record Limit(
            TableId table,
            TableId source,
            int mappingVersion,
            String column,
            Finding.Kind kind,
            Optional<Bound> warn,
            Optional<Bound> stop) {
        public Limit {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(warn, "warn");
            Objects.requireNonNull(stop, "stop");
        }

        private boolean isOf(Findings.Of of, String name) {
            return column.equals(name)
                    && kind == of.kind()
                    && mappingVersion == of.mappingVersion()
                    && table.equals(of.table())
                    && source.equals(of.source());
        }
    }

    /** The most that is allowed. */
    public sealed interface Bound {
        /** Whether more was found than is allowed. */
        boolean isExceededBy(FindingTotal total);

        /**
         * A number ({@code 100}) or a share of the rows ({@code 1.5%}).
         *
         * @throws IllegalArgumentException when the text is neither
         */
        static Bound parse(String text) {
            try {
                return text.endsWith("%")
                        ? new Share(new BigDecimal(text.substring(0, text.length() - 1)))
                        : new Count(Long.parseLong(text));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("neither a number nor a share");
            }
        }

        /** As {@link #parse} takes it. */
        String text();
    }

    /** So many. */
    public record Count(long most) implements Bound {
        public Count {
            if (most < 0) {
                throw new IllegalArgumentException("a limit is not negative");
            }
        }

        @Override
        public boolean isExceededBy(FindingTotal total) {
            return total.count() > most;
        }

        @Override
        public String text() {
            return Long.toString(most);
        }
    }

    /** So many of a hundred rows, once there are {@link #RATE_ROWS_MIN}. */
    public record Share(BigDecimal percent) implements Bound {
        public Share {
            if (percent.signum() < 0) {
                throw new IllegalArgumentException("a limit is not negative");
            }
        }

        @Override
        public boolean isExceededBy(FindingTotal total) {
            return total.rows() >= RATE_ROWS_MIN
                    && BigDecimal.valueOf(total.count())
                                    .multiply(BigDecimal.valueOf(100))
                                    .compareTo(percent.multiply(BigDecimal.valueOf(total.rows())))
                            > 0;
        }

        @Override
        public String text() {
            return percent.toPlainString() + "%";
        }
    }

    /** What a limit asks for. */
    public enum Severity {
        WARN,
        STOP
    }

    /** More was found than is allowed. */
    public record Breach(FindingTotal total, Bound bound, Severity severity) {
        public Breach {
            Objects.requireNonNull(total, "total");
            Objects.requireNonNull(bound, "bound");
            Objects.requireNonNull(severity, "severity");
        }
    }

    /** What goes beyond its limit, in the order given; of one finding the worst. */
    public List<Breach> breaches(Collection<FindingTotal> totals) {
        List<Breach> breaches = new ArrayList<>();
        for (FindingTotal total : totals) {
            limit(total.of()).flatMap(limit -> breach(limit, total)).ifPresent(breaches::add);
        }
        return breaches;
    }

    private Optional<Limit> limit(Findings.Of of) {
        return find(of, of.column()).or(() -> find(of, ""));
    }

    private Optional<Limit> find(Findings.Of of, String column) {
        return limits.stream().filter(limit -> limit.isOf(of, column)).findFirst();
    }

    private static Optional<Breach> breach(Limit limit, FindingTotal total) {
        return limit.stop()
                .filter(bound -> bound.isExceededBy(total))
                .map(bound -> new Breach(total, bound, Severity.STOP))
                .or(() -> limit.warn()
                        .filter(bound -> bound.isExceededBy(total))
                        .map(bound -> new Breach(total, bound, Severity.WARN)));
    }
}
