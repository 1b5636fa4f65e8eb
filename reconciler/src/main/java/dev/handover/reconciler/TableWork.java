package dev.handover.reconciler;

import dev.handover.change.Outcome;
import dev.handover.digest.Bucket;
import dev.handover.digest.CanonicalBytes;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.digest.FingerprintKey;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.Mapper;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.explain.Investigation;
import dev.handover.reconciler.judge.Judgement;
import dev.handover.reconciler.judge.Stamp;
import dev.handover.reconciler.judge.TargetState;
import dev.handover.reconciler.read.TargetRow;
import dev.handover.reconciler.rule.Place;
import dev.handover.reconciler.rule.Tally;
import dev.handover.reconciler.rule.Unsettled;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Keyless;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * One table under comparison: how its rows are mapped and hashed, which is safe for many threads, and what is known so
 * far, which is for one. Rows are added to rules by many threads, one at a time.
 */
final class TableWork {
    private final Mapper mapper;
    private final FingerprintKey fingerprints;
    private final CanonicalBytes encoder;
    private final TableSchema keySchema;
    private final CanonicalBytes keyEncoder;
    private final SourceId source;
    private final String topic;
    private final int divergencesMax;
    private final List<Tally> tallies;
    private final Investigation investigation;

    private final Map<RowKey, Candidate> candidates = new LinkedHashMap<>();
    private final BitSet dirtyBuckets = new BitSet(Bucket.PER_TABLE);
    private final List<Finding> findings = new ArrayList<>();
    private final List<Divergence> divergences = new ArrayList<>();
    private final Map<Divergence.Kind, Long> kinds = new EnumMap<>(Divergence.Kind.class);
    private Optional<Stamp> stamp = Optional.empty();
    private Optional<SourcePosition> applied = Optional.empty();
    private Place scanned = Place.NOWHERE;
    private boolean compared;
    private long sourceRows;
    private long targetRows;
    private long matches;
    private long parked;
    private long unjudged;
    private long unequal;
    private long tallied;
    private long deadLetters;
    private Digest ofSource = Digest.EMPTY;
    private Digest ofTarget = Digest.EMPTY;
    private long millis;

    TableWork(
            Mapper mapper,
            FingerprintKey fingerprints,
            ReconcilerConfig config,
            List<Tally> tallies,
            Set<String> shown) {
        this.mapper = mapper;
        this.fingerprints = fingerprints;
        this.encoder = CanonicalBytes.of(mapper.target());
        this.keySchema = new TableSchema(
                mapper.target().table(),
                mapper.target().keyColumns(),
                mapper.target().key());
        this.keyEncoder = CanonicalBytes.of(keySchema);
        this.source = new SourceId(mapper.source().table().database());
        this.topic = config.topics().canonical(mapper.target().table());
        this.divergencesMax = config.divergencesMax();
        this.tallies = List.copyOf(tallies);
        this.investigation = new Investigation(mapper.target(), coded(mapper, shown), reference(mapper, fingerprints));
    }

    /**
     * Columns whose values are codes: those that a rule shows, and those that the mapping fills from a list of codes.
     */
    private static Set<String> coded(Mapper mapper, Set<String> shown) {
        Set<String> coded = new HashSet<>(shown);
        mapper.mapping().columns().forEach(column -> {
            if (column instanceof ColumnMapping.From from && from.coded()) {
                coded.add(from.target());
            }
        });
        return coded;
    }

    /** A reference to a value: the start of the keyed hash of the table, the column and the value. */
    private static BiFunction<Column, Value, String> reference(Mapper mapper, FingerprintKey fingerprints) {
        return (column, value) -> {
            Column present = new Column(column.name(), column.type(), false);
            TableSchema alone = new TableSchema(mapper.target().table(), List.of(present), List.of(column.name()));
            return "value#"
                    + fingerprints
                            .of(CanonicalBytes.of(alone), new Row(alone, List.of(value)))
                            .shortText();
        };
    }

