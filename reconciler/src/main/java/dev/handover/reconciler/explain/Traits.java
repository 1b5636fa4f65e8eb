package dev.handover.reconciler.explain;

import dev.handover.position.SourcePosition;
import dev.handover.reconciler.explain.Investigation.Suspect;
import dev.handover.reconciler.explain.Investigation.Written;
import dev.handover.reconciler.explain.Pattern.Trait;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What the rows of one kind of divergence have in common, held against the table's rows. */
final class Traits {
    private static final int VALUES_MAX = 5;
    private static final int TIMES_MAX = 2;
    /** Of the rows that differ, a few may be outside of a window. */
    private static final int MOST_PERCENT = 90;

    private final TableSchema schema;
    private final List<Row> rows;
    private final List<Written> written;
    private final List<long[]> marks = new ArrayList<>();
    private final List<long[]> ofSource;
    private final List<Written> ofTarget;
    private final boolean sourceComplete;
    private final boolean targetComplete;

    private record Told(double nats, Pattern pattern) {
        static final Comparator<Told> MOST_TELLING = Comparator.comparingDouble((Told told) -> -told.nats)
                .thenComparing(told -> told.pattern.column())
                .thenComparing(told -> told.pattern.value());
    }

    Traits(TableSchema schema, List<Suspect> suspects, LeastHashes<long[]> source, LeastHashes<Written> target) {
        this.schema = schema;
        this.rows = suspects.stream().flatMap(each -> each.row().stream()).toList();
        this.written =
                suspects.stream().flatMap(each -> each.written().stream()).toList();
        rows.forEach(row -> marks.add(Investigation.marks(row)));
        this.ofSource = source.rows();
        this.ofTarget = target.rows();
        this.sourceComplete = source.complete();
        this.targetComplete = target.complete();
    }

    /** The columns that differ, and the stage; no row that is equal has such. */
    static List<Pattern> ofDifferences(List<Suspect> suspects) {
        List<Pattern> patterns = new ArrayList<>();
        most(suspects, suspect -> String.join(",", suspect.columns()))
                .filter(most -> !most.getKey().isEmpty())
                .ifPresent(most -> patterns.add(ofDifference(Trait.COLUMN, most.getKey(), "", most, suspects.size())));
        most(suspects, Suspect::stage)
                .ifPresent(most -> patterns.add(ofDifference(Trait.STAGE, "", most.getKey(), most, suspects.size())));
        return patterns;
    }

    private static Pattern ofDifference(
            Trait trait, String column, String value, Map.Entry<String, Long> most, int of) {
        return new Pattern(trait, column, value, most.getValue(), of, 0, 0, true);
    }

