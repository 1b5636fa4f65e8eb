package dev.handover.deploy.pipeline;

import dev.handover.deploy.config.SourceConfig.Kind;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Where a live source is, as a person writes it on a command line: without its password. */
public record SourceAddress(Kind kind, String user, String host, int port, String database) {
    /** Twice this and a few words still make the name of a slot. */
    private static final int NAME_LENGTH_MAX = 24;

    private static final String FORM =
            "write it as postgresql://user@host:5432/database or mariadb://user@host:3306/database";

    /**
     * Reads {@code postgresql://user@host:port/database}. @throws Fault {@code source-url}, which never quotes the text
     */
    public static SourceAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw wrong("not an address");
        }
        Kind kind =
                switch (String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT)) {
                    case "postgres", "postgresql" -> Kind.POSTGRES;
                    case "mariadb" -> Kind.MARIADB;
                    case "mysql" -> Kind.MYSQL;
                    default -> throw wrong("the address names no kind of database that can be looked at");
                };
        String user = uri.getUserInfo();
        String host = uri.getHost();
        String path = uri.getPath();
        if (user == null || host == null || path == null || path.length() < 2 || path.indexOf('/', 1) > 0) {
            throw wrong("the address lacks a user, a host or a database");
        }
        if (user.contains(":")) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "source-url",
                    "the address carries a password, which other users of this machine can see",
                    "change that password, and give it in HANDOVER_SOURCE_PASSWORD or with --password-file");
        }
        if (uri.getQuery() != null) {
            throw wrong("the address carries settings");
        }
        return new SourceAddress(
                kind, user, host, uri.getPort() < 0 ? kind.usualPort() : uri.getPort(), path.substring(1));
    }

    private static Fault wrong(String fact) {
        return Fault.of(ExitCode.USAGE, "source-url", "--from: " + fact, FORM);
    }

    /** A name for the source within a pipeline file, made of the database's. */
    public String name() {
        String legal =
                database.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[^a-z]+|-+$", "");
        String name = legal.length() > NAME_LENGTH_MAX
                ? legal.substring(0, NAME_LENGTH_MAX).replaceAll("-+$", "")
                : legal;
        return name.length() < 2 ? "source" : name;
    }
}
