package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.Overview;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.Verdict;
import dev.handover.reconciler.tap.TapReport;
import dev.handover.reconciler.watch.WatchLedger;
import dev.handover.sink.batch.Counts;
import dev.handover.sink.batch.FindingLimits.Breach;
import dev.handover.sink.batch.FindingLimits.Severity;
import dev.handover.sink.batch.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code handover status}: one screen, whose last line says what to do next. */
@Command(
        name = "status",
        description = "Show how far every table is, how late changes arrive, and what to do next.",
        footer = {
            "  handover status                        once",
            "  handover status --watch                again every 2 s, until Ctrl-C",
            "  handover status --watch --timeout 5m   for so long, then exit 6"
        })
final class StatusCommand implements dev.handover.deploy.cli.Command {
    private static final long REDRAW_MILLIS = 2_000;
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Option(names = "--watch", description = "again every 2 s, until interrupted or for the --timeout")
    private boolean watch;

    /** The document's data. Times are ISO 8601; {@code lastRun} fields are empty before the first comparison. */
    record Status(
            String pipeline,
            String at,
            String phase,
            long loaded,
            long deadLetters,
            long lagP50Millis,
            long lagP99Millis,
            long lagChanges,
            String appliedUpTo,
            String lastRun,
            String lastVerdict,
            String lastRunFinishedAt,
            long findings,
            List<TableStatus> tables,
            List<TapStatus> taps,
            List<Watched> watched) {}

    /** The last look at a target table's rows. */
    record Watched(
            String table,
            String checkedAt,
            long rows,
            List<Integer> buckets,
            String since,
            long refused,
            String failing,
            long tookMillis,
            String columnsCheckedSince,
            long altered) {}

    /** The second reader of a source's log. */
    record TapStatus(
            String source,
            String slot,
            String state,
            String detail,
            String logPosition,
            String verified,
            String verifiedAt,
            long tables,
            List<String> waiting,
            long transactions,
            long changes,
            long byKey,
            long disagreements,
            long gaps,
            String lastGap,
            String lookedAt,
            List<TapReport.Named> named) {}

    /** One table. */
    record TableStatus(
            String table,
            String source,
            String load,
            long rows,
            long inserted,
            long updated,
            long deleted,
            long stale,
            long dead,
            boolean constrained,
            String verified,
            String appliedUpTo,
            String position,
            long findings,
            long filtered,
            String parked) {}