    /** What more than half of them have, if there is such. */
    private static Optional<Map.Entry<String, Long>> most(List<Suspect> suspects, Function<Suspect, String> what) {
        Map<String, Long> counts = new TreeMap<>();
        suspects.forEach(suspect -> counts.merge(what.apply(suspect), 1L, Long::sum));
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() * 2 > suspects.size())
                .findFirst();
    }

    /** Values, the most telling first. */
    List<Pattern> values(BiFunction<? super Column, ? super Cell, String> text) {
        List<Map<Long, Integer>> counted = new ArrayList<>();
        double tried = 0;
        for (int column = 0; column < schema.columns().size(); column++) {
            Map<Long, Integer> counts = new HashMap<>();
            if (!Investigation.timed(schema.columns().get(column))) {
                for (long[] row : marks) {
                    counts.merge(row[column], 1, Integer::sum);
                }
            }
            counted.add(counts);
            tried += counts.size();
        }
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < counted.size(); i++) {
            int column = i;
            for (Map.Entry<Long, Integer> value : counted.get(i).entrySet()) {
                long mark = value.getKey();
                long background =
                        ofSource.stream().filter(row -> row[column] == mark).count();
                Column of = schema.columns().get(i);
                told(
                                Trait.VALUE,
                                of.name(),
                                text.apply(of, cell(i, mark)),
                                value.getValue(),
                                rows.size(),
                                background,
                                ofSource.size(),
                                sourceComplete,
                                tried)
                        .ifPresent(told::add);
            }
        }
        return told.stream()
                .sorted(Told.MOST_TELLING)
                .limit(VALUES_MAX)
                .map(Told::pattern)
                .toList();
    }

    private Cell cell(int column, long mark) {
        for (int i = 0; i < rows.size(); i++) {
            if (marks.get(i)[column] == mark) {
                return rows.get(i).cells().get(column);
            }
        }
        throw new IllegalStateException("no row has a mark that was counted");
    }

    /** Windows of times, the most telling first. */
    List<Pattern> times() {
        long columns = schema.columns().stream().filter(Investigation::timed).count();
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < schema.columns().size(); i++) {
            Column column = schema.columns().get(i);
            if (Investigation.timed(column)) {
                boolean date = column.type().kind() == Kind.DATE;
                told.addAll(
                        windows(Trait.TIME, column.name(), times(marks, i), times(ofSource, i), columns, date).stream()
                                .sorted(Told.MOST_TELLING)
                                .limit(1)
                                .toList());
            }
        }
        return told.stream()
                .sorted(Told.MOST_TELLING)
                .limit(TIMES_MAX)
                .map(Told::pattern)
                .toList();
    }

    private static List<Long> times(List<long[]> rows, int column) {
        return rows.stream()
                .map(row -> row[column])
                .filter(time -> time != Investigation.NO_TIME)
                .sorted()
                .toList();
    }

    /** The windows of all of them, and of most of them, that hold the fewest of all rows, if they are patterns. */
    private List<Told> windows(
            Trait trait, String column, List<Long> times, List<Long> background, long columns, boolean date) {
        List<Told> told = new ArrayList<>();
        for (int percent : List.of(100, MOST_PERCENT)) {
            int most = Math.max(1, (rows.size() * percent + 99) / 100);
            if (most <= times.size()) {
                Range<Long> tightest = Range.tightest(times, background, most);
                Windows.Window window = Windows.widened(new Windows.Window(tightest.from(), tightest.to()), date);
                Range<Long> wide = new Range<>(window.from(), window.to());
                told(
                                trait,
                                column,
                                Windows.text(window, date),
                                wide.count(times),
                                rows.size(),
                                wide.count(background),
                                ofSource.size(),
                                sourceComplete,
                                (double) times.size() * times.size() * columns)
                        .ifPresent(told::add);
            }
        }
        return told;
    }

    /** The places in the log of the changes that wrote the target's rows. */
    List<Pattern> positions() {
        List<SourcePosition> positions = positions(written);
        List<SourcePosition> background = positions(ofTarget);
        List<Told> told = new ArrayList<>();
        for (int percent : List.of(100, MOST_PERCENT)) {
            int most = Math.max(1, (written.size() * percent + 99) / 100);
            if (most <= positions.size()) {
                Range<SourcePosition> range = Range.tightest(positions, background, most);
                told(
                                Trait.POSITION,
                                "",
                                range.from().text() + " to " + range.to().text(),
                                range.count(positions),
                                written.size(),
                                range.count(background),
                                ofTarget.size(),
                                targetComplete,
                                (double) positions.size() * positions.size())
                        .ifPresent(told::add);
            }
        }
        return told.stream()
                .sorted(Told.MOST_TELLING)
                .limit(1)
                .map(Told::pattern)
                .toList();
    }

    private static List<SourcePosition> positions(List<Written> rows) {
        return rows.stream().flatMap(row -> row.position().stream()).sorted().toList();
    }

    /** The version of the mapping that made the target's rows. */
    List<Pattern> mappingVersions() {
        Map<Integer, Long> counts = new TreeMap<>();
        written.forEach(row -> counts.merge(row.mappingVersion(), 1L, Long::sum));
        List<Pattern> patterns = new ArrayList<>();
        counts.forEach((version, count) -> told(
                        Trait.MAPPING_VERSION,
                        "",
                        Integer.toString(version),
                        count,
                        written.size(),
                        ofTarget.stream()
                                .filter(row -> row.mappingVersion() == version)
                                .count(),
                        ofTarget.size(),
                        targetComplete,
                        counts.size())
                .ifPresent(found -> patterns.add(found.pattern())));
        return patterns;
    }

    private static Optional<Told> told(
            Trait trait,
            String column,
            String value,
            long found,
            long of,
            long background,
            long backgroundOf,
            boolean exact,
            double tried) {
        double nats = Evidence.of(found, of, background, backgroundOf, exact, tried);
        return nats > 0
                ? Optional.of(
                        new Told(nats, new Pattern(trait, column, value, found, of, background, backgroundOf, exact)))
                : Optional.empty();
    }
}
