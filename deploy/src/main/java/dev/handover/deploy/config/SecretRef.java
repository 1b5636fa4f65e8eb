package dev.handover.deploy.config;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Where a secret is to be read from. The reference itself is no secret: {@code ${env:NAME}},
 * {@code ${file:/path/to/file}}, {@code ${dir:/run/secrets:name}}.
 *
 * @param provider which kind of place
 * @param place the variable, file or directory
 * @param name the file within the directory; empty for the other providers
 */
public record SecretRef(Provider provider, String place, String name) {
    /** What a reference looks like in the file. */
    public static final String PATTERN =
            "\\$\\{(env:[A-Za-z_][A-Za-z0-9_]*|file:/[^:{}]+|dir:/[^:{}]+:[A-Za-z0-9._-]+)\\}";

    private static final Pattern FORM = Pattern.compile(PATTERN);

    /** The kinds of places that a secret may come from. */
    public enum Provider {
        /** An environment variable that {@code secrets.env.allow} allows. */
        ENV,
        /** The whole content of one file below {@code secrets.file.roots}. */
        FILE,
        /** One file of a directory of secrets, as container platforms mount them, below {@code secrets.dir.roots}. */
        DIR
    }

    /** Refuses nulls. */
    public SecretRef {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(name, "name");
    }

    /** Reads a reference; throws {@link IllegalArgumentException}, which never quotes the text, when it is none. */
    public static SecretRef parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    text.startsWith("${")
                            ? "not a secret reference that Handover knows"
                            : "a secret can't be written in the file");
        }
        String inner = text.substring(2, text.length() - 1);
        int colon = inner.indexOf(':');
        String rest = inner.substring(colon + 1);
        int last = rest.indexOf(':');
        return switch (inner.substring(0, colon)) {
            case "env" -> new SecretRef(Provider.ENV, rest, "");
            case "file" -> new SecretRef(Provider.FILE, rest, "");
            default -> new SecretRef(Provider.DIR, rest.substring(0, last), rest.substring(last + 1));
        };
    }

    /** The reference as it is written in the file. */
    @Override
    public String toString() {
        return switch (provider) {
            case ENV -> "${env:" + place + "}";
            case FILE -> "${file:" + place + "}";
            case DIR -> "${dir:" + place + ":" + name + "}";
        };
    }
}
