package dev.handover.deploy.pipeline;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.Mapped;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.Mapper;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a mapping makes of rows, counted and forgotten: of values, only their shapes are kept. Used by one thread. */
public final class Trial {
    private static final int EXAMPLES_MAX = 5;

    private final Mapper mapper;
    private final Map<String, ColumnTally> columns = new LinkedHashMap<>();
    private final Map<String, SourceTally> sources = new LinkedHashMap<>();
    private final Map<Found, Tally> findings =
            new TreeMap<>(Comparator.comparing(Found::column).thenComparing(Found::kind));
    private final Map<Rejection, Tally> dead =
            new TreeMap<>(Comparator.comparing(Rejection::where).thenComparing(Rejection::reason));
    private final Map<String, Long> filtered = new TreeMap<>();
    private long rows;
    private long mapped;

    /** Of that mapping. */
    public Trial(Mapper mapper) {
        this.mapper = mapper;
        mapper.target().columns().forEach(column -> columns.put(column.name(), new ColumnTally()));
        mapper.source().columns().forEach(column -> sources.put(column.name(), new SourceTally()));
    }

    /** What was found in which column: the target's, or the source's where no target column reads it. */
    public record Found(String column, Finding.Kind kind) {}

    /** How often, and shapes of values, at most five. */
    public record Counted(long count, List<String> examples) {
        public Counted {
            examples = List.copyOf(examples);
        }
    }

    /** What became of a target column. */
    public record TargetColumn(String column, long values, long nulls) {}

    /**
     * What became of a source column.
     *
     * @param raw rows whose raw value is kept beside the target row
     * @param restored rows whose value the target row and the raw values gave back
     * @param different rows where they gave back something else: a mistake of the mapping language
     */
    public record SourceColumn(String column, long raw, long restored, long different) {}

    /** What a trial came to. */
    public record Result(
            Mapper mapper,
            long rows,
            long mapped,
            Map<String, Long> filtered,
            List<TargetColumn> targets,
            List<SourceColumn> sources,
            Map<Found, Counted> findings,
            Map<Rejection, Counted> dead) {
        public Result {
            filtered = new LinkedHashMap<>(filtered);
            targets = List.copyOf(targets);
            sources = List.copyOf(sources);
            findings = new LinkedHashMap<>(findings);
            dead = new LinkedHashMap<>(dead);
        }

        /** Rows that would become dead letters. */
        public long deadRows() {
            return dead.values().stream().mapToLong(Counted::count).sum();
        }

        /** Whether every value came back. */
        public boolean reversible() {
            return sources.stream().allMatch(source -> source.different() == 0);
        }
    }

    private static final class ColumnTally {
        private long values;
        private long nulls;
    }

    private static final class SourceTally {
        private long raw;
        private long restored;
        private long different;
    }

    private static final class Tally {
        private final List<String> examples = new ArrayList<>(EXAMPLES_MAX);
        private long count;

        void add(String example) {
            count++;
            if (!example.isEmpty() && examples.size() < EXAMPLES_MAX && !examples.contains(example)) {
                examples.add(example);
            }
        }

        Counted counted() {
            return new Counted(count, examples);
        }
    }

    /** Maps a row of the source, and maps it back. */
    public void take(Row row) {
        rows++;
        Outcome<Mapped> outcome = mapper.map(row);
        if (outcome instanceof Outcome.Rejected<Mapped> rejected) {
            reject(row, rejected.rejection());
        } else if (outcome instanceof Outcome.Accepted<Mapped> accepted
                && accepted.value() instanceof Mapped.Filtered rule) {
            filtered.merge(rule.rule(), 1L, Long::sum);
        } else if (outcome instanceof Outcome.Accepted<Mapped> accepted && accepted.value() instanceof MappedRow made) {
            accept(row, made);
        }
    }

    private void reject(Row row, Rejection rejection) {
        dead.computeIfAbsent(rejection, ignored -> new Tally()).add(example(row, rejection.where()));
    }

    /** The shape of the value that a column was made of, where it was made of one. */
    private String example(Row row, String where) {
        String source = mapper.mapping().columns().stream()
                .filter(column -> column.target().equals(where))
                .map(column -> column instanceof ColumnMapping.From from ? from.source() : "")
                .findFirst()
                .orElse(where);
        boolean there = mapper.source().column(source).isPresent();
        return there && row.cell(source) instanceof Value value ? Finding.mask(PostgresText.format(value)) : "";
    }

    private void accept(Row row, MappedRow made) {
        mapped++;
        List<Column> targets = mapper.target().columns();
        for (int i = 0; i < targets.size(); i++) {
            ColumnTally tally = columns.get(targets.get(i).name());
            if (tally != null && made.row().cells().get(i) instanceof Value) {
                tally.values++;
            } else if (tally != null) {
                tally.nulls++;
            }
        }
        for (Finding finding : made.findings()) {
            findings.computeIfAbsent(new Found(finding.column(), finding.kind()), ignored -> new Tally())
                    .add(finding.example());
        }
        invert(row, made);
    }

    private void invert(Row row, MappedRow made) {
        Row back = mapper.invert(made.row(), made.raw());
        List<Column> all = mapper.source().columns();
        for (int i = 0; i < all.size(); i++) {
            SourceTally tally = sources.get(all.get(i).name());
            Cell cell = back.cells().get(i);
            if (tally != null && cell != Cell.UNCHANGED) {
                if (cell.equals(row.cells().get(i))) {
                    tally.restored++;
                } else {
                    tally.different++;
                }
                tally.raw += made.raw().containsKey(all.get(i).name()) ? 1 : 0;
            }
        }
    }

    /** What it came to so far. */
    public Result result() {
        List<TargetColumn> targets = new ArrayList<>();
        columns.forEach((name, tally) -> targets.add(new TargetColumn(name, tally.values, tally.nulls)));
        List<SourceColumn> origins = new ArrayList<>();
        sources.forEach(
                (name, tally) -> origins.add(new SourceColumn(name, tally.raw, tally.restored, tally.different)));
        return new Result(mapper, rows, mapped, filtered, targets, origins, counted(findings), counted(dead));
    }

    private static <K> Map<K, Counted> counted(Map<K, Tally> tallies) {
        Map<K, Counted> counted = new LinkedHashMap<>();
        tallies.forEach((key, tally) -> counted.put(key, tally.counted()));
        return counted;
    }
}
