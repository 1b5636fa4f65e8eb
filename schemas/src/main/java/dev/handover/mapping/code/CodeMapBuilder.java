package dev.handover.mapping.code;

import dev.handover.mapping.code.InvalidCodeMap.Problem;
import dev.handover.mapping.code.Translation.Cluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gathers the rows of a map and decides what each code becomes. Rows that repeat or contradict each other are never
 * resolved by their order: the map is refused, naming both. Used by one thread.
 */
public final class CodeMapBuilder {
    /**
     * More rows are no code map; a guard against the wrong file. All of SNOMED CT has about half a million concepts.
     */
    public static final int ROWS_MAX = 2_000_000;

    private static final Translation NO_MAP = new Translation.NoMap();
    private static final Translation NOTHING = new Translation.Nothing();

    private final String name;
    private String url = "";
    private String version = "";
    private String from = "";
    private String to = "";
    private List<KeyPart> key = List.of();
    private Several several = Several.REFUSE;
    private Unmapped unmapped = new Unmapped.Refused();
    private final Map<List<String>, Gathered> gathered = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> remarks = new ArrayList<>();
    private int problemsBeyond;
    private int rows;

    CodeMapBuilder(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** All rows of one key, and the key as the first of them writes it. */
    private record Gathered(List<String> written, List<Row> rows) {}

    /** What one row says. A scenario and part of 0 mean that the target stands alone. */
    private record Row(Place place, Claim claim, int scenario, int part, Optional<Target> target) {
        boolean says(Row other) {
            return claim == other.claim
                    && scenario == other.scenario
                    && part == other.part
                    && target.map(Target::code).equals(other.target.map(Target::code))
                    && target.map(Target::system).equals(other.target.map(Target::system));
        }
    }

    /** The edition of the map. */
    public CodeMapBuilder version(String version) {
        this.version = Objects.requireNonNull(version, "version");
        return this;
    }

    /** The system that codes come from. */
    public CodeMapBuilder from(String from) {
        this.from = Objects.requireNonNull(from, "from");
        return this;
    }

    /** The system that codes are translated to. */
    public CodeMapBuilder to(String to) {
        this.to = Objects.requireNonNull(to, "to");
        return this;
    }

    /** What the map is looked up by: the code first. At least one part; before the first row. */
    public CodeMapBuilder key(KeyPart... parts) {
        return key(List.of(parts));
    }

    /** What the map is looked up by: the code first. At least one part; before the first row. */
    public CodeMapBuilder key(List<KeyPart> parts) {
        if (!gathered.isEmpty()) {
            throw new IllegalStateException("the key is declared before the first row");
        }
        this.key = List.copyOf(parts);
        return this;
    }

    /**
     * What several rows of one key mean; they are refused unless this is said, or the format says that they are
     * alternatives, as a GEM and FHIR do. Before the first row.
     */
    public CodeMapBuilder several(Several several) {
        this.several = Objects.requireNonNull(several, "several");
        return this;
    }

    /** What becomes of the codes that the map does not hold; they are unknown unless this is said. */
    public CodeMapBuilder unmapped(Unmapped unmapped) {
        this.unmapped = Objects.requireNonNull(unmapped, "unmapped");
        return this;
    }

    /**
     * A row: this code is, or may be, the translation.
     *
     * @param parts the key; the code alone when the row holds whatever the other parts are
     */
    public CodeMapBuilder target(Place place, List<String> parts, Target target) {
        return add(parts, new Row(place, Claim.of(target.relation()), 0, 0, Optional.of(target)));
    }

    /**
     * A row: this code is one part of a combination, or may be.
     *
     * @param scenario which combination of this key, from 1
     * @param part which part of it, from 1; rows of one part are alternatives
     */
    public CodeMapBuilder part(Place place, List<String> parts, int scenario, int part, Target target) {
        if (scenario < 1 || part < 1) {
            throw new IllegalArgumentException("scenarios and parts count from 1");
        }
        return add(parts, new Row(place, Claim.of(target.relation()), scenario, part, Optional.of(target)));
    }

    /** A row: the target system has nothing like it. */
    public CodeMapBuilder noMap(Place place, List<String> parts) {
        return add(parts, new Row(place, Claim.NO_MAP, 0, 0, Optional.empty()));
    }

    /** A row: the code means that there is no value. */
    public CodeMapBuilder nothing(Place place, List<String> parts) {
        return add(parts, new Row(place, Claim.NOTHING, 0, 0, Optional.empty()));
    }

    /** What a file says of itself, where it is not said yet. */
    void describe(String ownUrl, String ownVersion, String ownFrom, String ownTo) {
        url = ownUrl;
        version = version.isEmpty() ? ownVersion : version;
        from = from.isEmpty() ? ownFrom : from;
        to = to.isEmpty() ? ownTo : to;
    }

    /** For formats in which several rows of one code are alternatives by definition. */
    void allowChoice() {
        several = several == Several.REFUSE ? Several.CHOICE : several;
    }

    /** Refuses something that a reader found; the map will not be built. */
    void refuse(Place place, String where, String fact, String hint) {
        if (problems.size() < InvalidCodeMap.PROBLEMS_MAX) {
            problems.add(new Problem(place, where, fact, hint));
        } else {
            problemsBeyond++;
        }
    }

    /** Notes something that a reader found and that the map is used without. */
    void remark(Place place, String where, String fact, String hint) {
        remarks.add(new Problem(place, where, fact, hint));
    }

    private CodeMapBuilder add(List<String> parts, Row row) {
        if (key.isEmpty()) {
            throw new IllegalStateException("the key is declared before the first row");
        }
        if (parts.size() != key.size() && parts.size() != 1) {
            throw new IllegalArgumentException("a key has " + key.size() + " parts, or the code alone");
        }
        rows++;
        if (rows == ROWS_MAX + 1) {
            refuse(row.place(), "", "more than " + ROWS_MAX + " rows", "name the file of a code map");
        }
        if (rows > ROWS_MAX) {
            return this;
        }
        List<String> formed = formed(parts);
        Gathered known =
                gathered.computeIfAbsent(formed, absent -> new Gathered(List.copyOf(parts), new ArrayList<>()));
        for (Row other : known.rows()) {
            if (other.says(row) && several == Several.ANY) {
                return this;
            }
            if (other.says(row)) {
                boolean samelyWritten = known.written().equals(parts);
                refuse(
                        row.place(),
                        "",
                        "says again what line " + other.place().line() + " says",
                        samelyWritten
                                ? "remove one of the two rows"
                                : "the key of this map takes the two codes for one: remove one of the two rows");
                return this;
            }
        }
        known.rows().add(row);
        return this;
    }

    private List<String> formed(List<String> parts) {
        List<String> formed = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            formed.add(key.get(i).form(parts.get(i)));
        }
        return List.copyOf(formed);
    }

