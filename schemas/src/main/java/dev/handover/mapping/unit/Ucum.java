package dev.handover.mapping.unit;

import java.util.Optional;

/**
 * The Unified Code for Units of Measure: which codes are well-formed, and what they mean, exactly.
 *
 * <p>Where medicine is stricter than UCUM, so is this class: see {@link Refusal}.
 */
public final class Ucum {
    private final Atoms atoms;

    Ucum(Essence essence) {
        this.atoms = new Atoms(essence);
    }

    /** The published definitions, read once, when first asked for. */
    public static Ucum standard() {
        return Standard.UCUM;
    }

    /** UCUM's version, such as {@code 2.2}. */
    public String version() {
        return atoms.version();
    }

    /** The unit, if the text is a well-formed, case-sensitive UCUM code. White space is none of UCUM's. */
    public Optional<Unit> parse(String code) {
        try {
            return Optional.of(UcumParser.parse(atoms, code));
        } catch (UcumParser.Malformed e) {
            return Optional.empty();
        }
    }

    /**
     * The unit of a code that a mapping's author wrote.
     *
     * @throws IllegalArgumentException when it is none; names the code and the place, so it is not for codes of a
     *     source
     */
    public Unit require(String code) {
        try {
            return UcumParser.parse(atoms, code);
        } catch (UcumParser.Malformed e) {
            throw new IllegalArgumentException("'" + code + "' is no UCUM code: " + e.getMessage(), e);
        }
    }

    private static final class Standard {
        private static final Ucum UCUM = new Ucum(Essence.load());
    }
}
