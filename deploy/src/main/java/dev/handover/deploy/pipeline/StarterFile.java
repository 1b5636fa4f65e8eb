package dev.handover.deploy.pipeline;

import dev.handover.capture.SourceTable;
import dev.handover.capture.catalog.NotTaken;
import dev.handover.capture.check.Check;
import dev.handover.deploy.config.SourceConfig.Kind;
import dev.handover.deploy.config.TlsConfig;
import dev.handover.row.Column;
import dev.handover.row.TableSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The first pipeline file of a migration: valid, with every table of the source named, and with what was found beside
 * it as comments. A table that cannot be taken is not left out, so that a person decides about it.
 */
public final class StarterFile {
    private static final int SERVER_ID_MIN = 10_000;
    private static final int SERVER_ID_CHOICES = 50_000;
    private static final int LINE_MAX = 118;
    /** What YAML reads as the end of a line, or not at all. */
    private static final Pattern UNPRINTABLE =
            Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ufffe\\uffff]");

    private final SourceAddress address;
    private final TlsConfig tls;
    private final Optional<Path> passwordFile;
    private final StringBuilder text = new StringBuilder();

    /** @param passwordFile where the source's password is; empty for the environment */
    public StarterFile(SourceAddress address, TlsConfig tls, Optional<Path> passwordFile) {
        this.address = address;
        this.tls = tls;
        this.passwordFile = passwordFile;
    }

    /** The number under which a MariaDB or MySQL log would be read; the same for the same database. */
    public static int serverId(SourceAddress address) {
        return SERVER_ID_MIN + Math.floorMod((address.host() + "/" + address.database()).hashCode(), SERVER_ID_CHOICES);
    }

    /** The file's text. It is valid whatever the source's names are. */
    public String text(Survey survey) {
        text.setLength(0);
        String name = address.name();
        line("# A starting point, made from " + address.kind().word() + " " + address.host() + ":" + address.port()
                + "/" + address.database() + ". What each key means: handover help config");
        line("# Next: set the places marked CHANGE and the three secrets, then: handover validate, handover doctor.");
        line("apiVersion: handover/v1");
        line("kind: Pipeline");
        line("metadata: {name: " + name + "}");
        passwordFile.ifPresent(file -> line("secrets: {file: {roots: [" + quoted(parent(file)) + "]}}"));
        line("kafka:");
        line("  bootstrap: [\"127.0.0.1:9092\"]            # CHANGE: the brokers");
        line("  topics: {partitions: 12, replication: 3, minInsync: 2}");
        line("registry: {url: \"http://127.0.0.1:8081\"}   # CHANGE: Confluent's API; Apicurio: .../apis/ccompat/v7");
        line("digest: {key: \"${env:HANDOVER_DIGEST_KEY}\"}   # at least 32 random bytes: openssl rand -hex 32");
        source();
        sink();
        hazards(survey);
        tables(survey);
        return text.toString();
    }

    private void source() {
        line("sources:");
        line("  - name: " + address.name());
        line("    kind: " + address.kind().word());
        line("    host: " + quoted(address.host()));
        line("    port: " + address.port());
        line("    database: " + quoted(address.database()));
        line("    user: " + quoted(address.user()));
        line("    password: \""
                + passwordFile
                        .map(file -> "${file:" + file.toAbsolutePath().normalize() + "}")
                        .orElse("${env:HANDOVER_SOURCE_PASSWORD}")
                + "\"");
        line("    tls: {mode: " + mode(tls.mode())
                + tls.ca().map(ca -> ", ca: " + quoted(ca)).orElse("") + "}");
        if (address.kind() != Kind.POSTGRES) {
            line("    mariadb: {serverId: " + serverId(address) + "}   # no replica of that server may have it");
        }
        line("    clock: {timezone: UTC}               # CHANGE: the zone of date-times that name none");
    }

    private static String mode(TlsConfig.Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void sink() {
        line("sinks:");
        line("  - name: cloud");
        line("    kind: postgres");
        line("    host: target.example                 # CHANGE: the new database, made with ENCODING 'UTF8'");
        line("    database: clinical");
        line("    user: handover");
        line("    password: \"${env:HANDOVER_TARGET_PASSWORD}\"");
    }

    private void hazards(Survey survey) {
        if (survey.hazards().isEmpty() && survey.notTaken().isEmpty()) {
            return;
        }
        line("");
        line("# What to decide or to repair, worst first:");
        for (Check check : survey.hazards()) {
            comment(
                    check.level().text().toUpperCase(Locale.ROOT) + "  " + check.subject() + ": " + check.fact(),
                    "#   ");
            comment("fix: " + check.fix(), "#         ");
        }
        for (NotTaken left : survey.notTaken()) {
            comment("not copied: " + left.table() + " (" + left.kind() + ")", "#   ");
        }
    }

    private void tables(Survey survey) {
        line("");
        line("# " + survey.tables().size() + " tables, ~" + survey.rows() + " rows, " + megabytes(survey.bytes())
                + "; each after those that it refers to. One that is not named here is copied all the same;");
        line("# leave a table out with  exclude: [schema.table]  at its source.");
        line(survey.tables().stream().noneMatch(StarterFile::named) ? "tables: []" : "tables:");
        survey.tables().forEach(this::table);
    }

    private void table(SourceTable table) {
        String rows = table.rowsEstimate() < 0 ? "rows unknown" : "~" + table.rowsEstimate() + " rows";
        String size = table.bytesEstimate() < 0 ? "" : ", " + megabytes(table.bytesEstimate());
        String key = table.schema()
                .map(schema -> schema.keyless() ? ", no key" : ", key " + schema.key())
                .orElse("");
        comment(table.table().shortText() + "  " + rows + size + key, "  # ");
        table.schema().ifPresent(schema -> comment(columns(schema), "  #   "));
        if (table.problem().isPresent()) {
            comment("cannot be taken: " + table.problem().get().message(), "  #   ");
            comment("either: " + table.problem().get().hint(), "  #   ");
            comment("or exclude " + table.table().shortText() + " at its source", "  #   ");
            return;
        }
        if (named(table)) {
            line("  - {from: " + quoted(table.table().text()) + ", to: "
                    + quoted(table.table().shortText()) + "}");
        } else {
            comment("its name has a dot, so it can only be copied as it is", "  #   ");
        }
    }

    private static boolean named(SourceTable table) {
        return table.problem().isEmpty()
                && !table.table().schema().contains(".")
                && !table.table().name().contains(".");
    }

    private static String columns(TableSchema schema) {
        return schema.content().stream().map(StarterFile::column).collect(Collectors.joining(", "));
    }

    private static String column(Column column) {
        return column.name() + " " + column.type().postgres() + (column.nullable() ? "" : " not null");
    }

    private static String megabytes(long bytes) {
        return bytes < 10L << 20
                ? Math.max(1, bytes >> 10) + " KiB"
                : bytes < 10L << 30 ? (bytes >> 20) + " MiB" : (bytes >> 30) + " GiB";
    }

    private static String parent(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? "/" : parent.toString();
    }

    /** Text in double quotes, whatever is in it. */
    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                quoted.append('\\').appendCodePoint(point);
            } else if (UNPRINTABLE.matcher(Character.toString(point)).matches()) {
                quoted.append(String.format("\\u%04x", point));
            } else {
                quoted.appendCodePoint(point);
            }
        });
        return quoted.append('"').toString();
    }

    /** A comment, folded at blanks; names from a database may hold line feeds, which would end it. */
    private void comment(String words, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        for (String word : UNPRINTABLE.matcher(words).replaceAll(" ").split(" ")) {
            if (line.length() > indent.length() && line.length() + word.length() > LINE_MAX) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        lines.forEach(this::line);
    }

    private void line(String words) {
        text.append(words).append('\n');
    }
}
