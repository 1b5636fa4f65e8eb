package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code handover demo} as a user types it, in a process of its own: what it prints and how it exits. */
class DemoIT {
    private static final int MINUTES_MAX = 8;
    private static final Set<String> FIGURES =
            Set.of("tables", "rows", "changes", "stale", "deadLetters", "divergences", "lagP50Millis", "lagP99Millis");

    @ParameterizedTest
    @CsvSource({"postgres, kill-sink", "mariadb, kill-capture"})
    void itEndsConvergedAndSaysSo(String engine, String fault, @TempDir Path directory) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");

        int status = demo(directory.resolve("demo"), engine, fault, out, err);

        assertThat(status).as(Files.readString(err)).isZero();
        JsonNode document = last(out);
        assertThat(document.path("apiVersion").asText()).isEqualTo("handover/v1");
        assertThat(document.path("kind").asText()).isEqualTo("Demo");
        JsonNode data = document.path("data");
        assertThat(data.path("verdict").asText()).isEqualTo("converged");
        Set<String> numbers = new TreeSet<>();
        FIGURES.stream().filter(name -> data.path(name).isIntegralNumber()).forEach(numbers::add);
        assertThat(numbers).containsExactlyInAnyOrderElementsOf(FIGURES);
        assertThat(data.path("loadSeconds").isNumber()).isTrue();
        assertThat(data.path("divergences").asLong()).isZero();
        assertThat(data.path("rows").asLong()).isGreaterThan(10_000);
        assertThat(data.path("changes").asLong()).isGreaterThan(100);
        assertThat(data.path("rules"))
                .hasSize(6)
                .allSatisfy(rule -> assertThat(rule.path("result").asText()).isEqualTo("PASSED"));
        assertThat(Files.readString(err)).contains("SIGKILL");
    }

    private static int demo(Path state, String engine, String fault, Path out, Path err)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.handover.deploy.cli.Main",
                "demo",
                "-o",
                "json",
                "--for",
                "10s"));
        command.addAll(List.of("--source", engine, "--fault", fault, "--state", state.toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES))
                    .as("the demo ends")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroy();
        }
    }

    private static JsonNode last(Path out) throws IOException {
        try (MappingIterator<JsonNode> documents =
                new ObjectMapper().readerFor(JsonNode.class).readValues(out.toFile())) {
            List<JsonNode> all = documents.readAll();
            assertThat(all).isNotEmpty();
            return all.get(all.size() - 1);
        }
    }
}
