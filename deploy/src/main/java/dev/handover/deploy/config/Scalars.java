package dev.handover.deploy.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Reads single values from their text. Every refusal is an {@link Invalid} without a key. */
final class Scalars {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9/-]+");

    private Scalars() {}

    static Object parse(Shape.Scalar scalar, String text) {
        return switch (scalar.kind()) {
            case TEXT -> text(scalar.key(), text);
            case NUMBER -> number(scalar, text);
            case FLAG -> flag(text);
            case DURATION -> orHint("write it as 30s; units are ms, s, m, h, d", () -> Durations.parse(text));
            case SIZE -> orHint("write it as 128MiB; units are B, KiB, MiB, GiB, TiB", () -> DataSize.parse(text));
            case ADDRESS -> address(text);
            case SECRET ->
                orHint(
                        "name the place it is read from: \"${env:HANDOVER_PASSWORD}\", \"${file:/path}\" or"
                                + " \"${dir:/run/secrets:name}\"",
                        () -> SecretRef.parse(text));
        };
    }

    private static String text(Key key, String text) {
        if (text.isBlank() && !key.asWritten()) {
            throw invalid("the text is empty", "write a value, or remove the key");
        }
        if (text.contains("${") && !key.variable()) {
            throw invalid("references are read only where a secret stands", "write the value itself");
        }
        if (!key.pattern().isEmpty() && !text.matches(key.pattern())) {
            throw WORD.matcher(key.pattern()).matches()
                    ? invalid("expected " + key.pattern(), "write " + key.pattern())
                    : invalid("not of the form that is expected here", "it must match " + key.pattern());
        }
        return text;
    }

    private static Object number(Shape.Scalar scalar, String text) {
        Key key = scalar.key();
        if (!text.matches("-?[0-9]{1,18}")) {
            throw invalid("expected a whole number", "write digits only, between " + key.min() + " and " + key.max());
        }
        long number = Long.parseLong(text);
        if (number < key.min() || number > key.max()) {
            throw invalid("the number is out of range", "choose one between " + key.min() + " and " + key.max());
        }
        return scalar.type() == long.class || scalar.type() == Long.class
                ? (Object) number
                : (Object) Math.toIntExact(number);
    }

    private static Object flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("expected true or false", "write true or false");
        };
    }

    private static URI address(String text) {
        try {
            URI address = new URI(text);
            if (address.isAbsolute()) {
                return address;
            }
        } catch (URISyntaxException wrong) {
            throw (Invalid)
                    invalid("not an address", "write it as http://host:port").initCause(wrong);
        }
        throw invalid("not an absolute address", "write it as http://host:port");
    }

    private interface Parse {
        Object run();
    }

    private static Object orHint(String hint, Parse parse) {
        try {
            return parse.run();
        } catch (IllegalArgumentException wrong) {
            String message = wrong.getMessage();
            throw (Invalid)
                    invalid(message == null ? "not understood" : message, hint).initCause(wrong);
        }
    }

    private static Invalid invalid(String message, String hint) {
        return new Invalid("", message, hint);
    }
}
