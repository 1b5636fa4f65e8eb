package dev.handover.reconciler.certificate;

import dev.handover.reconciler.Sums;
import dev.handover.reconciler.rule.RuleReport;
import java.util.List;
import java.util.Map;

/**
 * What a certificate says. Its JSON form is the document; fields are only ever added to a format.
 *
 * @param status {@code CERTIFIED}, or {@code NOT CERTIFIED}
 * @param why it is not certified; empty where it is
 * @param scope {@code pipeline}, or the target tables that it is restricted to
 * @param digestKey names the key of the digests, without telling it
 * @param tables in the order of their names
 * @param left source tables that are not moved, with the reason
 * @param unverified what is in scope, and of which this document proves nothing
 * @param rules of the run; of a document that is restricted, those that are about its tables alone
 * @param deadLetters open ones
 * @param progress how far the changes of each source were applied when the document was issued
 */
public record Certificate(
        String format,
        String status,
        List<String> why,
        String pipeline,
        Tool tool,
        String issuedAt,
        Run run,
        List<String> scope,
        String digest,
        String digestKey,
        List<Place> sources,
        List<Place> targets,
        List<Table> tables,
        Map<String, String> left,
        List<Unverified> unverified,
        List<RuleReport> rules,
        List<DeadLetters> deadLetters,
        List<Progress> progress) {
    /** The format that this version writes. */
    public static final String FORMAT = "handover-certificate/1";

    /** Every row was seen equal. */
    public static final String CERTIFIED = "CERTIFIED";

    /** It says what was found, and certifies nothing. */
    public static final String NOT_CERTIFIED = "NOT CERTIFIED";

    /** How digests are made. */
    public static final String DIGEST =
            "count and sum, in 4 lanes modulo 2^64, of HMAC-SHA-256 of the canonical bytes of each row";

    public Certificate {
        why = List.copyOf(why);
        scope = List.copyOf(scope);
        sources = List.copyOf(sources);
        targets = List.copyOf(targets);
        tables = List.copyOf(tables);
        left = Map.copyOf(left);
        unverified = List.copyOf(unverified);
        rules = List.copyOf(rules);
        deadLetters = List.copyOf(deadLetters);
        progress = List.copyOf(progress);
    }

    boolean certified() {
        return status.equals(CERTIFIED);
    }

    /** What issued it. */
    public record Tool(String version, String revision) {}

    /** The comparison that it is of. */
    public record Run(String id, String startedAt, String finishedAt, String verdict) {}

    /** A database. */
    public record Place(String name, String kind, String address) {}

    /**
     * A table, and what it becomes.
     *
     * @param sums both sides' counts and digests, each with its place in the source's log
     * @param lastCompared the newest comparison, when the document was issued
     * @param ageSeconds how long ago that was
     */
    public record Table(
            String source,
            String target,
            String verdict,
            Sums sums,
            Map<String, Long> divergences,
            long inFlight,
            long parked,
            long deadLettersOpen,
            String lastCompared,
            long ageSeconds) {
        public Table {
            divergences = Map.copyOf(divergences);
        }
    }

    /** A table, or a part of it, of which nothing is proved. */
    public record Unverified(String table, String reason) {}

    /** Open dead letters of a source table. */
    public record DeadLetters(String reason, String table, long open) {}

    /**
     * How far a source's changes are applied.
     *
     * @param position the least of all partitions; empty where one is unknown
     * @param committedAt when the newest change or heartbeat that is applied was committed at the source, or empty
     */
    public record Progress(String source, long partitions, String position, String committedAt) {}
}
