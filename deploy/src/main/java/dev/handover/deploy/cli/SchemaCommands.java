package dev.handover.deploy.cli;

import dev.handover.deploy.config.SourceSchemas;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.SchemaDrift;
import dev.handover.deploy.pipeline.SchemaRecord;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands about the schemas of the sources. */
final class SchemaCommands {
    private SchemaCommands() {}

    static List<dev.handover.deploy.cli.Command> all() {
        return List.of(new RecordAll(), new Diff(), new Check());
    }

    /** {@code handover schema record}. */
    @Command(
            name = "record",
            description = {
                "Write the schemas of the sources beside the pipeline file, so that mappings are checked offline.",
                "The record holds names and types of columns and nothing of any row; keep it with the pipeline file."
            },
            footer = {
                "  handover schema record                       pipeline.yaml.schemas.json",
                "  handover schema record --out schemas.json    somewhere else"
            })
    private static final class RecordAll implements dev.handover.deploy.cli.Command {
        @Option(
                names = "--out",
                paramLabel = "FILE",
                description = "where to write it; default the pipeline file's name and .schemas.json")
        private @Nullable Path out;

        @Override
        public Answer run(Session session) {
            Assembly assembly = Pipelines.assembly(session);
            Path file = Optional.ofNullable(out).orElseGet(() -> SchemaRecord.beside(session.configFile()));
            SourceSchemas schemas = SchemaRecord.live(assembly);
            boolean changed = write(file, SchemaRecord.text(schemas));
            return answer(file.toString(), schemas, changed);
        }

        /** @return whether the file is another than before */
        private static boolean write(Path file, String text) {
            try {
                if (Files.exists(file) && Files.readString(file).equals(text)) {
                    return false;
                }
                Path whole = file.resolveSibling(file.getFileName() + ".new");
                Files.writeString(whole, text);
                Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                return true;
            } catch (IOException e) {
                throw Fault.causedBy(
                        e,
                        ExitCode.FAILED,
                        "schemas-unwritable",
                        file + " can't be written",
                        "name a place that this user may write with --out");
            }
        }
    }

    /** The document's data. */
    record Recorded(String file, boolean changed, List<String> sources, int tables, int refused) {}

    static Answer answer(String file, SourceSchemas schemas, boolean changed) {
        Answer answer = Answer.of(
                        "SchemaRecord",
                        new Recorded(
                                file,
                                changed,
                                List.copyOf(schemas.sources()),
                                schemas.tables().size(),
                                schemas.refused().size()))
                .lines(file
                        + (changed ? ": " : " is as it was: ")
                        + schemas.tables().size()
                        + (schemas.tables().size() == 1 ? " table of " : " tables of ")
                        + String.join(", ", schemas.sources()));
        for (var refused : schemas.refused().entrySet()) {
            answer = answer.warn("refused: " + refused.getValue());
        }
        return answer.next("handover validate", "the mappings are checked against it, offline");
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
