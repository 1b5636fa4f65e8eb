package dev.handover.reconciler.explain;

import dev.handover.position.SourcePosition;
import dev.handover.reconciler.rule.Shown;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Gathers what a comparison of one table sees anyway: some rows of each side, chosen by the hashes of their keys, and
 * the rows that are proved to differ, as the source says that they should be, else as the target has them. What all of
 * a table's rows have in common explains nothing, so a trait of the rows that differ is held against the table's.
 *
 * <p>It is recorded while the run goes on, since later neither the rows nor their neighbours need be what they were, a
 * report holds no key to find them by, and a second scan would be a load for the source. Rows of scans may be added by
 * many threads; the rest is for one.
 */
public final class Investigation {
    /** Rows of a side that are kept, and their cells: a table keeps less than a megabyte while it is open. */
    private static final int ROWS_MAX = 2_000;

    private static final int CELLS_MAX = 100_000;
    /** Rows of one kind of divergence that are looked at, and their cells. */
    private static final int SUSPECTS_MAX = 10_000;

    private static final int SUSPECT_CELLS_MAX = 400_000;
    /** Stands for a time that there is none of. */
    static final long NO_TIME = Long.MIN_VALUE;

    private final TableSchema schema;
    private final Set<String> shown;
    private final BiFunction<? super Column, ? super Value, String> reference;
    private final int suspectsMax;
    private final LeastHashes<long[]> source;
    private final LeastHashes<Written> target;
    private final Map<String, Suspects> suspects = new LinkedHashMap<>();

    /** What the target has beside a row. */
    record Written(Optional<SourcePosition> position, int mappingVersion) {}

    /** A row that differs. */
    record Suspect(String stage, List<String> columns, Optional<Row> row, Optional<Written> written) {}

    /** Those of one kind. */
    private static final class Suspects {
        private final List<Suspect> kept = new ArrayList<>();
        private long rows;
    }

    /**
     * @param shown columns whose values may be shown: codes
     * @param reference what is shown in the place of other values
     */
    public Investigation(
            TableSchema schema, Set<String> shown, BiFunction<? super Column, ? super Value, String> reference) {
        this.schema = schema;
        this.shown = Set.copyOf(shown);
        this.reference = reference;
        int columns = schema.columns().size();
        this.source = new LeastHashes<>(Math.max(1, Math.min(ROWS_MAX, CELLS_MAX / columns)));
        this.target = new LeastHashes<>(ROWS_MAX);
        this.suspectsMax = Math.max(1, Math.min(SUSPECTS_MAX, SUSPECT_CELLS_MAX / columns));
    }

    /** Adds a row of the source's scan, mapped. */
    public void source(long keyHash, Row row) {
        source.add(keyHash, () -> marks(row));
    }

    /** Adds a row of the target's scan. */
    public void target(long keyHash, Optional<SourcePosition> position, int mappingVersion) {
        target.add(keyHash, () -> new Written(position, mappingVersion));
    }

    /** Nothing differs: what was gathered is let go of. */
    public void close() {
        source.clear();
        target.clear();
    }

    /**
     * Adds a row that is proved to differ.
     *
     * @param row as it should be, else as it is; empty where neither is known
     */
    public void differs(String kind, String stage, List<String> columns, Optional<Row> row) {
        add(kind, new Suspect(stage, columns, row, Optional.empty()));
    }

    /** Adds a row that is proved to differ, and that the target has, with what is written beside it there. */
    public void differs(
            String kind,
            String stage,
            List<String> columns,
            Optional<Row> row,
            Optional<SourcePosition> position,
            int mappingVersion) {
        add(kind, new Suspect(stage, columns, row, Optional.of(new Written(position, mappingVersion))));
    }

    private void add(String kind, Suspect suspect) {
        Suspects known = suspects.computeIfAbsent(kind, none -> new Suspects());
        known.rows++;
        if (known.kept.size() < suspectsMax) {
            known.kept.add(suspect);
        }
    }

    /** Where the divergences of each kind concentrate, by the name of the kind. */
    public List<Explanation> explanations() {
        List<Explanation> explanations = new ArrayList<>();
        suspects.keySet().stream().sorted().forEach(kind -> {
            Suspects found = suspects.getOrDefault(kind, new Suspects());
            List<Pattern> patterns = new ArrayList<>(Traits.ofDifferences(found.kept));
            Traits traits = new Traits(schema, found.kept, source, target);
            patterns.addAll(traits.values(this::text));
            patterns.addAll(traits.times());
            patterns.addAll(traits.positions());
            patterns.addAll(traits.mappingVersions());
            explanations.add(new Explanation(kind, found.rows, found.kept.size(), patterns));
        });
        return explanations;
    }

    private String text(Column column, Cell cell) {
        if (!(cell instanceof Value value)) {
            return "null";
        }
        return column.type().kind() == Kind.BOOLEAN || shown.contains(column.name())
                ? Shown.code(PostgresText.format(value))
                : reference.apply(column, value);
    }

    static long[] marks(Row row) {
        long[] marks = new long[row.cells().size()];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = mark(row.schema().columns().get(i), row.cells().get(i));
        }
        return marks;
    }

    static boolean timed(Column column) {
        Kind kind = column.type().kind();
        return kind == Kind.DATE || kind == Kind.TIMESTAMP || kind == Kind.TIMESTAMPTZ;
    }

    /** A time in seconds, or a hash of any other value. */
    private static long mark(Column column, Cell cell) {
        if (timed(column)) {
            return cell instanceof Value value
                    ? Windows.seconds(PostgresText.format(value)).orElse(NO_TIME)
                    : NO_TIME;
        }
        return cell instanceof Value value ? hash(PostgresText.format(value)) : 0;
    }

    /** FNV-1a of 64 bits, of characters. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
