package dev.handover.mapping.code;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * One part of what a map is looked up by, such as a code or the version of its system.
 *
 * @param name of the column of a file, or the property that a FHIR map depends on
 * @param forms what does not matter in it; nothing unless declared
 */
public record KeyPart(String name, Set<KeyForm> forms) {
    public KeyPart {
        Objects.requireNonNull(name, "name");
        forms = forms.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(forms));
    }

    /** A part in which every character matters, or all but those differences. */
    public static KeyPart of(String name, KeyForm... forms) {
        return new KeyPart(name, Set.of(forms));
    }

    String form(String text) {
        if (forms.isEmpty()) {
            return text;
        }
        String formed = text;
        for (KeyForm form : forms) {
            formed = form.of(formed);
        }
        return formed;
    }
}
