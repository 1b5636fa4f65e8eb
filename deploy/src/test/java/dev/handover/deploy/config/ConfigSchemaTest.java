package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The printed schema and the reader agree, as judged by a validator that neither of them knows. */
final class ConfigSchemaTest {
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ConfigSchema.json().toString(), InputFormat.JSON);

    @ParameterizedTest
    @ValueSource(strings = {"smallest.yaml", "every-key.yaml"})
    void theSchemaAcceptsWhatTheReaderAccepts(String file) {
        assertThat(errors(Samples.text(file))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: st-elsewhere} -> {name: st-elsewhere, ownr: x}",
                "{name: st-elsewhere} -> {name: St_Elsewhere}",
                "{name: st-elsewhere} -> {}",
                "kind: postgres, host -> kind: postgress, host",
                "host: localhost -> host: 5",
                "\"${dir:/run/secrets:pas}\" -> hunter2",
                "\"${dir:/run/secrets:pas}\" -> \"${aws:pas}\"",
                "user: handover -> user: handover, port: 70000",
                "user: handover -> user: handover, postgres: {heartbeat: 5}",
                "user: handover -> user: handover, postgres: {maxRetainedWal: 5GB}",
                "apiVersion: handover/v1 -> apiVersion: handover/v2",
                "bootstrap: [\"localhost:9092\"] -> bootstrap: []",
                "bootstrap: [\"localhost:9092\"] -> bootstrap: [\"localhost:9092\"], topics: {partitions: many}",
                "url: \"http://localhost:8081\" -> url: localhost",
                "url: \"http://localhost:8081\" -> url: \"http://localhost:8081\", compatibility: NONE",
            })
    void bothRefuseTheSameMistakes(String change) {
        String[] parts = change.split(" -> ", 2);
        String text = Samples.text("smallest.yaml").replace(parts[0], parts[1]);

        assertThat(text).as("the change applies").isNotEqualTo(Samples.text("smallest.yaml"));
        assertThat(errors(text)).as("schema").isNotEmpty();
        assertThat(isRefused(text)).as("reader").isTrue();
    }

    @Test
    void everyKeyIsExplained() {
        assertThat(ConfigReference.entries()).allSatisfy(entry -> assertThat(entry.meaning())
                .as(entry.path())
                .isNotBlank()
                .doesNotEndWith("."));
    }

    private static boolean isRefused(String text) {
        try {
            PipelineFile.parse("p", text);
            return false;
        } catch (InvalidPipeline invalid) {
            return true;
        }
    }

    private static List<?> errors(String yaml) {
        return SCHEMA.validate(yaml, InputFormat.YAML);
    }
}