    SourceId source() {
        return source;
    }

    String topic() {
        return topic;
    }

    TableSchema sourceSchema() {
        return mapper.source();
    }

    TableSchema targetSchema() {
        return mapper.target();
    }

    /** The target row that a row of the source should be, empty where a rule leaves it out, or why it cannot be. */
    Outcome<Optional<Row>> mapped(Outcome<Row> row) {
        return row.then(mapper::map)
                .then(mapped ->
                        Outcome.accepted(mapped.fold(made -> Optional.of(made.row()), filtered -> Optional.empty())));
    }

    /** The key under which the target should have a row of the source. */
    RowKey targetKey(RowKey sourceKey) {
        return mapper.targetKey(sourceKey);
    }

    /** The key under which the source should have a row of the target. */
    RowKey sourceKey(RowKey targetKey) {
        return mapper.routing(targetKey);
    }

    /** Whether a row of the target is from this source table; several may become one target table. */
    boolean owns(RowKey targetKey) {
        return mapper.owns(targetKey);
    }

    /** The bucket of a key of the target. */
    Bucket bucket(RowKey targetKey) {
        return Bucket.of(sourceSchema().routing(sourceKey(targetKey)));
    }

    Fingerprint fingerprint(Row row) {
        return fingerprints.of(encoder, row);
    }

    /** The fingerprint by which both sides are compared: of equal rows without a key, the same for every copy. */
    Fingerprint compared(Row row) {
        return fingerprint(sourceSchema().keyless() ? Keyless.row(row, Keyless.UNNUMBERED) : row);
    }

    /** The same of a row whose own fingerprint is known, which it mostly is. */
    Fingerprint compared(Row row, Fingerprint known) {
        return sourceSchema().keyless() ? compared(row) : known;
    }

    /**
     * Identifies a key without saying it: the keyed hash of the table and the key alone. Of the copies of a row without
     * a key, the hash of the row as such with the number of the copy added, so that they are in one shard and can be
     * numbered there.
     */
    Fingerprint keyHash(RowKey key) {
        if (sourceSchema().keyless()) {
            RowKey copy = sourceKey(key);
            Fingerprint row = hash(targetKey(Keyless.key(copy, Keyless.UNNUMBERED)));
            return new Fingerprint(row.lane1(), row.lane2() + Keyless.copy(copy), row.lane3(), row.lane4());
        }
        return hash(key);
    }

    private Fingerprint hash(RowKey key) {
        return fingerprints.of(keyEncoder, new Row(keySchema, List.<Cell>copyOf(key.values())));
    }

    /** What the target holds, by what was read of it. */
    TargetState state(TargetRow row) {
        Optional<Fingerprint> columns =
                row.row().fold(found -> Optional.of(fingerprint(found)), rejection -> Optional.empty());
        return new TargetState.Present(row.position(), columns, row.lanes(), isOutdated(row));
    }

    int mappingVersion() {
        return mapper.mapping().version();
    }

    /** Whether an older version of the mapping made the row. */
    boolean isOutdated(TargetRow row) {
        return row.mappingVersion() > 0
                && row.mappingVersion() < mapper.mapping().version();
    }

    void outdated(long rows) {
        if (rows > 0) {
            found(
                    Verdict.UNDETERMINED,
                    "mapping-mixed",
                    rows
                            + " rows are still as an older version of the mapping made them; the transform makes them anew");
        }
    }

    /** Adds what rows of the source's scan add up to, by the fingerprints that they are compared by. */
    void sumSource(Digest rows) {
        ofSource = ofSource.plus(rows);
    }

    /** Adds what rows of the target's scan add up to. */
    void sumTarget(Digest rows) {
        ofTarget = ofTarget.plus(rows);
    }

    /** Adds a mapped row of the source's scan to the rules, and perhaps to what all rows have in common. */
    void countSource(Fingerprint keyHash, Row mapped) {
        investigation.source(keyHash.lane1(), mapped);
        if (!tallies.isEmpty()) {
            synchronized (tallies) {
                tallies.forEach(tally -> tally.source(mapped));
            }
        }
    }

