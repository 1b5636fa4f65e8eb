package dev.handover.deploy.cli;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.Runs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code handover recon history}: what was found before, and since when a table differs. */
@Command(
        name = "history",
        description = "List the comparisons that are kept, newest first; of one table, since when it differs.",
        footer = {
            "  handover recon history                              the last 20 runs",
            "  handover recon history --table clinical.patient     when did it begin to differ?",
            "  handover recon history --limit 200 -o json"
        })
final class ReconHistoryCommand implements dev.handover.deploy.cli.Command {
    private static final int LIMIT_MAX = 10_000;

    @Option(names = "--table", paramLabel = "TABLE", description = "only this target table, schema.table")
    private String table = "";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "how many to list; default 20")
    private int limit = 20;

    /** The document's data, of one table; {@code differsSince} is null where it does not differ. */
    record OfTable(String table, List<Runs.TableLine> runs, Runs.@Nullable Onset differsSince) {}

    @Override
    public Answer run(Session session) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw Fault.of(ExitCode.USAGE, "usage", "--limit is 1 to " + LIMIT_MAX, "write it as --limit 100");
        }
        Runs runs = ReconCommands.comparison(session).runs();
        return table.isEmpty()
                ? answer(runs.history(limit))
                : answer(table, runs.history(table, limit), runs.onset(table));
    }

    static Answer answer(List<Runs.Line> runs) {
        return Answer.of("ReconHistory", Map.of("runs", runs))
                .grid(
                        List.of(
                                "RUN",
                                "STARTED",
                                "SECONDS",
                                "SCOPE",
                                "VERDICT",
                                "TABLES",
                                "ROWS",
                                "MISSING",
                                "EXTRANEOUS",
                                "STALE",
                                "DIFFERENT",
                                "IN-FLIGHT",
                                "NOT-VERIFIED"),
                        runs.stream()
                                .map(run -> List.of(
                                        run.run(),
                                        run.startedAt(),
                                        run.seconds().toPlainString(),
                                        run.scope(),
                                        run.verdict(),
                                        Long.toString(run.tables()),
                                        Long.toString(run.rows()),
                                        Long.toString(run.divergences().missing()),
                                        Long.toString(run.divergences().extraneous()),
                                        Long.toString(run.divergences().stale()),
                                        Long.toString(run.divergences().different()),
                                        Long.toString(run.inFlight()),
                                        Long.toString(run.tablesNotVerified())))
                                .toList());
    }

    /** @throws Fault {@code table-unknown} where no run that is kept compared the table */
    static Answer answer(String table, List<Runs.TableLine> runs, Optional<Runs.Onset> onset) {
        if (runs.isEmpty()) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "table-unknown",
                    "no run that is kept compared table " + table,
                    "write it as schema.table of the target; the tables are listed by: handover tables");
        }
        return Answer.of("ReconTableHistory", new OfTable(table, runs, onset.orElse(null)))
                .grid(
                        List.of(
                                "RUN",
                                "STARTED",
                                "FROM",
                                "VERDICT",
                                "SOURCE",
                                "TARGET",
                                "MISSING",
                                "EXTRANEOUS",
                                "STALE",
                                "DIFFERENT",
                                "IN-FLIGHT"),
                        runs.stream()
                                .map(run -> List.of(
                                        run.run(),
                                        run.startedAt(),
                                        run.sourceTable(),
                                        run.verdict(),
                                        Long.toString(run.sourceRows()),
                                        Long.toString(run.targetRows()),
                                        Long.toString(run.divergences().missing()),
                                        Long.toString(run.divergences().extraneous()),
                                        Long.toString(run.divergences().stale()),
                                        Long.toString(run.divergences().different()),
                                        Long.toString(run.inFlight())))
                                .toList())
                .lines(onset.map(ReconHistoryCommand::words)
                        .orElse(
                                runs.get(0).verdict().equals("converged")
                                        ? "converged in run " + runs.get(0).run()
                                        : "no difference is proved"));
    }

    private static String words(Runs.Onset onset) {
        return "differs since run " + onset.run() + ", of " + onset.startedAt()
                + (onset.converged().isEmpty()
                        ? "; no run before it found the table converged"
                        : "; converged last in run " + onset.converged());
    }
}
