package dev.handover.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.Samples;
import dev.handover.deploy.config.SourceConfig;
import org.junit.jupiter.api.Test;

class BenchFileTest {
    @Test
    void itHasTheServersOfTheUserAndNamesOfItsOwn() {
        PipelineConfig user = PipelineFile.parse("user", sample("every-key.yaml"));

        PipelineConfig bench = PipelineFile.parse(
                "bench",
                BenchFile.of(sample("every-key.yaml"), user.sources().get(0).name()));

        assertThat(bench.metadata().name()).isEqualTo(user.metadata().name() + "-bench");
        assertThat(bench.topicPrefix()).isEqualTo(user.topicPrefix() + "-bench");
        assertThat(bench.tables()).isEmpty();
        assertThat(bench.rules()).isEmpty();
        assertThat(bench.targetSchema()).isEmpty();
        assertThat(bench.sinks()).isEqualTo(user.sinks());
        assertThat(bench.kafka().bootstrap()).isEqualTo(user.kafka().bootstrap());
        assertThat(bench.kafka().security()).isEqualTo(user.kafka().security());
        assertThat(bench.kafka().topics().partitions())
                .isEqualTo(user.kafka().topics().partitions());
        assertThat(bench.registry()).isEqualTo(user.registry());
        SourceConfig source = bench.sources().get(0);
        assertThat(bench.sources()).hasSize(1);
        assertThat(source.host()).isEqualTo(user.sources().get(0).host());
        assertThat(source.password()).isEqualTo(user.sources().get(0).password());
        assertThat(source.include()).containsExactly("handover_bench.*");
        assertThat(source.exclude()).isEmpty();
        assertThat(source.postgres().slot()).contains("handover_bench");
        assertThat(source.postgres().publication()).contains("handover_bench");
    }

    @Test
    void aLongNameIsCut() {
        String user = sample("smallest.yaml").replace("st-elsewhere", "a-name-of-forty-characters-in-all-000000");

        PipelineConfig bench = PipelineFile.parse("bench", BenchFile.of(user, "pas"));

        assertThat(bench.metadata().name())
                .isEqualTo("a-name-of-forty-characters-in-all--bench")
                .hasSize(40);
    }

    private static String sample(String name) {
        return Samples.resource("/dev/handover/deploy/config/" + name);
    }
}
