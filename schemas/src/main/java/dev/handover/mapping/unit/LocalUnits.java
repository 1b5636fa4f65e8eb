package dev.handover.mapping.unit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What the unit strings of one source mean. The exact string comes first; only then, and only as far as the author
 * said, a string that differs in {@link Spelling}.
 */
public final class LocalUnits {
    /** Instead of a code: this string says that there is no unit. */
    public static final String NO_UNIT = "-";

    /** Instead of a code: this string can mean more than one unit, and must not be guessed. */
    public static final String AMBIGUOUS = "?";

    private final Map<String, Meaning> exact;
    private final Map<String, Meaning> folded;
    private final Set<Spelling> ignored;
    private final Map<Unit, Set<String>> strings = new HashMap<>();

    private LocalUnits(Map<String, Meaning> exact, Map<String, Meaning> folded, Set<Spelling> ignored) {
        this.exact = Map.copyOf(exact);
        this.folded = Map.copyOf(folded);
        this.ignored = Set.copyOf(ignored);
        exact.forEach((local, meaning) -> {
            if (meaning instanceof Meaning.Known known) {
                strings.computeIfAbsent(known.unit(), unit -> new HashSet<>()).add(local);
            }
        });
    }

    /** A map without a string. */
    public static LocalUnits empty() {
        return new LocalUnits(Map.of(), Map.of(), Set.of());
    }

    /**
     * @param meanings local string to UCUM code, {@link #NO_UNIT} or {@link #AMBIGUOUS}
     * @param ignored what the author declares meaningless
     * @throws IllegalArgumentException when a code is none, or two strings that differ in nothing that matters mean two
     *     things; names them
     */
    public static LocalUnits of(Ucum ucum, Map<String, String> meanings, Set<Spelling> ignored) {
        Map<String, Meaning> exact = new HashMap<>();
        Map<String, Meaning> folded = new HashMap<>();
        meanings.forEach((local, text) -> {
            Meaning meaning = meaning(ucum, local, text);
            exact.put(local, meaning);
            Meaning other = folded.putIfAbsent(fold(local, ignored), meaning);
            if (other != null && !other.equals(meaning)) {
                throw new IllegalArgumentException("'" + local
                        + "' differs from another string of the map in spelling only, and means another unit");
            }
        });
        return new LocalUnits(exact, folded, ignored);
    }

    /** What the map says of the string, or empty when it says nothing. */
    public Optional<Meaning> lookup(String local) {
        Meaning meaning = exact.get(local);
        if (meaning != null || ignored.isEmpty()) {
            return Optional.ofNullable(meaning);
        }
        return Optional.ofNullable(folded.get(fold(local, ignored)));
    }

    /** Every string of the map as it is written there, and what it means; in any order. */
    public void forEach(BiConsumer<? super String, ? super Meaning> action) {
        exact.forEach(action);
    }

    /** The differences in spelling that mean nothing. */
    public Set<Spelling> ignored() {
        return ignored;
    }

    /** Every unit that a string of the map stands for. */
    public Set<Unit> units() {
        return Set.copyOf(strings.keySet());
    }

    /** Every string of the map that stands for the unit. */
    public Set<String> strings(Unit unit) {
        return Set.copyOf(strings.getOrDefault(unit, Set.of()));
    }

    /** Equal when every string means the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LocalUnits that && exact.equals(that.exact) && ignored.equals(that.ignored);
    }

    @Override
    public int hashCode() {
        return exact.hashCode();
    }

    private static Meaning meaning(Ucum ucum, String local, String text) {
        return switch (text) {
            case NO_UNIT -> new Meaning.NoUnit();
            case AMBIGUOUS -> new Meaning.Unknown(Meaning.Cause.AMBIGUOUS);
            case "" ->
                throw new IllegalArgumentException("'" + local + "' has no meaning: write a UCUM code, " + NO_UNIT
                        + " for no unit, or " + AMBIGUOUS + " for an ambiguous one");
            default -> new Meaning.Known(ucum.require(text));
        };
    }

    private static String fold(String text, Set<Spelling> ignored) {
        String folded = text;
        for (Spelling spelling : Spelling.values()) {
            if (ignored.contains(spelling)) {
                folded = spelling.folded(folded);
            }
        }
        return folded;
    }
}