    @Override
    public Answer run(Session session) {
        Assembly assembly = Pipelines.assembly(session);
        if (!watch) {
            return answer(Overview.read(assembly));
        }
        long endNanos = System.nanoTime()
                + session.timeout().orElse(Duration.ofDays(365)).toNanos();
        Answer last = answer(Overview.read(assembly));
        try {
            while (System.nanoTime() + REDRAW_MILLIS * 1_000_000 < endNanos) {
                draw(session, last);
                TimeUnit.MILLISECONDS.sleep(REDRAW_MILLIS);
                last = answer(Overview.read(assembly));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(e, ExitCode.FAILED, "interrupted", "watching was interrupted", "start it again");
        }
        clear(session);
        return last.exit(ExitCode.TIMED_OUT);
    }

    private static void draw(Session session, Answer answer) {
        clear(session);
        session.print(answer);
    }

    private static void clear(Session session) {
        if (session.format() == Format.TABLE && session.terminal().people().readAnswers()) {
            session.terminal().out().print(CLEAR);
        }
    }

    static Answer answer(Overview overview) {
        Answer answer = Answer.of("Status", data(overview)).lines(headline(overview));
        if (!overview.tables().isEmpty()) {
            answer = answer.grid(
                    List.of("TABLE", "LOAD", "ROWS", "APPLIED i/u/d", "STALE", "DEAD", "FOUND", "UP TO", "VERIFIED"),
                    overview.tables().stream()
                            .map(table -> line(overview, table))
                            .toList());
        }
        if (overview.started()) {
            answer = answer.lines(verdict(overview));
        }
        if (!overview.watched().isEmpty()) {
            answer = answer.lines(watched(overview));
        }
        for (WatchLedger.Entry entry : overview.watched()) {
            if (entry.round().found() > 0) {
                answer = answer.warn(
                        entry.last().table() + ": " + number(entry.round().found())
                                + " rows have other columns than were written; recon run names them");
            }
            if (!entry.failing().isEmpty()) {
                answer = answer.warn(entry.last().table() + ": cannot be watched: " + entry.failing());
            }
            if (entry.last().tampered()) {
                answer = answer.warn(entry.last().table() + ": rows are not what was applied, in "
                        + entry.last().buckets().size() + " buckets, since "
                        + entry.since().map(Instant::toString).orElse("") + "; recon run names them");
            }
        }
        for (TapReport tap : overview.taps()) {
            answer = answer.lines(tapped(overview, tap));
            for (TapReport.Named each : tap.named()) {
                answer =
                        answer.warn(each.table() + ": " + each.kind() + " in transaction " + each.transaction() + " at "
                                + each.position() + ": the log has " + each.logEvents() + " changes, the change log "
                                + each.capturedEvents());
            }
        }
        for (Overview.Table table : overview.tables()) {
            if (table.status().parked().isPresent()) {
                answer = answer.warn(table.status().name() + " parked: "
                        + table.status().parked().get());
            }
        }
        for (Breach breach : overview.breaches()) {
            answer = answer.warn(warning(breach));
        }
        for (Overview.Next next : overview.next()) {
            answer = answer.next(next.command(), next.reason());
        }
        return answer;
    }

    private static String headline(Overview overview) {
        if (!overview.started()) {
            return overview.pipeline() + "   nothing has run yet: the target has no control schema";
        }
        StringBuilder line = new StringBuilder(overview.pipeline())
                .append("   ")
                .append(overview.phase())
                .append(", ")
                .append(overview.loaded())
                .append(" of ")
                .append(overview.tables().size())
                .append(" tables loaded");
        overview.appliedAt().ifPresent(at -> line.append("   applied up to ").append(ago(at, overview.at())));
        if (overview.lag().changes() > 0) {
            line.append("   lag p50 ")
                    .append(overview.lag().p50Millis())
                    .append(" ms p99 ")
                    .append(overview.lag().p99Millis())
                    .append(" ms");
        } else {
            line.append("   no changes for ")
                    .append(Overview.LAG_WINDOW.toSeconds())
                    .append(" s");
        }
        return line.append("   dead letters ")
                .append(overview.deadOpen())
                .append("   findings ")
                .append(overview.found())
                .toString();
    }

    private static String warning(Breach breach) {
        Findings.Of of = breach.total().of();
        return of.table().shortText() + "." + of.column() + ": " + of.kind().code() + " found "
                + breach.total().count() + " times in " + breach.total().rows() + " rows, more than the limit of "
                + breach.bound().text() + (breach.severity() == Severity.STOP ? " that stops the sink" : "");
    }

    private static long found(Overview overview, Overview.Table table) {
        return overview.findings(table.status().name()).stream()
                .mapToLong(entry -> entry.total().count())
                .sum();
    }

    private static String verdict(Overview overview) {
        return overview.lastRun()
                .map(run -> "compared " + ago(run.finishedAt(), overview.at()) + ": "
                        + run.verdict().code().toUpperCase(Locale.ROOT) + "   run " + run.name())
                .orElse("never compared");
    }

    private static String watched(Overview overview) {
        long wrong = overview.watched().stream().filter(entry -> !entry.clean()).count();
        Optional<Instant> whole = overview.watched().stream()
                .flatMap(entry -> entry.round().whole().stream())
                .min(Instant::compareTo);
        Instant oldest = overview.watched().stream()
                .map(entry -> entry.last().at())
                .min(Instant::compareTo)
                .orElseThrow();
        return "watch: rows are what was applied in "
                + number(overview.watched().size() - wrong) + " of "
                + number(overview.watched().size()) + " tables, the oldest look " + ago(oldest, overview.at())
                + whole.map(begun -> ", of every column " + ago(begun, overview.at()))
                        .orElse("");
    }

    private static String tapped(Overview overview, TapReport tap) {
        String verified = tap.verifiedAt()
                .map(at -> "log and change log compared up to " + ago(at, overview.at()) + " ("
                        + tap.verified().orElse("") + ")")
                .orElse("nothing compared yet");
        return "tap " + tap.source() + ": " + verified + "   " + number(tap.transactions()) + " transactions, "
                + number(tap.events()) + " changes, " + number(tap.disagreements()) + " disagreements"
                + (tap.byKey() == 0 ? "" : ", " + number(tap.byKey()) + " by key alone")
                + (tap.waiting().isEmpty() ? "" : "   not compared: " + String.join(", ", tap.waiting()))
                + (tap.gaps() == 0 ? "" : "   left out " + number(tap.gaps()) + " times")
                + (tap.state().equals("failing") ? "   stands still: " + tap.detail() : "");
    }

    private static List<String> line(Overview overview, Overview.Table table) {
        Counts counts = table.status().counts();
        return List.of(
                table.status().name(),
                table.load(),
                number(table.status().rows()),
                number(counts.inserted()) + "/" + number(counts.updated()) + "/" + number(counts.deleted()),
                number(counts.stale()),
                number(table.status().deadOpen()),
                number(found(overview, table)),
                table.status().committedAt().map(at -> ago(at, overview.at())).orElse("-"),
                verified(overview, table));
    }

    private static String verified(Overview overview, Overview.Table table) {
        return table.verified()
                .flatMap(verdict ->
                        overview.lastRun().map(run -> verdict.code() + " " + ago(run.finishedAt(), overview.at())))
                .orElse("never");
    }

    private static Status data(Overview overview) {
        Optional<Overview.Run> run = overview.lastRun();
        return new Status(
                overview.pipeline(),
                overview.at().toString(),
                overview.phase(),
                overview.loaded(),
                overview.deadOpen(),
                overview.lag().p50Millis(),
                overview.lag().p99Millis(),
                overview.lag().changes(),
                overview.appliedAt().map(Instant::toString).orElse(""),
                run.map(Overview.Run::name).orElse(""),
                run.map(Overview.Run::verdict).map(Verdict::code).orElse(""),
                run.map(Overview.Run::finishedAt).map(Instant::toString).orElse(""),
                overview.found(),
                overview.tables().stream().map(table -> data(overview, table)).toList(),
                overview.taps().stream().map(StatusCommand::data).toList(),
                overview.watched().stream()
                        .map(entry -> new Watched(
                                entry.last().table(),
                                entry.last().at().toString(),
                                entry.last().rows(),
                                entry.last().buckets(),
                                entry.since().map(Instant::toString).orElse(""),
                                entry.last().refused(),
                                entry.failing(),
                                entry.last().tookMillis(),
                                entry.round().whole().map(Instant::toString).orElse(""),
                                entry.round().found()))
                        .toList());
    }

    private static TapStatus data(TapReport tap) {
        return new TapStatus(
                tap.source(),
                tap.slot(),
                tap.state(),
                tap.detail(),
                tap.logPosition(),
                tap.verified().orElse(""),
                tap.verifiedAt().map(Instant::toString).orElse(""),
                tap.tables(),
                tap.waiting(),
                tap.transactions(),
                tap.events(),
                tap.byKey(),
                tap.disagreements(),
                tap.gaps(),
                tap.lastGap(),
                tap.lookedAt().toString(),
                tap.named());
    }

    private static TableStatus data(Overview overview, Overview.Table table) {
        Counts counts = table.status().counts();
        return new TableStatus(
                table.status().name(),
                table.status().source(),
                table.load(),
                table.status().rows(),
                counts.inserted(),
                counts.updated(),
                counts.deleted(),
                counts.stale(),
                table.status().deadOpen(),
                table.status().constrained(),
                table.verified().map(Verdict::code).orElse(""),
                table.status().committedAt().map(Instant::toString).orElse(""),
                table.status().position().orElse(""),
                found(overview, table),
                overview.filtered(table.status().name()),
                table.status().parked().orElse(""));
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }

    /** An age for people: {@code 4 s ago}, {@code 3 m ago}. */
    static String ago(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        if (age.isNegative()) {
            return "0 s ago";
        }
        if (age.toMinutes() < 2) {
            return age.toSeconds() + " s ago";
        }
        if (age.toHours() < 2) {
            return age.toMinutes() + " m ago";
        }
        return age.toDays() < 2 ? age.toHours() + " h ago" : age.toDays() + " d ago";
    }
}
