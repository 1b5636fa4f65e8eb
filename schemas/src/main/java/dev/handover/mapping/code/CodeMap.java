package dev.handover.mapping.code;

import dev.handover.mapping.code.Translation.Kind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What the codes of one system become in another. A map is looked up by a code, or by a code and what it takes to know
 * what the code means, such as the version of its system (ICD has a V122 in version 9 and another in version 10). A
 * lookup finds exactly what the map holds, apart from the differences that its key declares to mean nothing.
 *
 * <p>Immutable and thread-safe. A lookup is one probe of a hash table whose answers are made when the map is built.
 */
public final class CodeMap {
    private final String name;
    private final String url;
    private final String version;
    private final String from;
    private final String to;
    private final List<KeyPart> key;
    // what means nothing in each part of the key, in the order in which it is taken away
    private final KeyForm[][] forms;
    // where the key has several parts: what holds whatever the parts after the code are
    private final Map<String, Translation> byCode;
    private final Map<List<String>, Translation> byParts;
    private final Map<String, List<String>> sources;
    private final Unmapped unmapped;
    private final List<InvalidCodeMap.Problem> remarks;

    CodeMap(CodeMapBuilder builder, Map<List<String>, Translation> entries, Map<String, List<String>> sources) {
        this.name = builder.name();
        this.url = builder.url();
        this.version = builder.version();
        this.from = builder.from();
        this.to = builder.to();
        this.key = builder.key();
        this.forms =
                key.stream().map(part -> part.forms().toArray(KeyForm[]::new)).toArray(KeyForm[][]::new);
        this.byCode = new HashMap<>();
        this.byParts = new HashMap<>();
        entries.forEach((parts, translation) -> {
            if (parts.size() == 1) {
                byCode.put(parts.get(0), translation);
            } else {
                byParts.put(parts, translation);
            }
        });
        this.sources = new HashMap<>(sources);
        this.unmapped = builder.unmapped();
        this.remarks = List.copyOf(builder.remarks());
    }

    private CodeMap(CodeMap map, Unmapped unmapped) {
        this.name = map.name;
        this.url = map.url;
        this.version = map.version;
        this.from = map.from;
        this.to = map.to;
        this.key = map.key;
        this.forms = map.forms;
        this.byCode = map.byCode;
        this.byParts = map.byParts;
        this.sources = map.sources;
        this.unmapped = unmapped;
        this.remarks = map.remarks;
    }

    /** Begins a map of that name. */
    public static CodeMapBuilder builder(String name) {
        return new CodeMapBuilder(name);
    }

    /**
     * A small map as it stands in a configuration file: every meaning is exact, and an absent one is null.
     *
     * @throws IllegalArgumentException when it is empty, or a meaning is the empty text
     */
    public static CodeMap of(String name, Map<String, Optional<String>> codes) {
        CodeMapBuilder builder = builder(name).key(KeyPart.of("code"));
        codes.forEach((code, meaning) -> meaning.ifPresentOrElse(
                target -> builder.target(Place.NOWHERE, List.of(code), Target.of(target, "", Relation.EQUIVALENT)),
                () -> builder.nothing(Place.NOWHERE, List.of(code))));
        try {
            return builder.build();
        } catch (InvalidCodeMap empty) {
            throw new IllegalArgumentException("a map has at least one code", empty);
        }
    }

    /** What the map is called where it is used. */
    public String name() {
        return name;
    }

    /** The address that other FHIR maps know it by; empty when it has none. */
    public String url() {
        return url;
    }

    /** The edition of the map; empty when it is not said. */
    public String version() {
        return version;
    }

    /** The system that codes come from; empty when it is not said. */
    public String from() {
        return from;
    }

    /** The system that codes are translated to; empty when it is not said. */
    public String to() {
        return to;
    }

    /** What the map is looked up by: the code first. */
    public List<KeyPart> key() {
        return key;
    }

    /** What the map says of the codes that it does not hold. */
    public Unmapped unmapped() {
        return unmapped;
    }

