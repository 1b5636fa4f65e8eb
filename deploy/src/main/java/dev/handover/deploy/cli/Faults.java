package dev.handover.deploy.cli;

import dev.handover.deploy.config.InvalidPipeline;
import dev.handover.deploy.config.Problem;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints what went wrong. Messages of exceptions that are not ours are never printed, since those of drivers quote
 * rows; neither are stack traces, unless someone asks for them, and then without messages.
 */
final class Faults {
    static final String HINT = "correct the file; every key is explained by: handover help config";

    private final PrintStream err;
    private final boolean json;
    private final boolean traces;

    Faults(PrintStream err, Format format, boolean traces) {
        this.err = err;
        this.json = format == Format.JSON;
        this.traces = traces;
    }

    /** Prints any exception and says what to exit with. */
    ExitCode print(Throwable thrown) {
        if (traces) {
            trace(thrown).forEach(err::println);
        }
        if (thrown instanceof InvalidPipeline invalid) {
            print(invalid);
            return ExitCode.USAGE;
        }
        if (thrown instanceof Fault fault) {
            print(fault.code(), String.valueOf(fault.getMessage()), fault.hint());
            return fault.exitCode();
        }
        print(
                "internal",
                "internal error: " + thrown.getClass().getName() + origin(thrown),
                "this is a mistake in Handover; run again with -v -v and report the trace");
        return ExitCode.FAILED;
    }

    /** Prints an error of usage. */
    ExitCode usage(String message, String hint) {
        print("usage", message, hint);
        return ExitCode.USAGE;
    }

    private void print(String code, String message, String hint) {
        if (json) {
            err.println(Documents.of(code, message, hint));
        } else {
            err.println("error: " + Output.printable(message));
            err.println("hint:  " + Output.printable(hint));
        }
        err.flush();
    }

    private void print(InvalidPipeline invalid) {
        if (json) {
            err.println(Documents.of(invalid));
            return;
        }
        for (Problem problem : invalid.problems()) {
            err.println(invalid.file() + ":" + problem.line() + ":" + problem.column() + "  " + problem.message()
                    + (problem.code().equals("value") || problem.code().equals("type") ? ": " + problem.path() : ""));
            invalid.excerpt(problem)
                    .ifPresentOrElse(
                            excerpt -> print(problem, excerpt), () -> err.println("       | " + problem.hint()));
        }
        err.println(summary(invalid) + ". Nothing was started.");
        err.flush();
    }

    private void print(Problem problem, InvalidPipeline.Excerpt excerpt) {
        String caret = " ".repeat(excerpt.from()) + "^".repeat(excerpt.length());
        err.println(String.format(Locale.ROOT, "%6d | ", problem.line()) + Output.printable(excerpt.text()));
        err.println("       | " + caret + "   " + problem.hint());
    }

    static String summary(InvalidPipeline invalid) {
        int count = invalid.problems().size();
        return count + (count == 1 ? " error in " : " errors in ") + invalid.file();
    }

    /** Class names and places of an exception and its causes. */
    static List<String> trace(Throwable thrown) {
        List<String> lines = new ArrayList<>();
        int depthMax = 10;
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < depthMax; depth++) {
            lines.add(
                    (depth == 0 ? "trace: " : "caused by: ") + cause.getClass().getName());
            for (StackTraceElement element : cause.getStackTrace()) {
                lines.add("    at " + element);
            }
            cause = cause.getCause();
        }
        return lines;
    }

    private static String origin(Throwable thrown) {
        for (StackTraceElement element : thrown.getStackTrace()) {
            if (element.getClassName().startsWith("dev.handover.")) {
                return " at " + element;
            }
        }
        return "";
    }
}
