package dev.handover.deploy.demo;

import dev.handover.deploy.pipeline.SchemaRecord;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Writes the demonstration's pipeline.yaml, with its secrets, its maps and the record of its source's schemas in files
 * beside it, as a user would.
 */
final class DemoPipeline {
    private static final int KEY_BYTES = 32;
    private static final int PARTITIONS = 4;
    private static final int SERVER_ID = 18_231;

    private final Path directory;

    DemoPipeline(Path directory) {
        this.directory = directory;
    }

    /** Writes it. @return its file */
    Path write(LegacyEngine engine, Endpoints endpoints) {
        try {
            Path secrets = Files.createDirectories(
                    directory.resolve("secrets"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            Files.writeString(secrets.resolve("digest-key"), HexFormat.of().formatHex(key), StandardCharsets.UTF_8);
            Files.writeString(
                    secrets.resolve("target"), endpoints.target().password().text(), StandardCharsets.UTF_8);
            Files.writeString(
                    secrets.resolve("source"),
                    engine == LegacyEngine.POSTGRES
                            ? endpoints.source().password().text()
                            : endpoints.mariadb().admin().password().text(),
                    StandardCharsets.UTF_8);
            Files.writeString(secrets.resolve("archive"), endpoints.objects().accessKey(), StandardCharsets.UTF_8);
            Files.writeString(
                    secrets.resolve("archive-secret"),
                    endpoints.objects().secretKey().text(),
                    StandardCharsets.UTF_8);
            LegacyHospital.writeMaps(directory);
            Path file = directory.resolve("pipeline.yaml");
            Files.writeString(file, text(engine, endpoints, secrets), StandardCharsets.UTF_8);
            Files.writeString(SchemaRecord.beside(file), LegacyHospital.schemas(engine), StandardCharsets.UTF_8);
            return file;
        } catch (IOException e) {
            throw Fault.causedBy(
                    e, ExitCode.FAILED, "disk", directory + " cannot be written", "name another place with --state");
        }
    }

    private static String text(LegacyEngine engine, Endpoints endpoints, Path secrets) {
        Endpoints.Postgres target = endpoints.target();
        return """
                apiVersion: handover/v1
                kind: Pipeline
                metadata: {name: demo, owner: the legacy hospital}
                secrets:
                  file: {roots: ["%1$s"]}
                kafka:
                  bootstrap: ["%2$s"]
                  topics: {partitions: %3$d, replication: 1, minInsync: 1}
                registry: {url: "%4$s"}
                digest: {key: "${file:%1$s/digest-key}"}
                targetSchema: clinical
                sources:
                %5$s
                sinks:
                  - name: cloud
                    kind: postgres
                    host: %6$s
                    port: %7$d
                    database: %8$s
                    user: %9$s
                    password: "${file:%1$s/target}"
                    tls: {mode: disable}
                archive:
                  endpoint: "%10$s"
                  region: %11$s
                  bucket: %12$s
                  accessKey: "${file:%1$s/archive}"
                  secretKey: "${file:%1$s/archive-secret}"
                %13$s
                %14$s""".formatted(
                        secrets,
                        endpoints.kafka().bootstrap(),
                        PARTITIONS,
                        endpoints.registry().url(),
                        source(engine, endpoints, secrets),
                        target.host(),
                        target.port(),
                        target.database(),
                        target.user(),
                        endpoints.objects().url(),
                        endpoints.objects().region(),
                        endpoints.objects().bucket(),
                        LegacyHospital.mapping(engine),
                        LegacyHospital.rules(engine));
    }

    private static String source(LegacyEngine engine, Endpoints endpoints, Path secrets) {
        String common = """
                  - name: pas
                    kind: %s
                    host: %s
                    port: %d
                    database: %s
                    user: %s
                    password: "${file:%s/source}"
                    tls: {mode: disable}
                    clock: {timezone: %s}
                """;
        if (engine == LegacyEngine.POSTGRES) {
            Endpoints.Postgres source = endpoints.source();
            return common.formatted(
                            "postgres",
                            source.host(),
                            source.port(),
                            source.database(),
                            source.user(),
                            secrets,
                            LegacyHospital.TIMEZONE)
                    + "    postgres: {heartbeat: 1s}\n    tap: on";
        }
        Endpoints.MariaDb source = endpoints.mariadb();
        return common.formatted(
                        "mariadb",
                        source.host(),
                        source.port(),
                        Demonstration.MARIADB_DATABASE,
                        source.admin().user(),
                        secrets,
                        LegacyHospital.TIMEZONE)
                + "    mariadb: {serverId: " + SERVER_ID + "}";
    }
}
