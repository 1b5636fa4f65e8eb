package dev.handover.deploy.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints answers: the answer on standard output, warnings and next steps on standard error. */
public final class Output {
    private final Terminal terminal;
    private final Format format;
    private final boolean quiet;

    /**
     * Output of one run.
     *
     * @param format as asked for; {@code AUTO} is resolved here
     * @param quiet whether warnings and next steps are left out
     */
    public Output(Terminal terminal, Format format, boolean quiet) {
        this.terminal = terminal;
        this.format = format == Format.AUTO ? terminal.people().readAnswers() ? Format.TABLE : Format.PLAIN : format;
        this.quiet = quiet;
    }

    /** The format in force; never {@code AUTO}. */
    public Format format() {
        return format;
    }

    /** Prints an answer. */
    public void print(Answer answer) {
        PrintStream out = terminal.out();
        if (format == Format.JSON) {
            out.println(Documents.of(answer));
            out.flush();
            return;
        }
        answer.blocks().forEach(block -> block.fold(
                        lines -> lines.lines().stream().map(Output::printable).toList(),
                        grid -> format == Format.TABLE ? table(grid) : plain(grid))
                .forEach(out::println));
        out.flush();
        if (!quiet) {
            answer.warnings().forEach(warning -> terminal.err().println("warning: " + printable(warning)));
            answer.nextSteps()
                    .forEach(next -> terminal.err().println("next: " + next.command() + "      " + next.reason()));
        }
    }

    private static List<String> plain(Answer.Grid grid) {
        return grid.rows().stream()
                .map(row ->
                        String.join("\t", row.stream().map(Output::printable).toList()))
                .toList();
    }

    // columns of numbers are set to the right: a cell that is a number, perhaps with a unit or a sign, and no header
    private static List<String> table(Answer.Grid grid) {
        int columns = grid.headers().size();
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int i = 0; i < columns; i++) {
            int column = i;
            widths[i] = Math.max(
                    width(grid.headers().get(i)),
                    grid.rows().stream()
                            .mapToInt(row -> width(printable(row.get(column))))
                            .max()
                            .orElse(0));
            numbers[i] = !grid.rows().isEmpty()
                    && grid.rows().stream().allMatch(row -> row.get(column).matches("[-~]?[0-9][0-9 ,.]*%?|-?"));
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(grid.headers(), widths, numbers));
        grid.rows().forEach(row -> lines.add(line(row, widths, numbers)));
        return lines;
    }

    private static String line(List<String> cells, int[] widths, boolean[] numbers) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = printable(cells.get(i));
            String padding = " ".repeat(widths[i] - width(cell));
            line.append(i == 0 ? "" : "  ").append(numbers[i] ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Without control characters, which could move the cursor of a terminal or break a line of plain output. */
    static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\t' -> safe.append("\\t");
                case '\n' -> safe.append("\\n");
                case '\r' -> safe.append("\\r");
                default -> safe.appendCodePoint(Character.isISOControl(point) ? 0xFFFD : point);
            }
        });
        return safe.toString();
    }
}
