package dev.handover.deploy.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.handover.deploy.config.ConfigSchema;
import picocli.CommandLine.Command;

/** {@code handover config schema}: the pipeline file's JSON schema, for editors. */
@Command(
        name = "schema",
        description = "Print the JSON schema of the pipeline file, for completion and checks in an editor.",
        footer = {
            "  handover config schema > pipeline-v1.json",
            "  then begin the pipeline file with  # yaml-language-server: $$schema=pipeline-v1.json"
        })
final class ConfigSchemaCommand implements dev.handover.deploy.cli.Command {
    @Override
    public Answer run(Session session) {
        ObjectNode schema = ConfigSchema.json();
        return Answer.of("ConfigSchema", schema).lines(schema.toPrettyString().split("\\R", -1));
    }
}
