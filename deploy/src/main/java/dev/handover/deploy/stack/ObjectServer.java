package dev.handover.deploy.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;

/** An S3 object store (S3Proxy) over a directory, with atomic conditional puts and signed requests only. */
public final class ObjectServer {
    private static final Launch.Limits LIMITS = new Launch.Limits(Duration.ofSeconds(90), Duration.ofSeconds(10));
    private static final Duration PROBE_MAX = Duration.ofSeconds(5);
    private static final String BUCKET = "handover";
    private static final String ACCESS_KEY = "handover";
    private static final String REGION = "us-east-1";

    private ObjectServer() {}

    public static ServerProcess<Endpoints.Objects> start(StateDirectory state, Artifacts artifacts) {
        return start(state, artifacts, OptionalInt.empty());
    }

    /**
     * Starts the object store with one empty bucket.
     *
     * @param port the port to use, or empty for one of its own choice
     * @throws dev.handover.fault.Fault when it cannot be started here
     */
    public static ServerProcess<Endpoints.Objects> start(StateDirectory state, Artifacts artifacts, OptionalInt port) {
        String name = Service.OBJECTS.directory();
        Path jar = artifacts.home(Artifact.OBJECTS).resolve("s3proxy-4.1.0-jar-with-dependencies.jar");
        Path home = state.home(name);
        Path data = home.resolve("data");
        Disk.directories(data.resolve(BUCKET));
        Settings kept = state.settings(name);
        Password secret = kept.password("secret");
        return ServerProcess.start(state, name, Signal.TERM, () -> {
            int chosen = kept.port("port", port);
            URI url = URI.create("http://127.0.0.1:" + chosen);
            Path file = home.resolve("s3proxy.properties");
            Disk.writePrivate(file, Settings.text(properties(url, data, secret), "written at every start"));
            List<String> command = List.of(
                    Programs.java(),
                    "-Xmx256m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1", // half the processor time of a start; it never has much to do
                    "-jar",
                    jar.toString(),
                    "--properties",
                    file.toString());
            return new Launch<>(
                    name,
                    command,
                    Map.of("LOG_LEVEL", "warn"),
                    home,
                    LIMITS,
                    new Endpoints.Objects(url, REGION, BUCKET, ACCESS_KEY, secret),
                    () -> answers(chosen, url));
        });
    }

    private static Properties properties(URI url, Path data, Password secret) {
        Properties properties = new Properties();
        properties.setProperty("s3proxy.endpoint", url.toString());
        properties.setProperty("s3proxy.authorization", "aws-v2-or-v4");
        properties.setProperty("s3proxy.identity", ACCESS_KEY);
        properties.setProperty("s3proxy.credential", secret.text());
        properties.setProperty("jclouds.provider", "filesystem-nio2");
        properties.setProperty("jclouds.filesystem.basedir", data.toString());
        return properties;
    }

    /** An unsigned request must be refused: that is an answer, and the right one. */
    private static boolean answers(int port, URI url) throws IOException, InterruptedException {
        if (Ports.isFree(port)) {
            return false;
        }
        HttpClient client = HttpClient.newBuilder().connectTimeout(PROBE_MAX).build();
        HttpRequest request = HttpRequest.newBuilder(url).timeout(PROBE_MAX).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 403;
    }
}
