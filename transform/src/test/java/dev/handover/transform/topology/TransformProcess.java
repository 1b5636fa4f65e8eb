package dev.handover.transform.topology;

import dev.handover.transform.TransformConfig;
import dev.handover.transform.version.VersionLog;
import dev.handover.wire.HttpSchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The role in a process of its own, so that a test can kill it. */
final class TransformProcess {
    static final int PARTITIONS = 4;

    private TransformProcess() {}

    /** Arguments: bootstrap servers, the registry's URI, the state directory. */
    public static void main(String[] arguments) {
        TransformConfig config = config(arguments[0], Path.of(arguments[2]));
        HttpSchemaRegistry registry = new HttpSchemaRegistry(URI.create(arguments[1]), "BACKWARD_TRANSITIVE");
        VersionLog versions = new VersionLog(config.kafka(), config.topics(), 1, 1, InstantSource.system());
        new TransformRole(config, registry, Lab.FINGERPRINTS, versions, InstantSource.system()).run();
    }

    static TransformConfig config(String bootstrap, Path state) {
        return new TransformConfig(
                Notes.TOPICS,
                PARTITIONS,
                java.util.Optional.of("ehr"),
                List.of(Notes.mapping(1)),
                "one",
                2,
                state,
                TransformConfig.COMMIT_INTERVAL,
                Duration.ofSeconds(30),
                TransformConfig.RECORD_BYTES_MAX,
                TransformConfig.CACHE_BYTES_MAX,
                TransformConfig.ROCKS_BYTES_MAX,
                Map.of("bootstrap.servers", bootstrap));
    }

    static Process start(String bootstrap, URI registry, Path state, Path output) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TransformProcess.class.getName(),
                        bootstrap,
                        registry.toString(),
                        state.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }
}
