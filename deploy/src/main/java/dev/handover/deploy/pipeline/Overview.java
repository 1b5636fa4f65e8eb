package dev.handover.deploy.pipeline;

import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import dev.handover.reconciler.tap.TapReport;
import dev.handover.reconciler.watch.WatchLedger;
import dev.handover.sink.batch.FindingLimits.Breach;
import dev.handover.sink.batch.FindingLimits.Severity;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.sink.postgres.FindingLedger;
import dev.handover.sink.postgres.TargetDatabase;
import dev.handover.sink.postgres.TargetStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A pipeline at one moment, as far as its target knows.
 *
 * @param started whether a sink has ever worked on the target; without it all else is empty
 * @param lag of the changes that were applied within {@link #LAG_WINDOW}
 * @param appliedAt the source's time up to which every table is applied; empty before the first mark
 * @param lastRun the last comparison
 * @param findings what mappings did not understand so far, and what their rules left out
 * @param breaches findings beyond the limits of the file
 * @param taps what second readers of the sources' logs found
 * @param watched the last look at each target table's rows against what was applied
 */
public record Overview(
        String pipeline,
        Instant at,
        boolean started,
        List<Table> tables,
        long deadOpen,
        TargetStatus.Lag lag,
        Optional<Instant> appliedAt,
        Optional<Run> lastRun,
        FindingLedger findings,
        List<Breach> breaches,
        List<TapReport> taps,
        List<WatchLedger.Entry> watched) {
    /** What lags are taken over. */
    public static final Duration LAG_WINDOW = Duration.ofMinutes(1);

    /** After this long a verdict no longer says much about a database that is worked on. */
    private static final Duration VERDICT_AGE_MAX = Duration.ofHours(1);

    public Overview {
        tables = List.copyOf(tables);
        breaches = List.copyOf(breaches);
        taps = List.copyOf(taps);
        watched = List.copyOf(watched);
    }

    /**
     * A table.
     *
     * @param verified the verdict on it of the last comparison, empty where it took no part in one
     */
    public record Table(TargetStatus.Table status, Optional<Verdict> verified) {
        /**
         * How far its load is: {@code waiting}, {@code loading}, {@code loaded}, or {@code parked}: it stands still.
         */
        public String load() {
            if (status.parked().isPresent()) {
                return "parked";
            }
            if (status.loaded()) {
                return "loaded";
            }
            return status.rows() > 0 || status.counts().changes() > 0 ? "loading" : "waiting";
        }
    }

    /** The last comparison. */
    public record Run(String name, Verdict verdict, Instant finishedAt) {}

    /** What to do next, and why. */
    public record Next(String command, String reason) {}

    /** Reads it. @throws dev.handover.fault.Fault when the target does not answer */
    public static Overview read(Assembly assembly) {
        TargetDatabase target = assembly.target();
        String name = assembly.pipeline().metadata().name();
        Instant now = assembly.clock().instant();
        if (!ControlTables.present(target)) {
            return notStarted(name, now);
        }
        TargetStatus status = TargetStatus.read(target, assembly.clock(), LAG_WINDOW);
        FindingLedger findings = FindingLedger.read(target);
        Optional<RunReport> report = new Comparison(assembly).runs().show("last");
        List<Table> tables = status.tables().stream()
                .map(table -> new Table(table, report.flatMap(run -> verdict(run, table.name()))))
                .toList();
        return new Overview(
                name,
                now,
                true,
                tables,
                status.deadOpen(),
                status.lag(),
                status.tables().stream()
                        .flatMap(table -> table.committedAt().stream())
                        .min(Instant::compareTo),
                report.map(run -> new Run(run.run(), run.verdict(), Instant.parse(run.finishedAt()))),
                findings,
                assembly.findingLimits().breaches(findings.totals()),
                new Taps(assembly).reports(),
                assembly.watched());
    }

    /** Of a pipeline whose target no sink has worked on. */
    public static Overview notStarted(String pipeline, Instant at) {
        return new Overview(
                pipeline,
                at,
                false,
                List.of(),
                0,
                new TargetStatus.Lag(0, 0, 0),
                Optional.empty(),
                Optional.empty(),
                FindingLedger.EMPTY,
                List.of(),
                List.of(),
                List.of());
    }

    /** Whether rows of the target were last seen not to be what was applied. */
    public boolean tampered() {
        return watched.stream()
                .anyMatch(entry -> entry.last().tampered() || entry.round().found() > 0);
    }

    /** What was found in the rows of a target table, under the newest version of each of its mappings. */
    public List<FindingLedger.Entry> findings(String table) {
        return findings.newest().stream()
                .filter(entry -> entry.total().of().table().shortText().equals(table))
                .toList();
    }

    /** How many changes of a target table rules left out. */
    public long filtered(String table) {
        return findings.filtered().entrySet().stream()
                .filter(entry -> entry.getKey().table().shortText().equals(table))
                .mapToLong(java.util.Map.Entry::getValue)
                .sum();
    }

    /** How often anything was found, under the newest version of each mapping. */
    public long found() {
        return findings.newest().stream()
                .mapToLong(entry -> entry.total().count())
                .sum();
    }

    private static Optional<Verdict> verdict(RunReport run, String table) {
        return run.tables().stream()
                .filter(each -> each.targetTable().equals(table))
                .map(TableReport::verdict)
                .findFirst();
    }

    /** Tables with their load behind them. */
    public long loaded() {
        return tables.stream().filter(table -> table.status().loaded()).count();
    }

    /** In a word: {@code not started}, {@code loading} or {@code streaming}. */
    public String phase() {
        if (!started || tables.isEmpty()) {
            return "not started";
        }
        return loaded() < tables.size() ? "loading" : "streaming";
    }

    /** What makes sense now: never anything destructive, and nothing at all after a mismatch. */
    public List<Next> next() {
        List<Next> next = new ArrayList<>();
        if (tampered() || lastRun.isPresent() && lastRun.get().verdict() == Verdict.DIVERGED) {
            return next;
        }
        breaches.stream()
                .filter(breach -> breach.severity() == Severity.STOP)
                .findFirst()
                .ifPresent(breach -> next.add(new Next(
                        "handover mapping explain "
                                + breach.total().of().table().shortText() + "."
                                + breach.total().of().column(),
                        "its findings are beyond the limit that stops the sink")));
        if (!next.isEmpty()) {
            return next;
        }
        if (!started || tables.isEmpty()) {
            next.add(new Next("handover doctor", "see that everything is ready, then: handover run"));
        } else if (loaded() < tables.size()) {
            next.add(new Next("handover status --watch", "the load goes on"));
        } else if (tables.stream().anyMatch(table -> table.status().parked().isPresent())) {
            next.add(new Next("handover schema diff", "a table is parked because its schema changed"));
        } else if (deadOpen > 0) {
            next.add(new Next(
                    "handover dlq list",
                    String.format(Locale.ROOT, "%,d dead letters are open; they are part of every verdict", deadOpen)));
        } else if (tables.stream().noneMatch(table -> table.status().constrained())) {
            next.add(new Next(
                    "handover tables constrain --dry-run", "defaults, indexes and foreign keys are not there"));
        } else if (lastRun.isEmpty()) {
            next.add(new Next("handover recon run", "nothing was compared yet"));
        } else if (lastRun.get().verdict() == Verdict.UNDETERMINED) {
            next.add(new Next("handover recon run", "the last comparison could not judge everything"));
        } else if (Duration.between(lastRun.get().finishedAt(), at).compareTo(VERDICT_AGE_MAX) > 0) {
            next.add(new Next("handover recon run", "the last comparison is old"));
        }
        return next;
    }
}
