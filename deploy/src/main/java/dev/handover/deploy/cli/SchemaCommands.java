package dev.handover.deploy.cli;

import dev.handover.deploy.config.SourceSchemas;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.SchemaRecord;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands about the schemas of the sources. */
final class SchemaCommands {
    private SchemaCommands() {}

    static List<dev.handover.deploy.cli.Command> all() {
        return List.of(new RecordAll());
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
}