    /** What stands in the file and the map is used without, because nothing can be looked up by it. */
    public List<InvalidCodeMap.Problem> remarks() {
        return remarks;
    }

    /** How many keys the map holds. */
    public int size() {
        return byCode.size() + byParts.size();
    }

    /** How many keys have which outcome; outcomes that none has are absent. */
    public Map<Kind, Integer> counts() {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        forEach((parts, translation) -> counts.merge(translation.kind(), 1, Integer::sum));
        return Collections.unmodifiableMap(counts);
    }

    /** Every key as it is compared (without the differences that mean nothing), and what it becomes; in any order. */
    public void forEach(BiConsumer<? super List<String>, ? super Translation> action) {
        byCode.forEach((code, translation) -> action.accept(List.of(code), translation));
        byParts.forEach(action);
    }

    /** What a code becomes. @throws IllegalArgumentException when the key has more parts */
    public Translation lookup(String code) {
        requireParts(1);
        // forms change nothing in what they have made, so a code that is found as it stands need not be formed
        Translation found = byCode.get(code);
        if (found == null && forms[0].length > 0) {
            found = byCode.get(formed(0, code));
        }
        return found == null ? unmapped.of(List.of(code)) : found;
    }

    /** What a code becomes. @throws IllegalArgumentException when the key has not two parts */
    public Translation lookup(String code, String second) {
        return lookup(List.of(code, second));
    }

    /** What a code becomes. @throws IllegalArgumentException when the key has another number of parts */
    public Translation lookup(List<String> parts) {
        requireParts(parts.size());
        if (parts.size() == 1) {
            return lookup(parts.get(0));
        }
        String[] formed = new String[parts.size()];
        for (int i = 0; i < formed.length; i++) {
            formed[i] = formed(i, parts.get(i));
        }
        Translation found = byParts.get(List.of(formed));
        if (found == null) {
            found = byCode.get(formed[0]);
        }
        return found == null ? unmapped.of(parts) : found;
    }

    private void requireParts(int count) {
        if (count != key.size()) {
            throw new IllegalArgumentException("map " + name + " is looked up by " + key.size() + " texts");
        }
    }

    private String formed(int part, String text) {
        String formed = text;
        for (KeyForm form : forms[part]) {
            formed = form.of(formed);
        }
        return formed;
    }

    /**
     * The one source code whose exact translation this target code is, as the map writes it. Empty when several source
     * codes mean the same as it, or none does. A code that only comes near to the target is never given: going back
     * would change its meaning. A row whose code is not the one that this gives keeps its raw value.
     */
    public Optional<String> sourceOf(String target) {
        return keyOf(target).map(parts -> parts.get(0));
    }

    /**
     * The whole key of {@link #sourceOf(String)}, in the order of {@link #key()}; the code alone where the map does not
     * ask for the other parts.
     */
    public Optional<List<String>> keyOf(String target) {
        return Optional.ofNullable(sources.get(target));
    }

    /**
     * This map with the other map at hand that it sends unknown codes to.
     *
     * @throws IllegalArgumentException when it sends them to no other map, or that map has another kind of key
     */
    public CodeMap linkedTo(CodeMap other) {
        if (!(unmapped instanceof Unmapped.OtherMap delegated)) {
            throw new IllegalArgumentException("map " + name + " sends unknown codes to no other map");
        }
        if (other.key.size() != key.size()) {
            throw new IllegalArgumentException("map " + other.name + " is looked up by " + other.key.size()
                    + " texts, map " + name + " by " + key.size());
        }
        return new CodeMap(this, new Unmapped.OtherMap(delegated.url(), Optional.of(other)));
    }

    /** Equal when they are of one name, edition and systems, are looked up alike and give the same answers. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CodeMap that
                && List.of(name, url, version, from, to)
                        .equals(List.of(that.name, that.url, that.version, that.from, that.to))
                && key.equals(that.key)
                && unmapped.equals(that.unmapped)
                && byCode.equals(that.byCode)
                && byParts.equals(that.byParts)
                && sources.equals(that.sources);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, version, from, to, size());
    }

    @Override
    public String toString() {
        return "CodeMap " + name;
    }
}
