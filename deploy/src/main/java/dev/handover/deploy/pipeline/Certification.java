package dev.handover.deploy.pipeline;

import dev.handover.deploy.config.SinkConfig;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.digest.FingerprintKey;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.certificate.Certificate;
import dev.handover.reconciler.certificate.Issuing;
import dev.handover.reconciler.certificate.Recheck;
import dev.handover.reconciler.certificate.SealedCertificate;
import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.sink.postgres.DeadLetterIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Issues certificates of a pipeline's runs, and checks them again. */
public final class Certification {
    private final Assembly assembly;

    public Certification(Assembly assembly) {
        this.assembly = assembly;
    }

    /** A document, and what it says. */
    public record Issued(Certificate certificate, SealedCertificate sealed) {}

    /**
     * The document of a run that is kept.
     *
     * @param only target tables that it is restricted to; empty for the whole pipeline
     * @throws Fault {@code digest-key-other} where the run's digests were made under another key
     */
    public Issued issue(RunReport report, Set<String> only, Certificate.Tool tool) {
        FingerprintKey key = assembly.fingerprints();
        requireKey(report.digestKey(), key, "run " + report.run());
        Comparison comparison = new Comparison(assembly);
        Certificate certificate = Issuing.of(
                report,
                only,
                new Issuing.Circumstances(
                        assembly.pipeline().metadata().name(),
                        tool,
                        assembly.clock().instant(),
                        sources(),
                        targets(),
                        comparison.runs().newest(),
                        deadLetters(),
                        progress(comparison.targetDatabase())));
        return new Issued(certificate, SealedCertificate.of(certificate, key));
    }

    /**
     * Checks a document: that it is as it was issued, and then, by a comparison of now, whether what it says of its
     * tables still holds. It writes nothing.
     *
     * @throws Fault {@code digest-key-other} where it is sealed under another key than the pipeline file's
     */
    public Recheck verify(String text, Duration deadline) {
        Optional<SealedCertificate> file = SealedCertificate.read(text);
        if (file.isEmpty()) {
            return Recheck.refused("the file is no certificate");
        }
        SealedCertificate sealed = file.get();
        if (!sealed.intact()) {
            return Recheck.refused("the document was altered: its SHA-256 is not that of what it says");
        }
        FingerprintKey key = assembly.fingerprints();
        requireKey(sealed.digestKey(), key, "the document");
        if (!sealed.sealedBy(key)) {
            return Recheck.refused("the document was altered, and hashed anew: its seal is not that of what it says");
        }
        return sealed.read()
                .map(certificate -> verify(certificate, deadline))
                .orElseGet(() -> Recheck.refused("the document is of a format that this version does not know"));
    }

    private Recheck verify(Certificate certificate, Duration deadline) {
        if (!certificate.status().equals(Certificate.CERTIFIED)) {
            return Recheck.refused("the document says " + certificate.status() + ": there is nothing to hold");
        }
        if (!certificate.pipeline().equals(assembly.pipeline().metadata().name())
                || !certificate.sources().equals(sources())
                || !certificate.targets().equals(targets())) {
            return Recheck.refused(
                    "the document is of another pipeline or of other databases than the pipeline file names");
        }
        Set<String> only = certificate.scope().equals(List.of("pipeline"))
                ? Set.of()
                : certificate.tables().stream().map(Certificate.Table::target).collect(Collectors.toSet());
        return Recheck.of(certificate, new Comparison(assembly).compare(only, deadline));
    }

    private static void requireKey(String id, FingerprintKey key, String of) {
        if (!key.id().equals(id)) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "digest-key-other",
                    of + " is of digest key " + id + ", and the pipeline file names " + key.id(),
                    "set digest.key to the key that the migration began with");
        }
    }

    private List<Certificate.Place> sources() {
        return assembly.pipeline().sources().stream().map(Certification::place).toList();
    }

    private List<Certificate.Place> targets() {
        return assembly.pipeline().sinks().stream().map(Certification::place).toList();
    }

    private static Certificate.Place place(SourceConfig source) {
        return new Certificate.Place(
                source.name(),
                source.kind().word(),
                source.host() + ":" + source.portOrUsual() + "/" + source.database());
    }

    private static Certificate.Place place(SinkConfig sink) {
        String address = sink.jdbcUrl().replaceFirst("^jdbc:postgresql://", "");
        int parameters = address.indexOf('?');
        return new Certificate.Place(
                sink.name(), "postgres", parameters < 0 ? address : address.substring(0, parameters));
    }

    private List<Certificate.DeadLetters> deadLetters() {
        Map<String, Map<String, Long>> open = new TreeMap<>();
        new DeadLetterIndex(assembly.target())
                .groups().stream().filter(group -> group.open() > 0).forEach(group -> open.computeIfAbsent(
                                group.table(), none -> new TreeMap<>())
                        .merge(group.reason(), group.open(), Long::sum));
        List<Certificate.DeadLetters> letters = new ArrayList<>();
        open.forEach((table, reasons) ->
                reasons.forEach((reason, count) -> letters.add(new Certificate.DeadLetters(reason, table, count))));
        return letters;
    }

    private List<Certificate.Progress> progress(TargetDatabase target) {
        Set<String> sources = new TreeSet<>();
        assembly.pipeline().sources().forEach(source -> sources.add(source.name()));
        return target.progress().stream()
                .filter(each -> sources.contains(each.source()))
                .map(each ->
                        new Certificate.Progress(each.source(), each.partitions(), each.position(), each.committedAt()))
                .toList();
    }
}
