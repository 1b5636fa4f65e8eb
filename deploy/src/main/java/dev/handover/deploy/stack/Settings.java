package dev.handover.deploy.stack;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * What one server must find again after a restart: ports, passwords, identifiers. Each is made up at first use and
 * written to a file only the owner can read. Used by one thread at a time.
 */
final class Settings {
    private static final int SECRET_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String server;
    private final Path file;
    private final Map<String, String> values = new HashMap<>();

    private Settings(String server, Path file) {
        this.server = server;
        this.file = file;
    }

    static Settings load(String server, Path file) {
        Settings settings = new Settings(server, file);
        if (Files.exists(file)) {
            Properties stored = new Properties();
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                stored.load(reader);
            } catch (IOException e) {
                throw Disk.fault(file, e);
            }
            stored.stringPropertyNames().forEach(key -> settings.values.put(key, stored.getProperty(key)));
        }
        return settings;
    }

    /** A fixed port if one is demanded; else the port of the last time when it is still free; else a new one. */
    int port(String key, OptionalInt fixed) {
        if (fixed.isPresent()) {
            if (!Ports.isFree(fixed.getAsInt())) {
                throw Ports.taken(server, fixed.getAsInt());
            }
            return store(key, fixed.getAsInt());
        }
        String last = values.get(key);
        if (last != null && Ports.isFree(Integer.parseInt(last))) {
            return Integer.parseInt(last);
        }
        return store(key, Ports.choose());
    }

    Password password(String key) {
        return new Password(value(key, Settings::secret));
    }

    String value(String key, Supplier<String> first) {
        String value = values.get(key);
        if (value == null) {
            value = first.get();
            values.put(key, value);
            write();
        }
        return value;
    }

    private int store(String key, int port) {
        values.put(key, Integer.toString(port));
        write();
        return port;
    }

    private void write() {
        Properties properties = new Properties();
        properties.putAll(values);
        Disk.writePrivate(file, text(properties, server));
    }

    /** The text of a properties file, for the servers that are configured by one. */
    static String text(Properties properties, String comment) {
        StringWriter text = new StringWriter();
        try {
            properties.store(text, comment);
        } catch (IOException e) {
            throw new IllegalStateException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
