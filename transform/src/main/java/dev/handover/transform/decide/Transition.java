package dev.handover.transform.decide;

import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.digest.Fingerprint;
import dev.handover.mapping.Mapped;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.transform.decide.Binding.Bound;
import dev.handover.transform.decide.Decision.Effect;
import dev.handover.transform.decide.Decision.Nothing;
import dev.handover.transform.decide.Decision.Remove;
import dev.handover.transform.decide.Decision.Write;
import dev.handover.transform.state.Image;
import dev.handover.transform.state.OutOfLine;
import dev.handover.transform.state.RowState;
import dev.handover.transform.state.RowState.Account;
import java.util.List;
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
        Outcome<Effect> mapped =
                binding.bound().then(bound -> bound.mapper().map(row).then(made -> effect(bound, made, change.key())));
        if (isStale(change.position())) {
            return new Decision(
                    Optional.empty(), mapped.fold(Transition::unaccounted, rejection -> stale(change, rejection)));
        }
        Image image = image(change.position(), kept(change, told, row));
        return mapped.fold(
                effect -> accepted(change, effect.shift().after(), image, effect),
                rejection -> rejected(change, image, rejection));
    }

    private Outcome<Effect> effect(Bound bound, Mapped mapped, RowKey key) {
        return mapped.fold(
                made -> {
                    Fingerprint fingerprint = bound.fingerprint(made.row());
                    return Outcome.accepted(new Write(made, fingerprint, shift(Optional.of(fingerprint))));
                },
                filtered -> bound.mapper()
                        .map(key)
                        .then(target ->
                                Outcome.accepted(new Remove(target, filtered.rule(), shift(Optional.empty())))));
    }

    private Decision delete(SourceChange.Delete change) {
        Outcome<Effect> removed = binding.bound()
                .then(bound -> bound.mapper().map(change.key()))
                .then(key -> Outcome.accepted(new Remove(key, "", shift(Optional.empty()))));
        if (isStale(change.position())) {
            return new Decision(Optional.empty(), removed.then(Transition::unaccounted));
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

    /** A stale change goes on as it is; it moves no sum, and its findings were counted when it was new. */
    private static Outcome<Effect> unaccounted(Effect effect) {
        return Outcome.accepted(effect.fold(
                write -> new Write(
                        new MappedRow(write.mapped().row(), write.mapped().raw(), List.of()),
                        write.fingerprint(),
                        Shift.NONE),
                remove -> new Remove(remove.key(), remove.rule(), Shift.NONE),
                nothing -> nothing));
    }

    /**
     * A stale change whose unchanged values are known no more: whatever it said, a later change of the key has gone on
     * and the guard would refuse it. It is no loss, and so no dead letter.
     */
    private Outcome<Effect> stale(SourceChange change, Rejection rejection) {
        return rejection.reason() == Reason.UNCHANGED_VALUE_UNKNOWN
                ? ineffective(change)
                : new Outcome.Rejected<>(rejection);
    }

    private Outcome<Effect> ineffective(SourceChange change) {
        return binding.bound()
                .then(bound -> Outcome.accepted(new Nothing(bound.mapper().targetKey(change.key()))));
    }

    /** What to do about a change that is stale, and of which nothing is left that could be told. */
    public Decision nothing(SourceChange change) {
        return new Decision(Optional.empty(), ineffective(change));
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

    /**
     * The image moves forward only: a change that is older than what was seen tells nothing about now. Nor does the
     * same change that comes again: what was lost since may have been a later one.
     */
    private Image image(SourcePosition position, Map<String, Image.Kept> cells) {
        Optional<Image> newer = before.map(RowState::image).filter(image -> !position.isAfter(image.position()));
        return newer.orElseGet(() -> new Image(position, losses, cells));
    }

    private static Map<String, Image.Kept> kept(SourceChange.Upsert change, Row told, Row row) {
        // without a key, the log repeats the whole row
        boolean partial = change.position().isPostgres() && !change.schema().keyless();
        return partial ? OutOfLine.kept(told, row) : Map.of();
    }
}
