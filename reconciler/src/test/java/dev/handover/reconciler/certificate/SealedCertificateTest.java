package dev.handover.reconciler.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.digest.FingerprintKey;
import dev.handover.fault.Fault;
import dev.handover.reconciler.Finding;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Runs;
import dev.handover.reconciler.Sums;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import dev.handover.reconciler.rule.Consequence;
import dev.handover.reconciler.rule.Place;
import dev.handover.reconciler.rule.Result;
import dev.handover.reconciler.rule.RuleReport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Documents of runs that are made up. */
final class SealedCertificateTest {
    private static final FingerprintKey KEY =
            FingerprintKey.of("one key of a migration".getBytes(StandardCharsets.UTF_8));
    private static final FingerprintKey OTHER =
            FingerprintKey.of("another key of another".getBytes(StandardCharsets.UTF_8));
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    private static TableReport table(String name, Verdict verdict, Map<String, Long> kinds, long parked) {
        return new TableReport(
                "pas.public." + name,
                "clinical." + name,
                verdict,
                4,
                4,
                4,
                parked,
                kinds,
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                "0/10+0",
                "0/20+0",
                "0/20+0",
                new Sums(4, DIGEST, 4, DIGEST, 0, 1, new Place("0/10+0", "0/20+0", "0/20+0")),
                7);
    }

    private static RunReport report(
            Verdict verdict, List<String> asked, List<Finding> findings, TableReport... tables) {
        return new RunReport(
                "20261121-095900000",
                KEY.id(),
                "2026-11-21T09:59:00Z",
                "2026-11-21T09:59:02Z",
                verdict,
                asked,
                List.of(tables),
                Map.of("pas.public.log", "left out by include or exclude"),
                findings,
                List.of());
    }

    private static RunReport equal() {
        return report(
                Verdict.CONVERGED,
                List.of(),
                List.of(),
                table("patient", Verdict.CONVERGED, Map.of(), 0),
                table("visit", Verdict.CONVERGED, Map.of(), 0));
    }

    private static Issuing.Circumstances circumstances(Runs.Newest... newest) {
        return new Issuing.Circumstances(
                "pilot <\"&'>",
                new Certificate.Tool("1.0", "abc"),
                Instant.parse("2026-11-21T10:00:00Z"),
                List.of(new Certificate.Place("pas", "postgres", "db.example:5432/pas")),
                List.of(new Certificate.Place("cloud", "postgres", "cloud.example:5432/clinical")),
                List.of(newest),
                List.of(
                        new Certificate.DeadLetters("not-a-date", "pas.public.patient", 2),
                        new Certificate.DeadLetters("not-a-date", "pas.public.visit", 3)),
                List.of(new Certificate.Progress("pas", 8, "0/20:0", "2026-11-21T09:59:59Z")));
    }

    private static Certificate issued(RunReport report, String... only) {
        return Issuing.of(report, Set.of(only), circumstances());
    }

