package dev.handover.deploy.cli;

import dev.handover.deploy.config.Advice;
import dev.handover.deploy.config.Maps;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.SinkConfig;
import dev.handover.deploy.config.SourceConfig;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code handover validate}: checks the pipeline file, without touching the world unless asked to. */
@Command(
        name = "validate",
        description = {
            "Check the pipeline file: keys, values and names, all errors at once, offline.",
            "Where the schemas of the sources are recorded, every mapping's types are checked against them too."
        },
        footer = {
            "  handover validate                        ./pipeline.yaml",
            "  handover validate -c pas.yaml -o json    for an editor or a build",
            "  handover validate --live                 types too, against the sources themselves, and mapping versions"
        })
final class ValidateCommand implements dev.handover.deploy.cli.Command {
    private static final String LIVE = "live";

    @Mixin
    private final Schemas schemas = new Schemas();

    /** The document's data; {@code schemas} is where types were checked against, {@code live}, a file, or empty. */
    record Validation(
            String file, String pipeline, List<String> sources, int tables, List<String> sinks, String schemas) {}

    @Override
    public Answer run(Session session) {
        Optional<Schemas.From> from = schemas.wished(session);
        PipelineConfig pipeline = from.map(given -> PipelineFile.read(session.configFile(), given.schemas()))
                .orElseGet(session::pipeline);
        Maps.read(pipeline);
        Optional<String> unasked = from.filter(given -> given.place().equals(LIVE))
                .flatMap(given -> Pipelines.refuseVersions(session, Pipelines.assembly(session)));
        var data = new Validation(
                session.configFile().toString(),
                pipeline.metadata().name(),
                pipeline.sources().stream().map(SourceConfig::name).toList(),
                pipeline.tables().size(),
                pipeline.sinks().stream().map(SinkConfig::name).toList(),
                from.map(Schemas.From::place).orElse(""));
        Answer answer = Answer.of("Validation", data)
                .lines(data.file() + " is valid: pipeline " + data.pipeline() + ", "
                        + count(data.sources().size(), "source") + ", " + count(data.tables(), "mapped table") + ", "
                        + count(data.sinks().size(), "sink")
                        + from.map(given ->
                                        "; types fit " + (given.place().equals(LIVE) ? "the sources" : given.place()))
                                .orElse(""));
        if (from.isEmpty() && data.tables() > 0) {
            answer = answer.next("handover schema record", "then types are checked too, offline");
        }
        if (unasked.isPresent()) {
            answer = answer.warn(unasked.get());
        }
        for (String advice : Advice.of(pipeline)) {
            answer = answer.warn(advice);
        }
        return answer;
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
