package dev.handover.deploy.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Progress for people: one bar a line, drawn over itself at most five times a second, never higher than the screen. */
final class BarProgress implements Progress {
    private static final Duration REDRAW = Duration.ofMillis(200);
    private static final int BAR_CELLS = 20;

    private final PrintStream err;
    private final int width;
    private final int height;
    private final InstantSource clock;
    private final Map<String, Pace> paces = new HashMap<>();
    private Instant drawn = Instant.MIN;
    private List<String> screen = List.of();
    private List<String> pending = List.of();

    BarProgress(PrintStream err, int width, int height, InstantSource clock) {
        this.err = err;
        this.width = width;
        this.height = height;
        this.clock = clock;
    }

    @Override
    public void show(String headline, List<Bar> bars) {
        Instant now = clock.instant();
        bars.forEach(
                bar -> paces.computeIfAbsent(bar.name(), name -> new Pace(now)).add(now, bar.done()));
        pending = lines(headline, bars, now);
        if (drawn.equals(Instant.MIN) || Duration.between(drawn, now).compareTo(REDRAW) >= 0) {
            drawn = now;
            draw();
        }
    }

    @Override
    public void say(String line) {
        erase();
        err.println(Output.printable(line));
        screen = List.of();
        draw();
    }

    @Override
    public void close() {
        draw();
    }

    private void draw() {
        erase();
        pending.forEach(err::println);
        screen = pending;
        err.flush();
    }

    private void erase() {
        if (!screen.isEmpty()) {
            // cursor up to the first line that was drawn, then clear to the end of the screen
            err.print("\u001b[" + screen.size() + "A\r\u001b[J");
        }
    }

    // one line of the screen stays free for the cursor
    private List<String> lines(String headline, List<Bar> bars, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(cut(Output.printable(headline)));
        int room = Math.max(1, height - 3);
        int names = bars.stream().mapToInt(bar -> bar.name().length()).max().orElse(0);
        int nameWidth = Math.min(names, Math.max(10, width / 3));
        bars.stream().limit(room).forEach(bar -> lines.add(cut(line(bar, nameWidth, now))));
        if (bars.size() > room) {
            lines.add(cut("... " + (bars.size() - room) + " more"));
        }
        return List.copyOf(lines);
    }

    private String line(Bar bar, int nameWidth, Instant now) {
        Pace pace = paces.computeIfAbsent(bar.name(), name -> new Pace(now));
        String name = Output.printable(bar.name());
        String shown = name.length() > nameWidth ? name.substring(0, nameWidth - 1) + "…" : name;
        int full = (int) Math.round(bar.share() * BAR_CELLS);
        String cells = bar.total().isEmpty() ? " ".repeat(BAR_CELLS) : "█".repeat(full) + "░".repeat(BAR_CELLS - full);
        String share = bar.total().isEmpty() ? "" : String.format(Locale.ROOT, "%.0f%%", 100 * bar.share());
        String left =
                pace.left(now, bar).map(span -> "  eta " + Pace.brief(span)).orElse("");
        return String.format(
                        Locale.ROOT,
                        "%-" + Math.max(1, nameWidth) + "s %s %4s%s  %d",
                        shown,
                        cells,
                        share,
                        bar.estimated() ? "~" : " ",
                        bar.done())
                + (pace.perSecond() > 0 ? "  " + pace.perSecond() + "/s" : "") + left + "  "
                + Output.printable(bar.state());
    }

    private String cut(String line) {
        return line.length() < width ? line : line.substring(0, Math.max(1, width - 1));
    }
}