    /** Adds a row of the target's scan to the rules, and perhaps to what all rows have in common. */
    void countTarget(Fingerprint keyHash, TargetRow row) {
        investigation.target(keyHash.lane1(), row.position(), row.mappingVersion());
        if (!tallies.isEmpty()) {
            synchronized (tallies) {
                tallies.forEach(tally -> tally.target(readable(row)));
            }
        }
    }

    private static Optional<Row> readable(TargetRow row) {
        return row.row().fold(Optional::of, rejection -> Optional.empty());
    }

    /** Adds what both sides have under a key to the rules, if it is proved to differ. */
    void countProved(Judgement judgement, Optional<Row> wanted, Optional<TargetRow> found) {
        if (judgement == Judgement.MISSING || judgement == Judgement.EXTRANEOUS || judgement == Judgement.DIFFERENT) {
            tallied++;
            for (Tally tally : tallies) {
                wanted.ifPresent(tally::provedSource);
                found.ifPresent(row -> tally.provedTarget(readable(row)));
            }
        }
    }

    /** What keeps the numbers of the scans apart without being proved. */
    Unsettled unsettled() {
        long proved = kinds.values().stream().mapToLong(Long::longValue).sum();
        return new Unsettled(unequal - tallied, candidates.size() + unjudged + proved - tallied);
    }

    /** Where the scans were made. */
    Place scanned() {
        return scanned;
    }

    boolean compared() {
        return compared;
    }

    Map<RowKey, Candidate> candidates() {
        return candidates;
    }

    void compared(long source, long target, long equal, long rejected) {
        compared = true;
        sourceRows = source;
        targetRows = target;
        matches = equal;
        parked = rejected;
        unequal = candidates.size() + unjudged;
        scanned = place(stamp, applied);
        if (unequal == 0) {
            investigation.close();
        }
    }

    /** A place in words. */
    static Place place(Optional<Stamp> stamp, Optional<SourcePosition> applied) {
        return new Place(
                stamp.flatMap(Stamp::settled).map(SourcePosition::text).orElse(""),
                stamp.map(known -> known.high().text()).orElse(""),
                applied.map(SourcePosition::text).orElse(""));
    }

    void unjudged() {
        unjudged++;
    }

    void at(Stamp place) {
        stamp = Optional.of(place);
    }

    void appliedTo(Optional<SourcePosition> least) {
        applied = least;
    }

    void deadLetters(long open) {
        deadLetters = open;
    }

    void took(long more) {
        millis += more;
    }

    void found(Verdict effect, String code, String text) {
        findings.add(new Finding(effect, code, text));
    }

    void dirty(int bucket) {
        dirtyBuckets.set(bucket);
    }

    BitSet dirtyBuckets() {
        return dirtyBuckets;
    }

    /**
     * Takes a decision about a key, which is then no candidate any more.
     *
     * @param wanted the row that the source says the target should have
     * @param found what the target has
     */
    void decide(
            Candidate candidate,
            Judgement judgement,
            TargetState state,
            List<String> columns,
            Optional<Row> wanted,
            Optional<TargetRow> found) {
        candidates.remove(candidate.key());
        switch (judgement) {
            case MATCH -> matches++;
            case PARKED -> parked++;
            case MISSING -> diverged(candidate, Divergence.Kind.MISSING, state, columns, wanted, found);
            case EXTRANEOUS -> diverged(candidate, Divergence.Kind.EXTRANEOUS, state, columns, wanted, found);
            case DIFFERENT -> diverged(candidate, kind(candidate, state), state, columns, wanted, found);
            case BEHIND, AHEAD, UNCONFIRMED -> throw new IllegalStateException("not decided: " + judgement);
        }
    }

