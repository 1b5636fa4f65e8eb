package dev.handover.deploy.cli;

import dev.handover.deploy.config.SourceSchemas;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.SchemaRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command takes the schemas of the sources from. Filled by the parser. */
final class Schemas {
    @Option(names = "--live", description = "ask the sources, whether or not their schemas are recorded")
    private boolean live;

    @Option(
            names = "--schemas",
            paramLabel = "FILE",
            description = "a record of schemas; default the pipeline file's name and .schemas.json, if it is there")
    private @Nullable Path file;

    /** Schemas, and where they are from: {@code live}, or a file. */
    record From(SourceSchemas schemas, String place) {}

    /** Asked where that is wished, else recorded; absent where nothing is recorded. */
    Optional<From> wished(Session session) {
        if (live) {
            return Optional.of(asked(Pipelines.assembly(session)));
        }
        Path beside = SchemaRecord.beside(session.configFile());
        Path named = file;
        if (named == null && !Files.exists(beside)) {
            return Optional.empty();
        }
        Path from = named == null ? beside : named;
        return Optional.of(new From(SchemaRecord.read(from), from.toString()));
    }

    /** As wished, else asked. */
    From any(Session session) {
        return wished(session).orElseGet(() -> asked(Pipelines.assembly(session)));
    }

    private static From asked(Assembly assembly) {
        return new From(SchemaRecord.live(assembly), "live");
    }
}
