package dev.handover.reconciler;

import java.util.Objects;

/**
 * Something about a whole table, or about the pipeline's list of tables.
 *
 * @param effect what it makes of the verdict: {@link Verdict#CONVERGED} for a mere note
 * @param code stable, lower case words joined by hyphens
 * @param text a sentence without values
 */
public record Finding(Verdict effect, String code, String text) {
    public Finding {
        Objects.requireNonNull(effect, "effect");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(text, "text");
    }
}
