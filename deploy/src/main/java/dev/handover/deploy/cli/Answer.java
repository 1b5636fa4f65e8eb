package dev.handover.deploy.cli;

import dev.handover.fault.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a command answers, in every form at once: the same facts as a document and as blocks of text.
 *
 * @param kind the kind of the document, such as {@code Version}
 * @param data what goes into the document: a record or a map of texts, numbers, flags and lists; its component names
 *     are part of the interface and are only ever added to
 * @param blocks the same for people
 * @param warnings what the user should know besides; on standard error unless in a document
 * @param nextSteps commands that make sense now, never a destructive one
 * @param exitCode what the process exits with
 */
public record Answer(
        String kind,
        Object data,
        List<Block> blocks,
        List<String> warnings,
        List<NextStep> nextSteps,
        ExitCode exitCode) {

    /** Copies the lists. */
    public Answer {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(exitCode, "exitCode");
        blocks = List.copyOf(blocks);
        warnings = List.copyOf(warnings);
        nextSteps = List.copyOf(nextSteps);
    }

    /** An answer that is done, without blocks. */
    public static Answer of(String kind, Object data) {
        return new Answer(kind, data, List.of(), List.of(), List.of(), ExitCode.DONE);
    }

    /** With lines of text below what is there. */
    public Answer lines(String... lines) {
        return with(new Lines(List.of(lines)));
    }

    /** With a table below what is there. */
    public Answer grid(List<String> headers, List<List<String>> rows) {
        return with(new Grid(headers, rows));
    }

    /** With another block below what is there. */
    public Answer with(Block block) {
        return new Answer(kind, data, append(blocks, block), warnings, nextSteps, exitCode);
    }

    /** With another warning. */
    public Answer warn(String warning) {
        return new Answer(kind, data, blocks, append(warnings, warning), nextSteps, exitCode);
    }

    /** With another command to go on with. */
    public Answer next(String command, String reason) {
        return new Answer(kind, data, blocks, warnings, append(nextSteps, new NextStep(command, reason)), exitCode);
    }

    /** With another exit code. */
    public Answer exit(ExitCode code) {
        return new Answer(kind, data, blocks, warnings, nextSteps, code);
    }

    private static <T> List<T> append(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }

    /** A command to go on with, and why. */
    public record NextStep(String command, String reason) {}

    /** Something to print. */
    public sealed interface Block {
        /** One function for each alternative. */
        <R> R fold(
                java.util.function.Function<? super Lines, ? extends R> lines,
                java.util.function.Function<? super Grid, ? extends R> grid);
    }

    /** Lines as they are. */
    public record Lines(List<String> lines) implements Block {
        /** Copies the list. */
        public Lines {
            lines = List.copyOf(lines);
        }

        @Override
        public <R> R fold(
                java.util.function.Function<? super Lines, ? extends R> lines,
                java.util.function.Function<? super Grid, ? extends R> grid) {
            return lines.apply(this);
        }
    }

    /** Rows below headers. Plain output leaves the headers out. */
    public record Grid(List<String> headers, List<List<String>> rows) implements Block {
        /** Copies the lists; refuses a row of another width. */
        public Grid {
            headers = List.copyOf(headers);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<String> row : rows) {
                if (row.size() != headers.size()) {
                    throw new IllegalArgumentException("a row of " + row.size() + " below " + headers);
                }
            }
        }

        @Override
        public <R> R fold(
                java.util.function.Function<? super Lines, ? extends R> lines,
                java.util.function.Function<? super Grid, ? extends R> grid) {
            return grid.apply(this);
        }
    }
}
