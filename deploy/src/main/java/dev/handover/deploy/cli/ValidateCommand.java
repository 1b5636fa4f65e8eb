package dev.handover.deploy.cli;

import dev.handover.deploy.config.Advice;
import dev.handover.deploy.config.Maps;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.SinkConfig;
import dev.handover.deploy.config.SourceConfig;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code handover validate}: checks the pipeline file, and with {@code --live} its mappings against the sources. */
@Command(
        name = "validate",
        description = "Check the pipeline file: keys, values and names, all errors at once, offline.",
        footer = {
            "  handover validate                        ./pipeline.yaml",
            "  handover validate -c pas.yaml -o json    for an editor or a build",
            "  handover validate --live                 and every mapping against the sources' columns"
        })
final class ValidateCommand implements dev.handover.deploy.cli.Command {
    @Option(names = "--live", description = "read the sources' catalogs, and check every mapping against them")
    private boolean live;

    /** The document's data. */
    record Validation(String file, String pipeline, List<String> sources, int tables, List<String> sinks) {}

    @Override
    public Answer run(Session session) {
        PipelineConfig pipeline = session.pipeline();
        if (live) {
            PipelineFile.refuse(
                    session.configFile(), Pipelines.assembly(session).misfits());
        } else {
            Maps.read(pipeline);
        }
        var data = new Validation(
                session.configFile().toString(),
                pipeline.metadata().name(),
                pipeline.sources().stream().map(SourceConfig::name).toList(),
                pipeline.tables().size(),
                pipeline.sinks().stream().map(SinkConfig::name).toList());
        Answer answer = Answer.of("Validation", data)
                .lines(data.file() + " is valid: pipeline " + data.pipeline() + ", "
                        + count(data.sources().size(), "source") + ", " + count(data.tables(), "mapped table") + ", "
                        + count(data.sinks().size(), "sink"));
        for (String advice : Advice.of(pipeline)) {
            answer = answer.warn(advice);
        }
        return answer;
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