    /** The map. @throws InvalidCodeMap with every problem, when it is empty or rows contradict each other */
    public CodeMap build() throws InvalidCodeMap {
        if (gathered.isEmpty() && problems.isEmpty()) {
            refuse(Place.NOWHERE, "", "holds no code", "name a file with at least one row below its header");
        }
        Map<List<String>, Translation> entries = new HashMap<>();
        Map<String, List<String>> sources = new HashMap<>();
        Map<String, Integer> exact = new HashMap<>();
        gathered.forEach((formed, known) -> {
            Translation translation = decide(known.rows());
            entries.put(formed, translation);
            if (translation instanceof Translation.Exact found) {
                exact.merge(found.target().code(), 1, Integer::sum);
                sources.put(found.target().code(), known.written());
            }
        });
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(problem -> problem.place().line()));
            if (problemsBeyond > 0) {
                problems.add(new Problem(
                        Place.NOWHERE, "", "and " + problemsBeyond + " more", "repair the first ones, then try again"));
            }
            throw new InvalidCodeMap(problems);
        }
        sources.keySet().removeIf(target -> exact.getOrDefault(target, 0) > 1);
        return new CodeMap(this, entries, sources);
    }

    private Translation decide(List<Row> rows) {
        List<Row> targets =
                rows.stream().filter(row -> row.target().isPresent()).toList();
        Optional<Row> none =
                rows.stream().filter(row -> row.claim() == Claim.NO_MAP).findFirst();
        Optional<Row> nothing =
                rows.stream().filter(row -> row.claim() == Claim.NOTHING).findFirst();
        if (rows.size() == 1 && targets.isEmpty()) {
            return none.isPresent() ? NO_MAP : NOTHING;
        }
        if (nothing.isPresent()) {
            contradiction(
                    withAnother(nothing.get(), rows), "null is no alternative to a code: keep one of the two rows");
            return NOTHING;
        }
        if (none.isPresent() && several != Several.ANY) {
            contradiction(withAnother(none.get(), rows), "keep one of the two rows, or declare  several: any");
            return NO_MAP;
        }
        if (rows.size() == 1 && targets.get(0).scenario() == 0) {
            Target target = targets.get(0).target().orElseThrow();
            return target.relation() == Relation.EQUIVALENT
                    ? new Translation.Exact(target)
                    : new Translation.Approximate(target);
        }
        if (several == Several.REFUSE && rows.size() > 1 && rows.stream().anyMatch(row -> row.scenario() == 0)) {
            contradiction(rows, "keep one of the two rows, or declare  several: choice");
        } else if (several != Several.ANY) {
            twice(targets);
        }
        if (targets.stream().anyMatch(row -> row.scenario() > 0)) {
            return combination(targets, none.isPresent());
        }
        return new Translation.Choice(
                targets.stream().map(row -> row.target().orElseThrow()).toList(), none.isPresent());
    }

    private Translation combination(List<Row> targets, boolean orNone) {
        List<Cluster> alternatives = new ArrayList<>();
        Map<Integer, Map<Integer, List<Target>>> scenarios = new TreeMap<>();
        for (Row row : targets) {
            Target target = row.target().orElseThrow();
            if (row.scenario() == 0) {
                alternatives.add(new Cluster(List.of(List.of(target))));
            } else {
                scenarios
                        .computeIfAbsent(row.scenario(), absent -> new TreeMap<>())
                        .computeIfAbsent(row.part(), absent -> new ArrayList<>())
                        .add(target);
            }
        }
        scenarios.forEach((scenario, parts) -> {
            if (parts.size() < 2) {
                Row row = targets.stream()
                        .filter(each -> each.scenario() == scenario)
                        .findFirst()
                        .orElseThrow();
                refuse(
                        row.place(),
                        "",
                        "scenario " + scenario + " of this code has one part only",
                        "add the rows of its other part, or let the code stand alone");
            }
            alternatives.add(new Cluster(List.copyOf(parts.values())));
        });
        if (scenarios.values().stream().allMatch(parts -> parts.size() < 2)) {
            return NO_MAP; // refused above
        }
        return new Translation.Combination(alternatives, orNone);
    }

    /** One target with two relations. */
    private void twice(List<Row> targets) {
        Map<String, Row> seen = new HashMap<>();
        for (Row row : targets) {
            Target target = row.target().orElseThrow();
            Row other = seen.putIfAbsent(
                    row.scenario() + "." + row.part() + '|' + target.system() + '|' + target.code(), row);
            if (other != null) {
                contradiction(
                        List.of(other, row),
                        "one code has one relation: keep one of the two rows, or declare  several: any");
            }
        }
    }

    /** That row and the first other one, in the order of the file. */
    private static List<Row> withAnother(Row row, List<Row> rows) {
        Row other = rows.stream().filter(each -> !each.equals(row)).findFirst().orElseThrow();
        return rows.indexOf(row) < rows.indexOf(other) ? List.of(row, other) : List.of(other, row);
    }

    private void contradiction(List<Row> rows, String hint) {
        Row first = rows.get(0);
        Row second = rows.get(1);
        refuse(second.place(), "", "contradicts line " + first.place().line() + ", which has the same code", hint);
    }

    String name() {
        return name;
    }

    String url() {
        return url;
    }

    String version() {
        return version;
    }

    String from() {
        return from;
    }

    String to() {
        return to;
    }

    List<KeyPart> key() {
        return key;
    }

    List<Problem> remarks() {
        return remarks;
    }

    Unmapped unmapped() {
        return unmapped;
    }
}
