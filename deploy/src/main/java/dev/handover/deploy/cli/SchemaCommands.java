package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.SchemaDrift;
import dev.handover.fault.ExitCode;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** The commands about schemas of the sources that are no longer what they were. */
final class SchemaCommands {
    private SchemaCommands() {}

    static List<dev.handover.deploy.cli.Command> all() {
        return List.of(new Diff(), new Check());
    }

    /** {@code handover schema diff}. */
    @Command(
            name = "diff",
            description = {
                "Compare the schemas that capture follows with those that the sources have now.",
                "A change shows here as soon as it is made, before a row under it is captured."
            },
            footer = {
                "  handover schema diff             exit 3 when any table changed, came or went",
                "  handover schema diff -o json     as a document"
            })
    private static final class Diff implements dev.handover.deploy.cli.Command {
        @Override
        public Answer run(Session session) {
            SchemaDrift drift = SchemaDrift.read(Pipelines.assembly(session));
            Answer answer = answer(drift);
            return drift.tables().isEmpty() ? answer : answer.exit(ExitCode.NO);
        }
    }

    /** {@code handover schema check}. */
    @Command(
            name = "check",
            description = "The same, for a script: only what parks a table, or will, is a failure.",
            footer = {"  handover schema check            exit 3 when a table is parked or its next change parks it"})
    private static final class Check implements dev.handover.deploy.cli.Command {
        @Override
        public Answer run(Session session) {
            SchemaDrift drift = SchemaDrift.read(Pipelines.assembly(session));
            return drift.stands() ? answer(drift).exit(ExitCode.NO) : answer(drift);
        }
    }

    /** The document's data. */
    record Drift(int compared, List<Drifted> tables) {}

    /** One table that changed; {@code fate} is followed, new, gone, parks or parked. */
    record Drifted(String table, String policy, String fate, String what, String remedy) {
        static Drifted of(SchemaDrift.Table table) {
            return new Drifted(
                    table.table().text(),
                    table.policy().name().toLowerCase(Locale.ROOT),
                    table.fate().code(),
                    table.what(),
                    table.remedy());
        }
    }

    static Answer answer(SchemaDrift drift) {
        List<Drifted> tables = drift.tables().stream().map(Drifted::of).toList();
        Answer answer = Answer.of("SchemaDrift", new Drift(drift.compared(), tables));
        if (tables.isEmpty()) {
            return answer.lines(
                    drift.compared() == 0
                            ? "nothing is captured yet"
                            : "no drift: " + drift.compared() + " tables are as they were");
        }
        answer = answer.grid(
                List.of("TABLE", "POLICY", "BECOMES", "WHAT CHANGED"),
                tables.stream()
                        .map(table -> List.of(table.table(), table.policy(), table.fate(), table.what()))
                        .toList());
        for (Drifted table : tables) {
            if (!table.remedy().isEmpty()) {
                answer = answer.warn(table.table() + " " + table.fate() + ": " + table.remedy());
            }
        }
        return answer;
    }
}
