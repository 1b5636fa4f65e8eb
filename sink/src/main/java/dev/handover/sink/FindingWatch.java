package dev.handover.sink;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.sink.batch.FindingLimits;
import dev.handover.sink.batch.FindingLimits.Breach;
import dev.handover.sink.batch.FindingLimits.Severity;
import dev.handover.sink.batch.FindingTotal;
import dev.handover.sink.batch.Findings;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns once of each finding beyond its limit, and stops where a limit says so. Used by one thread. */
public final class FindingWatch {
    private static final Logger log = LoggerFactory.getLogger(FindingWatch.class);

    private final FindingLimits limits;
    private final Set<Findings.Of> warned = new HashSet<>(); // sink thread only

    public FindingWatch(FindingLimits limits) {
        this.limits = limits;
    }

    /**
     * Looks at sums that are committed.
     *
     * @throws Fault {@code finding-limit} where going on would be wrong
     */
    public void look(Collection<FindingTotal> totals) {
        for (Breach breach : limits.breaches(totals)) {
            if (breach.severity() == Severity.STOP) {
                throw stop(breach);
            }
            if (warned.add(breach.total().of())) {
                log.atWarn()
                        .addKeyValue("table", breach.total().of().table().shortText())
                        .addKeyValue("column", breach.total().of().column())
                        .addKeyValue("finding", breach.total().of().kind().code())
                        .addKeyValue("count", breach.total().count())
                        .addKeyValue("rows", breach.total().rows())
                        .addKeyValue("limit", breach.bound().text())
                        .log("more findings than the limit that warns");
            }
        }
    }

    private static Fault stop(Breach breach) {
        Findings.Of of = breach.total().of();
        return Fault.of(
                ExitCode.NO,
                "finding-limit",
                of.table().shortText() + "." + of.column() + ": " + of.kind().code() + " found "
                        + breach.total().count() + " times in " + breach.total().rows() + " rows of " + of.source()
                        + " under mapping version " + of.mappingVersion() + ", more than the limit of "
                        + breach.bound().text() + " that stops",
                "See: handover mapping explain " + of.table().shortText() + "." + of.column()
                        + ". Then correct the mapping and raise its version, or raise the limit; until then the sink"
                        + " stops again at once.");
    }
}
