package dev.handover.deploy.replay;

import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;

/** What the mapping in force makes of a change that was rejected once. Pure. */
record Expectation(Outlook outlook, String reason, String place) {
    private static final Expectation PASSES = new Expectation(Outlook.GOES_ON, "", "");
    private static final Expectation OPEN = new Expectation(Outlook.MAY_GO_ON, "", "");

    /** @param refused whether it was the target that rejected it: it may do so again, whatever the mapping says */
    static Expectation of(SourceChange change, Mapper mapper, boolean refused) {
        Expectation mapped = change.fold(
                upsert -> upsert.after().complete() ? of(mapper.map(upsert.after())) : OPEN,
                delete -> of(mapper.map(delete.key())));
        return refused && mapped.equals(PASSES) ? OPEN : mapped;
    }

    /** Of a change whose table the mapping does not fit. */
    static Expectation of(MappingMismatch mismatch) {
        return fails(
                new Rejection(Reason.SCHEMA_MISMATCH, mismatch.problems().get(0).column()));
    }

    private static Expectation of(Outcome<?> outcome) {
        return outcome.fold(passed -> PASSES, Expectation::fails);
    }

    private static Expectation fails(Rejection rejection) {
        return new Expectation(Outlook.FAILS, rejection.reason().code(), rejection.where());
    }
}
