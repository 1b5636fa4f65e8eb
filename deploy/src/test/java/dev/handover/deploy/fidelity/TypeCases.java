package dev.handover.deploy.fidelity;

import java.util.ArrayList;
import java.util.List;

/**
 * A column type with its values.
 *
 * @param type as it is declared at the source
 * @param remark what a reader of the table of types must know
 * @param cases SQL's null is always among them
 */
record TypeCases(String type, String remark, List<Case> cases) {
    TypeCases {
        cases = List.copyOf(cases);
    }

    static TypeCases type(String type, Case... cases) {
        List<Case> all = new ArrayList<>(List.of(cases));
        all.add(Case.NULL);
        return new TypeCases(type, "", all);
    }

    TypeCases remark(String text) {
        return new TypeCases(type, text, cases);
    }

    /** Whether every value arrives. */
    boolean held() {
        return cases.stream().noneMatch(each -> each.expected() == Case.Expected.NOT_HELD);
    }
}
