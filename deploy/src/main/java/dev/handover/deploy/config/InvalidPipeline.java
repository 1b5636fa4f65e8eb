package dev.handover.deploy.config;

import java.util.List;
import java.util.Optional;

/** A pipeline file that can't be used, with everything that is wrong with it. */
public final class InvalidPipeline extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String file;
    private final transient List<Problem> problems;
    private final transient List<String> lines;

    /**
     * The findings about one file.
     *
     * @param file the file as the user named it
     * @param problems at least one, in the order of the file
     * @param lines the lines of the file
     */
    public InvalidPipeline(String file, List<Problem> problems, List<String> lines) {
        super(problems.size() + " errors in a pipeline file");
        this.file = file;
        this.problems = List.copyOf(problems);
        this.lines = List.copyOf(lines);
    }

    /** The file as the user named it. */
    public String file() {
        return file;
    }

    /** What is wrong, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * The wrong words of a problem's line, under which the caret goes. Whatever else stands on the line is left out,
     * but for the key before the words: a line of a file that is wrong may hold a secret anywhere. Empty when nothing
     * may be shown.
     */
    public Optional<Excerpt> excerpt(Problem problem) {
        if (problem.length() == 0 || problem.line() > lines.size()) {
            return Optional.empty();
        }
        String line = lines.get(problem.line() - 1);
        int from = Math.min(problem.column() - 1, line.length());
        int to = Math.min(from + problem.length(), line.length());
        String before = line.substring(0, from);
        String shown = before.matches("[ -]*([A-Za-z0-9_*\"]+: *)?") ? before : "… ";
        String after = to < line.length() ? " …" : "";
        return Optional.of(new Excerpt(shown + line.substring(from, to) + after, shown.length(), to - from));
    }

    /**
     * A part of a line.
     *
     * @param text the part
     * @param from where in the text the wrong words begin
     * @param length how long they are
     */
    public record Excerpt(String text, int from, int length) {}
}
