package dev.handover.transform.decide;

import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.digest.Fingerprint;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.transform.decide.Decision.Effect;
import dev.handover.transform.decide.Decision.Nothing;
import dev.handover.transform.decide.Decision.Remove;
import dev.handover.transform.decide.Decision.Write;
import dev.handover.transform.state.Image;
import dev.handover.transform.state.OutOfLine;
import dev.handover.transform.state.RowState;
import dev.handover.transform.state.RowState.Account;
import java.util.Map;
import java.util.Optional;

/**
 * From the state of a key and a change of it to the next state and what goes on.
 *
 * <p>Two clocks run here, and they must not be mixed up. The <em>account</em> moves when a change goes on: it is what
 * the digest counts and what the target holds, and it guards as the target guards. The <em>image</em> moves when a
 * change is seen, even if that change is then rejected: it is what the source holds, and the only thing from which an
 * unchanged value may be completed. A key whose change was rejected is thus behind in its account and current in its
 * image, and its next change goes on as if nothing had happened.
 */
public final class Transition {
    private final Binding binding;
    private final Optional<RowState> before;
    private final long losses;

    /**
     * @param before of the change's key
     * @param losses records of the change's log partition that could not be read, so far
     */
    public Transition(Binding binding, Optional<RowState> before, long losses) {
        this.binding = binding;
        this.before = before;
        this.losses = losses;
    }

    /** What to do about a change. */
    public Decision decide(SourceChange change) {
        return change.fold(this::upsert, this::delete);
    }

    private Decision upsert(SourceChange.Upsert change) {
        Row told = Image.completeKey(change.after(), change.key());
        Row row = told.complete()
                ? told
                : before.map(RowState::image)
                        .filter(image -> image.precedes(change.position(), losses))
                        .map(image -> image.complete(told))
                        .orElse(told);
        Outcome<Write> written = binding.bound()
                .then(bound -> bound.mapper().map(row).then(mapped -> {
                    Fingerprint fingerprint = bound.fingerprint(mapped.row());
                    return Outcome.accepted(new Write(mapped, fingerprint, shift(Optional.of(fingerprint))));
                }));
        if (isStale(change.position())) {
            return new Decision(Optional.empty(), written.fold(Transition::unaccounted, Transition::staleRejection));
        }
        Image image = image(change.position(), kept(change, told, row));
        return written.fold(
                write -> accepted(change, Optional.of(write.fingerprint()), image, write),
                rejection -> rejected(change, image, rejection));
    }

    private Decision delete(SourceChange.Delete change) {
        Outcome<Effect> removed = binding.bound()
                .then(bound -> bound.mapper().map(change.key()))
                .then(key -> Outcome.accepted(new Remove(shift(Optional.empty()))));
        if (isStale(change.position())) {
            return new Decision(Optional.empty(), removed.then(remove -> Outcome.accepted(new Remove(Shift.NONE))));
        }
        Image image = image(change.position(), Map.of());
        return removed.fold(
                remove -> accepted(change, Optional.empty(), image, remove),
                rejection -> rejected(change, image, rejection));
    }

    private boolean isStale(SourcePosition position) {
        return before.flatMap(RowState::account)
                .map(account -> !account.isBefore(position, binding.mapping().version()))
                .orElse(false);
    }

    private Shift shift(Optional<Fingerprint> after) {
        return new Shift(before.flatMap(RowState::account).flatMap(Account::fingerprint), after);
    }

    /** A stale change goes on as it is, and moves no sum. */
    private static Outcome<Effect> unaccounted(Write write) {
        return Outcome.accepted(new Write(write.mapped(), write.fingerprint(), Shift.NONE));
    }

    /**
     * A stale change whose unchanged values are known no more: whatever it said, a later change of the key has gone on
     * and the guard would refuse it. It is no loss, and so no dead letter.
     */
    private static Outcome<Effect> staleRejection(Rejection rejection) {
        return rejection.reason() == Reason.UNCHANGED_VALUE_UNKNOWN
                ? Outcome.accepted(Nothing.NOTHING)
                : new Outcome.Rejected<>(rejection);
    }

    private Decision accepted(SourceChange change, Optional<Fingerprint> after, Image image, Effect effect) {
        Account account = new Account(change.position(), binding.mapping().version(), after);
        RowState state = new RowState(change.schema().table(), Optional.of(account), image);
        return new Decision(Optional.of(state), Outcome.accepted(effect));
    }

    private Decision rejected(SourceChange change, Image image, Rejection rejection) {
        RowState state = new RowState(change.schema().table(), before.flatMap(RowState::account), image);
        return new Decision(Optional.of(state), new Outcome.Rejected<>(rejection));
    }

    /** The image moves forward only: a change that is older than what was seen tells nothing about now. */
    private Image image(SourcePosition position, Map<String, Image.Kept> cells) {
        Optional<Image> newer =
                before.map(RowState::image).filter(image -> image.position().isAfter(position));
        return newer.orElseGet(() -> new Image(position, losses, cells));
    }

    private static Map<String, Image.Kept> kept(SourceChange.Upsert change, Row told, Row row) {
        // without a key, the log repeats the whole row
        boolean partial = change.position().isPostgres() && !change.schema().keyless();
        return partial ? OutOfLine.kept(told, row) : Map.of();
    }
}
