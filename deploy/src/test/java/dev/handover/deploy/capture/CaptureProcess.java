package dev.handover.deploy.capture;

import dev.handover.capture.BulkLoad;
import dev.handover.capture.CaptureConfig;
import dev.handover.capture.LoadConfig;
import dev.handover.capture.Loader;
import dev.handover.capture.SourceCatalog;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.TableSelection;
import dev.handover.capture.catalog.MariaDbCatalog;
import dev.handover.capture.engine.CaptureRole;
import dev.handover.capture.load.Loaders;
import dev.handover.drift.DriftPolicy;
import dev.handover.fault.Fault;
import dev.handover.wire.HttpSchemaRegistry;
import dev.handover.wire.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Capture as a process of its own, that can be killed. Ends in good order when its standard input ends. */
final class CaptureProcess {
    private CaptureProcess() {}

    /** Starts one; its output goes to a file. */
    static Process start(Path log, SourceConfig source, String bootstrap, URI registry, int batchEvents)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CaptureProcess.class.getName(),
                source.engine().name(),
                source.name(),
                source.host(),
                String.valueOf(source.port()),
                source.database(),
                source.user(),
                bootstrap,
                registry.toString(),
                String.valueOf(batchEvents)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("CAPTURE_PASSWORD", source.password());
        return builder.start();
    }

    public static void main(String[] args) throws Exception {
        SourceConfig source = new SourceConfig(
                args[1],
                SourceEngine.valueOf(args[0]),
                args[2],
                Integer.parseInt(args[3]),
                args[4],
                args[5],
                System.getenv("CAPTURE_PASSWORD"),
                SourceConfig.Tls.DISABLED,
                "",
                "handover_" + args[1],
                "handover_" + args[1],
                4712,
                0,
                ZoneOffset.UTC,
                TableSelection.ALL,
                Map.of());
        CaptureConfig config = new CaptureConfig(
                new Topics(args[1]),
                source,
                List.of(),
                Optional.of("public"),
                CaptureFixture.PARTITIONS,
                1,
                1,
                Duration.ofDays(1),
                Map.of("bootstrap.servers", args[6]),
                Duration.ofMillis(300),
                Duration.ofMillis(200),
                Integer.parseInt(args[8]),
                new LoadConfig(100, 2, 100_000, 0, List.of()),
                Map.of(),
                DriftPolicy.EVOLVE);
        SourceCatalog catalog = source.engine() == SourceEngine.POSTGRESQL
                ? new PostgresTables(source)
                : new MariaDbCatalog(source, Map.of());
        Loader loader = Loaders.of(source);
        CaptureRole role = new CaptureRole(
                config,
                catalog,
                loader,
                BulkLoad.NONE,
                new HttpSchemaRegistry(URI.create(args[7]), "BACKWARD_TRANSITIVE"),
                InstantSource.system());
        Thread stop = new Thread(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                System.out.println("standard input failed");
            }
            role.stop();
        });
        stop.setDaemon(true);
        stop.start();
        try {
            role.run();
            System.out.println("ended well");
        } catch (Fault e) {
            System.out.println("FAULT " + e.code() + ": " + e.getMessage());
            e.printStackTrace(System.out);
            System.exit(e.exitCode().number());
        }
        System.exit(0);
    }

    static String tail(Path log) throws IOException {
        String text = Files.readString(log);
        return text.substring(Math.max(0, text.length() - 4_000));
    }
}
