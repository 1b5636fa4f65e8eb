package dev.handover.deploy.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Progress for logs: a line for each bar every 30 seconds, and one whenever its state changes. */
final class LineProgress implements Progress {
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final PrintStream err;
    private final InstantSource clock;
    private final Map<String, Shown> shown = new HashMap<>();

    private record Shown(String state, Instant at, Pace pace) {}

    LineProgress(PrintStream err, InstantSource clock) {
        this.err = err;
        this.clock = clock;
    }

    @Override
    public void show(String headline, List<Bar> bars) {
        Instant now = clock.instant();
        for (Bar bar : bars) {
            Shown last = shown.get(bar.name());
            Pace pace = last == null ? new Pace(now) : last.pace();
            pace.add(now, bar.done());
            if (last == null
                    || !last.state().equals(bar.state())
                    || Duration.between(last.at(), now).compareTo(EVERY) >= 0) {
                err.println(line(bar, pace, now));
                shown.put(bar.name(), new Shown(bar.state(), now, pace));
            }
        }
        err.flush();
    }

    @Override
    public void say(String line) {
        err.println(Output.printable(line));
        err.flush();
    }

    @Override
    public void close() {
        err.flush();
    }

    private static String line(Bar bar, Pace pace, Instant now) {
        StringBuilder line = new StringBuilder(Output.printable(bar.name()) + ": " + bar.done());
        bar.total().ifPresent(total -> line.append("/")
                .append(bar.estimated() ? "~" : "")
                .append(total)
                .append(String.format(Locale.ROOT, " %.1f%%", 100 * bar.share())));
        if (pace.perSecond() > 0) {
            line.append("; rate ").append(pace.perSecond()).append("/s");
        }
        line.append("; State: ").append(Output.printable(bar.state()));
        pace.left(now, bar).ifPresent(left -> line.append("; ETA ").append(Pace.brief(left)));
        return line.toString();
    }
}
