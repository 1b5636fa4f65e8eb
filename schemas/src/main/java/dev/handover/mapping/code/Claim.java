package dev.handover.mapping.code;

import java.util.Map;
import java.util.Optional;

/** What one row claims of a code and its target, in the words of the formats that are read. */
enum Claim {
    EQUIVALENT(Optional.of(Relation.EQUIVALENT)),
    WIDER(Optional.of(Relation.WIDER)),
    NARROWER(Optional.of(Relation.NARROWER)),
    INEXACT(Optional.of(Relation.INEXACT)),
    RELATED(Optional.of(Relation.RELATED)),
    /** There is no such code. */
    NO_MAP(Optional.empty()),
    /** This target is not the one; others may be. */
    NOT_THIS(Optional.empty()),
    /** The code means that there is no value. */
    NOTHING(Optional.empty());

    /** FHIR R4's {@code equivalence} and R5's {@code relationship}, which share no word with another meaning. */
    private static final Map<String, Claim> FHIR = Map.ofEntries(
            Map.entry("equal", EQUIVALENT),
            Map.entry("equivalent", EQUIVALENT),
            Map.entry("wider", WIDER),
            Map.entry("subsumes", WIDER),
            Map.entry("source-is-narrower-than-target", WIDER),
            Map.entry("narrower", NARROWER),
            Map.entry("specializes", NARROWER),
            Map.entry("source-is-broader-than-target", NARROWER),
            Map.entry("inexact", INEXACT),
            Map.entry("relatedto", RELATED),
            Map.entry("related-to", RELATED),
            Map.entry("unmatched", NO_MAP),
            Map.entry("disjoint", NOT_THIS),
            Map.entry("not-related-to", NOT_THIS));

    private static final Map<String, Claim> CSV = Map.of(
            "equivalent", EQUIVALENT,
            "wider", WIDER,
            "narrower", NARROWER,
            "inexact", INEXACT,
            "related", RELATED,
            "approximate", RELATED,
            "no-map", NO_MAP,
            "null", NOTHING);

    private final Optional<Relation> relation;

    Claim(Optional<Relation> relation) {
        this.relation = relation;
    }

    /** The relation to the target, where one is claimed. */
    Optional<Relation> relation() {
        return relation;
    }

    static Claim of(Relation relation) {
        return switch (relation) {
            case EQUIVALENT -> EQUIVALENT;
            case WIDER -> WIDER;
            case NARROWER -> NARROWER;
            case INEXACT -> INEXACT;
            case RELATED -> RELATED;
        };
    }

    static Optional<Claim> ofFhir(String word) {
        return Optional.ofNullable(FHIR.get(word));
    }

    static Optional<Claim> ofCsv(String word) {
        return Optional.ofNullable(CSV.get(word));
    }
}
