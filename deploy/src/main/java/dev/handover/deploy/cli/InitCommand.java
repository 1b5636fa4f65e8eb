package dev.handover.deploy.cli;

import dev.handover.capture.SourceTable;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.TlsConfig;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.SourceAddress;
import dev.handover.deploy.pipeline.StarterFile;
import dev.handover.deploy.pipeline.Survey;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code handover init}: the first pipeline file, from a live source. */
@Command(
        name = "init",
        description = {
            "Look at a live source and write a starter pipeline file: the inventory of the workload.",
            "Tables in the order of foreign keys, with keys, types, sizes and hazards. Nothing is changed at the source,",
            "and no file is overwritten. The password comes from HANDOVER_SOURCE_PASSWORD or --password-file."
        },
        footer = {
            "  handover init --from postgresql://handover_cdc@pas-db.example:5432/pas",
            "  handover init --from mariadb://cdc@lab-db.example/lis --out lab.yaml --password-file /run/secrets/lab",
            "  handover init --from postgresql://me@127.0.0.1:5432/pas --tls disable -o json"
        })
final class InitCommand implements dev.handover.deploy.cli.Command {
    @Option(
            names = "--from",
            paramLabel = "URL",
            required = true,
            description = "postgresql://user@host:port/database or mariadb://user@host:port/database")
    private String from = "";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "pipeline.yaml",
            description = "file to write, which must not be there yet; default pipeline.yaml")
    private Path out = Path.of("pipeline.yaml");

    @Option(names = "--password-file", paramLabel = "FILE", description = "file that holds the password and no more")
    private @Nullable Path passwordFile;

    @Option(
            names = "--tls",
            paramLabel = "MODE",
            defaultValue = "verify-full",
            description = "disable, require, verify-ca or verify-full, which is the default")
    private String tls = "verify-full";

    @Option(names = "--ca", paramLabel = "FILE", description = "PEM file of the authorities to trust")
    private @Nullable Path ca;

    /** The document's data. */
    record Inventory(
            String source,
            String file,
            long rowsEstimate,
            long bytesEstimate,
            List<Table> tables,
            List<List<String>> cycles,
            List<Left> notTaken,
            List<Hazard> hazards) {}

    /** A table, after those that it refers to. Estimates are negative where there are none. */
    record Table(
            String table,
            long rowsEstimate,
            long bytesEstimate,
            List<String> key,
            List<Column> columns,
            List<String> references,
            String problem,
            String fix) {}

    /** A column; {@code target} is its type there when it is copied. */
    record Column(String name, String type, String target, boolean nullable) {}

    /** Something that is not copied. */
    record Left(String name, String kind) {}

    /** Something to decide or to repair. */
    record Hazard(String level, String subject, String fact, String fix) {}

    @Override
    public Answer run(Session session) {
        SourceAddress address = SourceAddress.parse(from);
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(null);
        }
        StarterFile starter = new StarterFile(address, tls(), Optional.ofNullable(passwordFile));
        // the file itself, with nothing looked at yet, says how the source is reached
        PipelineConfig pipeline = PipelineFile.parse(out.toString(), starter.text(Survey.NONE));
        Assembly assembly = new Assembly(
                pipeline, session.secrets(pipeline), session.pipelineState(pipeline), InstantSource.system());
        Survey survey = Survey.of(assembly, pipeline.sources().get(0));
        String text = starter.text(survey);
        PipelineFile.parse(out.toString(), text);
        write(text);
        return answer(address, out.toString(), survey)
                .next("handover validate -c " + out, "after setting what is marked CHANGE")
                .next("handover doctor -c " + out, "see what is missing");
    }

    private TlsConfig tls() {
        for (TlsConfig.Mode mode : TlsConfig.Mode.values()) {
            if (mode.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-').equals(tls)) {
                return new TlsConfig(mode, Optional.ofNullable(ca).map(file -> file.toAbsolutePath()
                        .normalize()
                        .toString()));
            }
        }
        throw Fault.of(
                ExitCode.USAGE,
                "usage",
                "--tls knows no such mode",
                "choose disable, require, verify-ca or verify-full");
    }

    private void write(String text) {
        try {
            Files.writeString(out, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw exists(e);
        } catch (IOException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "file-not-written",
                    out + " cannot be written",
                    "name another place with --out, or make room on the disk");
        }
    }

    private Fault exists(@Nullable Throwable cause) {
        String message = out + " is there already, and is not overwritten";
        String hint = "name another file with --out, or move that one away";
        return cause == null
                ? Fault.of(ExitCode.USAGE, "file-exists", message, hint)
                : Fault.causedBy(cause, ExitCode.USAGE, "file-exists", message, hint);
    }

    static Answer answer(SourceAddress address, String file, Survey survey) {
        Inventory inventory = new Inventory(
                address.kind().word() + "://" + address.host() + ":" + address.port() + "/" + address.database(),
                file,
                survey.rows(),
                survey.bytes(),
                survey.tables().stream().map(InitCommand::table).toList(),
                survey.cycles().stream()
                        .map(cycle -> cycle.stream().map(TableId::text).toList())
                        .toList(),
                survey.notTaken().stream()
                        .map(left -> new Left(left.table().text(), left.kind()))
                        .toList(),
                survey.hazards().stream()
                        .map(check -> new Hazard(check.level().text(), check.subject(), check.fact(), check.fix()))
                        .toList());
        Answer answer = Answer.of("Inventory", inventory)
                .grid(
                        List.of("TABLE", "ROWS", "SIZE", "KEY", "COLUMNS", "REFERS TO", "PROBLEM"),
                        inventory.tables().stream().map(InitCommand::line).toList());
        for (Left left : inventory.notTaken()) {
            answer = answer.lines("not copied: " + left.name() + " (" + left.kind() + ")");
        }
        for (Hazard hazard : inventory.hazards()) {
            answer = answer.warn(hazard.subject() + ": " + hazard.fact() + "; " + hazard.fix());
        }
        return answer.lines(
                inventory.tables().size() + " tables, ~" + survey.rows() + " rows, " + Sizes.text(survey.bytes())
                        + ", in the order of their foreign keys" + circles(survey) + ". Written: " + file);
    }

    private static String circles(Survey survey) {
        return survey.cycles().isEmpty()
                ? ""
                : " but for " + survey.cycles().size() + (survey.cycles().size() == 1 ? " circle" : " circles");
    }

    private static Table table(SourceTable table) {
        return new Table(
                table.table().text(),
                table.rowsEstimate(),
                table.bytesEstimate(),
                table.schema().map(TableSchema::ownKey).orElse(List.of()),
                table.schema().map(TableSchema::content).orElse(List.of()).stream()
                        .map(column -> new Column(
                                column.name(),
                                column.type().name(),
                                column.type().postgres(),
                                column.nullable()))
                        .toList(),
                table.constraints().foreignKeys().stream()
                        .map(key -> key.referenced().text())
                        .distinct()
                        .sorted()
                        .toList(),
                table.problem().map(SourceTable.Problem::message).orElse(""),
                table.problem().map(SourceTable.Problem::hint).orElse(""));
    }

    private static List<String> line(Table table) {
        return List.of(
                table.table(),
                table.rowsEstimate() < 0 ? "-" : "~" + table.rowsEstimate(),
                Sizes.text(table.bytesEstimate()),
                String.join(",", table.key()),
                Integer.toString(table.columns().size()),
                String.join(",", table.references()),
                table.problem().isEmpty() ? "" : "cannot be taken");
    }
}
