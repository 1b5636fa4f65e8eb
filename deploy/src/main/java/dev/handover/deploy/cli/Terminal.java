package dev.handover.deploy.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What surrounds the process: its streams, whether people watch them, and its environment. The only place that these
 * are known; everything else is given one of these.
 *
 * @param in standard input
 * @param out standard output: the answer, nothing else
 * @param err standard error: everything else
 * @param people which of the streams end at a person
 * @param width columns of the screen
 * @param height lines of the screen
 * @param environment the process's environment
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        People people,
        int width,
        int height,
        Map<String, String> environment) {

    /** Copies the environment. */
    public Terminal {
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(err, "err");
        environment = Map.copyOf(environment);
    }

    /** Which streams end at a person rather than in a file or another program. */
    public record People(boolean type, boolean readAnswers, boolean readErrors) {
        /** Nobody watches. */
        public static People none() {
            return new People(false, false, false);
        }

        /** Reads what the launcher found: a digit for each of stdin, stdout and stderr, such as {@code 110}. */
        static Optional<People> parse(String digits) {
            return digits.matches("[01]{3}")
                    ? Optional.of(new People(digits.charAt(0) == '1', digits.charAt(1) == '1', digits.charAt(2) == '1'))
                    : Optional.empty();
        }
    }

    /** A variable of the environment; an empty one counts as absent. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** Whether colours are wanted on a stream that a person does or does not watch. */
    public boolean wantsColour(boolean watched) {
        if (variable("NO_COLOR").isPresent()) {
            return false;
        }
        if (variable("CLICOLOR_FORCE").filter(force -> !force.equals("0")).isPresent()) {
            return true;
        }
        return watched && !"dumb".equals(environment.get("TERM"));
    }
}