    /**
     * A row whose columns are as they were written is proved old where the source had it earlier in this run, or where
     * the sum of its bucket says that the pipeline wrote something else.
     */
    private Divergence.Kind kind(Candidate candidate, TargetState state) {
        return state.fold(absent -> Divergence.Kind.DIFFERENT, row -> {
            boolean old = !row.tampered()
                    && (row.columns().filter(candidate::saw).isPresent() || dirtyBuckets.get(bucket(candidate)));
            return old ? Divergence.Kind.STALE : Divergence.Kind.DIFFERENT;
        });
    }

    /** Notes a divergence that is proved without the source's row. */
    void diverged(Candidate candidate, Divergence.Kind kind, TargetState state) {
        diverged(candidate, kind, state, List.of(), Optional.empty(), Optional.empty());
    }

    private void diverged(
            Candidate candidate,
            Divergence.Kind kind,
            TargetState state,
            List<String> columns,
            Optional<Row> wanted,
            Optional<TargetRow> found) {
        kinds.merge(kind, 1L, Long::sum);
        boolean tampered = state.fold(absent -> false, TargetState.Present::tampered);
        Divergence.Stage stage =
                tampered || dirtyBuckets.get(bucket(candidate)) ? Divergence.Stage.TARGET : Divergence.Stage.PIPELINE;
        investigate(kind, stage, columns, wanted.or(() -> found.flatMap(TableWork::readable)), found);
        if (divergences.size() < divergencesMax) {
            divergences.add(new Divergence(
                    targetSchema().table().shortText(),
                    kind,
                    stage,
                    candidate.reference(),
                    columns,
                    stamp.map(place -> place.high().text()).orElse(""),
                    state.position().map(SourcePosition::text).orElse("")));
        }
    }

    private void investigate(
            Divergence.Kind kind,
            Divergence.Stage stage,
            List<String> columns,
            Optional<Row> row,
            Optional<TargetRow> found) {
        found.ifPresentOrElse(
                written -> investigation.differs(
                        kind.code(), stage.code(), columns, row, written.position(), written.mappingVersion()),
                () -> investigation.differs(kind.code(), stage.code(), columns, row));
    }

    private int bucket(Candidate candidate) {
        return bucket(candidate.key()).number();
    }

    /** What is found, now that nothing more will be looked at. */
    TableReport report() {
        if (parked > deadLetters) {
            found(
                    Verdict.UNDETERMINED,
                    "parked-without-dead-letter",
                    (parked - deadLetters) + " rows that the mapping rejects have no open dead letter");
        }
        long inFlight = candidates.size() + unjudged;
        Map<String, Long> counted = new TreeMap<>();
        kinds.forEach((kind, count) -> counted.put(kind.code(), count));
        return new TableReport(
                sourceSchema().table().text(),
                targetSchema().table().shortText(),
                verdict(inFlight),
                sourceRows,
                targetRows,
                matches,
                parked,
                counted,
                inFlight,
                deadLetters,
                divergences,
                investigation.explanations(),
                findings,
                stamp.flatMap(Stamp::settled).map(SourcePosition::text).orElse(""),
                stamp.map(place -> place.high().text()).orElse(""),
                applied.map(SourcePosition::text).orElse(""),
                compared
                        ? new Sums(
                                ofSource.rows(),
                                Sums.text(ofSource),
                                ofTarget.rows(),
                                Sums.text(ofTarget),
                                unequal,
                                mappingVersion(),
                                scanned)
                        : Sums.NONE,
                millis);
    }

    private Verdict verdict(long inFlight) {
        if (!kinds.isEmpty() || findings.stream().anyMatch(finding -> finding.effect() == Verdict.DIVERGED)) {
            return Verdict.DIVERGED;
        }
        boolean open = inFlight > 0
                || !compared
                || findings.stream().anyMatch(finding -> finding.effect() == Verdict.UNDETERMINED);
        return open ? Verdict.UNDETERMINED : Verdict.CONVERGED;
    }
}