    @Test
    void everyAlterationIsFound() {
        String text = SealedCertificate.of(issued(equal()), KEY).text();
        SealedCertificate same = SealedCertificate.read(text).orElseThrow();
        assertThat(same.intact()).isTrue();
        assertThat(same.sealedBy(KEY)).isTrue();
        assertThat(same.sealedBy(OTHER)).isFalse();
        assertThat(same.read()).contains(issued(equal()));
        int altered = 0;
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            if (Character.isLetterOrDigit(sign)) {
                String other = text.substring(0, i) + (sign == '7' ? '8' : '7') + text.substring(i + 1);
                Optional<SealedCertificate> read = SealedCertificate.read(other);
                assertThat(read.isPresent() && read.get().intact() && read.get().sealedBy(KEY))
                        .as("character %d", i)
                        .isFalse();
                altered++;
            }
        }
        assertThat(altered).isGreaterThan(1_000);
    }

    @Test
    void neitherSpaceNorOrderIsOfTheDocument() {
        String text = SealedCertificate.of(issued(equal()), KEY).text();
        assertThat(SealedCertificate.read(text.replaceAll("\n *", ""))
                        .orElseThrow()
                        .sealedBy(KEY))
                .isTrue();
        String moved = text.replaceFirst("(\"format\" : \"[^\"]+\"),\\s*(\"status\" : \"[^\"]+\")", "$2,$1");
        assertThat(moved).isNotEqualTo(text);
        assertThat(SealedCertificate.read(moved).orElseThrow().intact()).isTrue();
    }

    @Test
    void whatIsSaidTwiceOrBesideIsNoCertificate() {
        String text = SealedCertificate.of(issued(equal()), KEY).text();
        assertThat(SealedCertificate.read(text.replaceFirst("\"status\"", "\"status\" : \"CERTIFIED\", \"status\"")))
                .isEmpty();
        assertThat(SealedCertificate.read(text.replaceFirst("\"sha256\"", "\"note\" : 1, \"sha256\"")))
                .isEmpty();
        assertThat(SealedCertificate.read(text + "{}")).isEmpty();
        assertThat(SealedCertificate.read("[]")).isEmpty();
    }

    @Test
    void onlyAConvergedRunOfEverythingIsCertified() {
        assertThat(issued(equal()).status()).isEqualTo("CERTIFIED");
        assertThat(issued(equal()).left()).hasSize(1);
        assertThat(issued(report(
                                Verdict.DIVERGED,
                                List.of(),
                                List.of(),
                                table("patient", Verdict.DIVERGED, Map.of("missing", 2L, "different", 1L), 0)))
                        .why())
                .containsExactly("table clinical.patient is diverged: 1 different; 2 missing");
        assertThat(issued(report(
                                Verdict.CONVERGED,
                                List.of("clinical.patient"),
                                List.of(),
                                table("patient", Verdict.CONVERGED, Map.of(), 0)))
                        .why())
                .containsExactly("the run compared clinical.patient alone");
        assertThat(issued(report(
                                Verdict.UNDETERMINED,
                                List.of(),
                                List.of(new Finding(Verdict.UNDETERMINED, "table-not-compared", "table x is there")),
                                table("patient", Verdict.CONVERGED, Map.of(), 0)))
                        .why())
                .containsExactly("table x is there");
        assertThat(issued(report(Verdict.UNDETERMINED, List.of(), List.of())).why())
                .containsExactly("the run compared no table");
    }

    @Test
    void aRuleThatMustHoldAndDoesNotIsAReason() {
        RuleReport failed = new RuleReport(
                "sexes",
                "distribution",
                "clinical.patient",
                Consequence.FAIL,
                Result.FAILED,
                List.of(),
                0,
                Place.NOWHERE,
                "");
        RunReport run = equal();
        RunReport ruled = new RunReport(
                run.run(),
                run.digestKey(),
                run.startedAt(),
                run.finishedAt(),
                Verdict.DIVERGED,
                run.asked(),
                run.tables(),
                run.left(),
                run.findings(),
                List.of(failed));
        assertThat(issued(ruled).why()).containsExactly("rule sexes failed");
        assertThat(issued(ruled, "clinical.patient").status()).isEqualTo("NOT CERTIFIED");
        Certificate visit = issued(ruled, "clinical.visit");
        assertThat(visit.status()).isEqualTo("CERTIFIED");
        assertThat(visit.rules()).isEmpty();
        assertThat(visit.tables()).hasSize(1);
        assertThat(visit.deadLetters())
                .containsExactly(new Certificate.DeadLetters("not-a-date", "pas.public.visit", 3));
        assertThatThrownBy(() -> issued(ruled, "clinical.nosuch"))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("did not compare table clinical.nosuch");
    }

    @Test
    void whatIsNotVerifiedIsListedAlthoughTheRestIs() {
        Certificate parked = issued(
                report(Verdict.CONVERGED, List.of(), List.of(), table("patient", Verdict.CONVERGED, Map.of(), 3)));
        assertThat(parked.status()).isEqualTo("CERTIFIED");
        assertThat(parked.unverified())
                .containsExactly(new Certificate.Unverified(
                        "clinical.patient", "3 rows of the source that the mapping rejects are not at the target"));
    }

    @Test
    void aNewerRunThatFoundAnotherThingIsAReason() {
        Runs.Newest later = new Runs.Newest(
                "pas.public.visit", "clinical.visit", "diverged", "20261121-095930000", "2026-11-21T09:59:30Z");
        Certificate late = Issuing.of(equal(), Set.of(), circumstances(later));
        assertThat(late.why())
                .containsExactly("table clinical.visit was found diverged by a newer run, 20261121-095930000");
        assertThat(late.tables().get(1).ageSeconds()).isEqualTo(30);
        Runs.Newest itself = new Runs.Newest(
                "pas.public.visit", "clinical.visit", "converged", "20261121-095900000", "2026-11-21T09:59:00Z");
        assertThat(Issuing.of(equal(), Set.of(), circumstances(itself)).status())
                .isEqualTo("CERTIFIED");
    }

    @Test
    void thePageHoldsNothingThatRunsOrIsFetched() {
        Certificate certificate = issued(equal());
        String page = CertificatePage.of(certificate, SealedCertificate.of(certificate, KEY));
        assertThat(page)
                .contains("pilot &lt;&quot;&amp;&#39;&gt;", ">CERTIFIED<", "Not verified: 0", DIGEST)
                .doesNotContain("pilot <", "<script", "http", "src=", "url(");
    }

    @Test
    void aKeyIsNamedWithoutBeingTold() {
        assertThat(KEY.id()).matches("key#[0-9a-f]{16}").isNotEqualTo(OTHER.id());
        assertThat(KEY.seal(new byte[0])).isNotEqualTo(OTHER.seal(new byte[0]));
    }
}
