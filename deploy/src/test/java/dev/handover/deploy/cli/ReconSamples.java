package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.Certification;
import dev.handover.digest.FingerprintKey;
import dev.handover.reconciler.Divergence;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Runs;
import dev.handover.reconciler.Sums;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import dev.handover.reconciler.certificate.Certificate;
import dev.handover.reconciler.certificate.Issuing;
import dev.handover.reconciler.certificate.Recheck;
import dev.handover.reconciler.certificate.SealedCertificate;
import dev.handover.reconciler.explain.Explanation;
import dev.handover.reconciler.explain.Pattern;
import dev.handover.reconciler.explain.Pattern.Trait;
import dev.handover.reconciler.rule.Place;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Comparisons, made up. */
final class ReconSamples {
    private ReconSamples() {}

    static Answer answer(String name) {
        return switch (name) {
            case "recon-history" -> ReconHistoryCommand.answer(runs());
            case "recon-history-table" ->
                ReconHistoryCommand.answer(
                        "clinical.patient",
                        table(),
                        Optional.of(
                                new Runs.Onset("20261121-095900000", "2026-11-21T09:59:00Z", "20261121-085900000")));
            case "recon-history-equal" ->
                ReconHistoryCommand.answer("clinical.patient", table().subList(1, 2), Optional.empty());
            case "recon-diff" ->
                ReconDiffCommand.listed("20261121-095900000", "clinical.patient", List.of(differing()));
            case "recon-diff-explained" ->
                ReconDiffCommand.explained("20261121-095900000", "clinical.patient", List.of(differing()));
            case "recon-certify" -> CertifyCommand.answer(issued("20261121-095900000"), "proof.json", "proof.html");
            case "recon-certify-verify" -> CertifyCommand.answer("proof.json", recheck(List.of()));
            case "recon-certify-altered" ->
                CertifyCommand.answer("proof.json", Recheck.refused("the document was altered: why"));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static List<Runs.Line> runs() {
        return List.of(
                new Runs.Line(
                        "20261121-095900000",
                        "2026-11-21T09:59:00Z",
                        "2026-11-21T09:59:02Z",
                        new BigDecimal("2.000"),
                        "clinical.patient",
                        "diverged",
                        1,
                        4,
                        new Runs.Kinds(1, 0, 0, 41),
                        0,
                        0),
                new Runs.Line(
                        "20261121-085900000",
                        "2026-11-21T08:59:00Z",
                        "2026-11-21T09:00:30.25Z",
                        new BigDecimal("90.250"),
                        "pipeline",
                        "undetermined",
                        26,
                        126_852,
                        new Runs.Kinds(0, 0, 0, 0),
                        12,
                        1));
    }

    private static List<Runs.TableLine> table() {
        return List.of(
                new Runs.TableLine(
                        "20261121-095900000",
                        "2026-11-21T09:59:00Z",
                        "pas.public.patient",
                        "diverged",
                        4,
                        3,
                        new Runs.Kinds(1, 0, 0, 41),
                        0),
                new Runs.TableLine(
                        "20261121-085900000",
                        "2026-11-21T08:59:00Z",
                        "pas.public.patient",
                        "converged",
                        4,
                        4,
                        new Runs.Kinds(0, 0, 0, 0),
                        0));
    }

    private static TableReport differing() {
        return new TableReport(
                "pas.public.patient",
                "clinical.patient",
                Verdict.DIVERGED,
                1_203_311,
                1_203_309,
                1_203_266,
                0,
                Map.of("different", 41L, "missing", 4L),
                0,
                0,
                List.of(new Divergence(
                        "clinical.patient",
                        Divergence.Kind.DIFFERENT,
                        Divergence.Stage.PIPELINE,
                        "key#7f3a9c2e",
                        List.of("birth_date"),
                        "0/5A3F1B28+0",
                        "0/5A3F1B28:0")),
                List.of(
                        new Explanation(
                                "different",
                                41,
                                41,
                                List.of(
                                        new Pattern(Trait.COLUMN, "birth_date", "", 40, 41, 0, 0, true),
                                        new Pattern(Trait.STAGE, "", "pipeline", 41, 41, 0, 0, true),
                                        new Pattern(Trait.VALUE, "facility_id", "1005", 41, 41, 316, 4_000, false),
                                        new Pattern(
                                                Trait.TIME,
                                                "updated_at",
                                                "2026-11-20 22:00 to 22:05",
                                                41,
                                                41,
                                                2,
                                                4_000,
                                                false),
                                        new Pattern(
                                                Trait.POSITION,
                                                "",
                                                "0/5A3F1000:1 to 0/5A3F1B28:0",
                                                41,
                                                41,
                                                3,
                                                4_000,
                                                false),
                                        new Pattern(Trait.MAPPING_VERSION, "", "18", 41, 41, 900, 4_000, false))),
                        new Explanation(
                                "missing", 4, 3, List.of(new Pattern(Trait.STAGE, "", "pipeline", 3, 3, 0, 0, true)))),
                List.of(),
                "0/5A3F1B00+0",
                "0/5A3F1B28+0",
                "0/5A3F1B28+0",
                Sums.NONE,
                12);
    }

    private static Certification.Issued issued(String run) {
        RunReport report = new RunReport(
                run,
                "key#0123456789abcdef",
                "2026-11-21T09:59:00Z",
                "2026-11-21T09:59:02Z",
                Verdict.DIVERGED,
                List.of(),
                List.of(differing()),
                Map.of("pas.public.log", "left out by include or exclude"),
                List.of(),
                List.of());
        Certificate certificate = Issuing.of(
                report,
                Set.of(),
                new Issuing.Circumstances(
                        "pilot",
                        new Certificate.Tool("1.0", "abc"),
                        Instant.parse("2026-11-21T10:00:00Z"),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()));
        FingerprintKey key = FingerprintKey.of("one key of a migration".getBytes(StandardCharsets.UTF_8));
        return new Certification.Issued(certificate, SealedCertificate.of(certificate, key));
    }

    private static Recheck recheck(List<String> problems) {
        Sums then = new Sums(4, "00", 4, "00", 0, 1, Place.NOWHERE);
        Sums now = new Sums(5, "01", 5, "01", 1, 1, Place.NOWHERE);
        return new Recheck(
                List.of(
                        new Recheck.Table(
                                "pas.public.patient", "clinical.patient", Recheck.State.UNCHANGED, then, then),
                        new Recheck.Table(
                                "pas.public.visit", "clinical.visit", Recheck.State.CHANGED_AND_EQUAL, then, now)),
                problems);
    }
}
