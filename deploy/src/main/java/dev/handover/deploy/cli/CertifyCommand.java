package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.Certification;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.certificate.Certificate;
import dev.handover.reconciler.certificate.CertificatePage;
import dev.handover.reconciler.certificate.Recheck;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code handover recon certify}: a run as a document for others, and whether such a document still holds. */
@Command(
        name = "certify",
        description = "Write what a comparison proved as a sealed document, or check such a document again.",
        footer = {
            "  handover recon certify --out proof.json                        the last run; proof.json and proof.html",
            "  handover recon certify --table clinical.patient --out p.json   of one table alone",
            "  handover recon certify --verify proof.json                     exit 0 it holds, 3 it does not"
        })
final class CertifyCommand implements dev.handover.deploy.cli.Command {
    private static final int TABLES_NAMED_MAX = 10;

    @Option(names = "--out", paramLabel = "FILE", description = "where to: FILE as JSON, and a page beside it")
    private @Nullable Path out;

    @Option(names = "--verify", paramLabel = "FILE", description = "check this document, by comparing again")
    private @Nullable Path verify;

    @Option(names = "--run", paramLabel = "RUN", defaultValue = "last", description = "a run, or last")
    private String run = "last";

    @Option(names = "--table", paramLabel = "TABLE", description = "only this target table; may be repeated")
    private List<String> tables = List.of();

    @Option(names = "--cohort", paramLabel = "NAME", description = "refused: this version knows no cohorts")
    private @Nullable String cohort;

    /** The document's data, when one was written. */
    record Written(
            String status,
            List<String> why,
            String run,
            int tables,
            int unverified,
            String sha256,
            String json,
            String page) {}

    /** A table that was checked again. */
    record Checked(String table, String from, String state, long rowsCertified, long rowsNow) {}

    /** The document's data, when one was checked. */
    record Verified(String file, boolean holds, List<Checked> tables, List<String> problems) {}

    @Override
    public Answer run(Session session) {
        if ((out == null) == (verify == null)) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "usage",
                    out == null ? "neither --out nor --verify is given" : "--out and --verify are both given",
                    "write a document with --out FILE, or check one with --verify FILE");
        }
        Assembly assembly = Pipelines.assembly(session);
        return verify == null ? issue(session, assembly, out) : verify(session, assembly, verify);
    }

    private Answer issue(Session session, Assembly assembly, @Nullable Path wanted) {
        RunReport report = ReconCommands.kept(session, run);
        refuseCohort(report);
        String base = String.valueOf(wanted).replaceFirst("\\.(json|html)$", "");
        Path json = Path.of(base + ".json");
        Path page = Path.of(base + ".html");
        refuse(json);
        refuse(page);
        Properties build = VersionCommand.build();
        Certification.Issued issued = new Certification(assembly)
                .issue(
                        report,
                        Set.copyOf(tables),
                        new Certificate.Tool(
                                build.getProperty("version", "unknown"), build.getProperty("revision", "unknown")));
        write(json, issued.sealed().text());
        write(page, CertificatePage.of(issued.certificate(), issued.sealed()));
        return answer(issued, json.toString(), page.toString());
    }

    private void refuseCohort(RunReport report) {
        if (cohort != null) {
            String names = report.tables().stream()
                    .map(TableReport::targetTable)
                    .distinct()
                    .limit(TABLES_NAMED_MAX)
                    .collect(Collectors.joining(", "));
            throw Fault.of(
                    ExitCode.USAGE,
                    "cohort-unknown",
                    "there is no cohort to certify: a pipeline file of this version describes none",
                    "leave --cohort out for the whole pipeline, or name tables with --table: " + names);
        }
    }

    static Answer answer(Certification.Issued issued, String json, String page) {
        Certificate certificate = issued.certificate();
        Answer answer = Answer.of(
                        "Certificate",
                        new Written(
                                certificate.status(),
                                certificate.why(),
                                certificate.run().id(),
                                certificate.tables().size(),
                                certificate.unverified().size(),
                                issued.sealed().sha256(),
                                json,
                                page))
                .lines(certificate.status() + "  tables=" + certificate.tables().size() + " unverified="
                        + certificate.unverified().size() + "  run "
                        + certificate.run().id());
        for (String why : certificate.why()) {
            answer = answer.lines("why: " + why);
        }
        for (Certificate.Unverified each : certificate.unverified()) {
            answer =
                    answer.lines("not verified: " + (each.table().isEmpty() ? "" : each.table() + " ") + each.reason());
        }
        return answer.lines("sha256 " + issued.sealed().sha256(), "written: " + json + ", " + page)
                .exit(certificate.why().isEmpty() ? ExitCode.DONE : ExitCode.NO);
    }

    private static Answer verify(Session session, Assembly assembly, Path file) {
        Recheck recheck = new Certification(assembly)
                .verify(
                        read(file),
                        session.timeout().orElse(assembly.pipeline().reconcile().settle()));
        return answer(file.toString(), recheck);
    }

    static Answer answer(String file, Recheck recheck) {
        List<Checked> checked = recheck.tables().stream()
                .map(table -> new Checked(
                        table.target(),
                        table.source(),
                        table.state().code(),
                        table.certified().targetRows(),
                        table.now().targetRows()))
                .toList();
        Answer answer = Answer.of("Verification", new Verified(file, recheck.holds(), checked, recheck.problems()));
        if (!checked.isEmpty()) {
            answer = answer.grid(
                    List.of("TABLE", "FROM", "STATE", "CERTIFIED", "NOW"),
                    checked.stream()
                            .map(each -> List.of(
                                    each.table(),
                                    each.from(),
                                    each.state(),
                                    Long.toString(each.rowsCertified()),
                                    Long.toString(each.rowsNow())))
                            .toList());
        }
        for (String problem : recheck.problems()) {
            answer = answer.lines("does not hold: " + problem);
        }
        return answer.lines(recheck.holds() ? "the certificate holds" : "THE CERTIFICATE DOES NOT HOLD")
                .exit(recheck.holds() ? ExitCode.DONE : ExitCode.NO);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.USAGE,
                    "file-not-read",
                    file + " cannot be read",
                    "name the JSON file of a certificate");
        }
    }

    private static void refuse(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(file, null);
        }
    }

    private static Fault exists(Path file, @Nullable Throwable cause) {
        String message = file + " is there already, and is not overwritten";
        String hint = "name another file with --out, or move that one away";
        return cause == null
                ? Fault.of(ExitCode.USAGE, "file-exists", message, hint)
                : Fault.causedBy(cause, ExitCode.USAGE, "file-exists", message, hint);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw exists(file, e);
        } catch (IOException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "file-not-written",
                    file + " cannot be written",
                    "name another place with --out, or make room on the disk");
        }
    }
}
