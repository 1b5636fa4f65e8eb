package dev.handover.capture.engine;

import dev.handover.capture.LoadCondition;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a load go on, or holds it. One thread, the one that tells the log, looks ({@link #look}) whether people or the
 * source want it to wait, and passes with no transaction open; readers on threads of their own only wait for what it
 * saw ({@link #await}). Nobody waits while capture is stopping.
 */
final class LoadGate {
    private static final Logger LOG = LoggerFactory.getLogger(LoadGate.class);

    /** How often it looks. */
    static final Duration LOOK = Duration.ofSeconds(1);

    private static final long STEP_MILLIS = 100;

    /** Measures the source. */
    @FunctionalInterface
    interface Gauge {
        /** How much of it there is now; empty where the source took too long to tell. */
        OptionalLong read(LoadCondition.Measure measure);
    }

    /** Ends a load that is not complete, because capture is stopping. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("capture is stopping", null, false, false);
        }
    }

    /** @param cause what asks for it, of which the text is only how it was at that time */
    private record Reason(String cause, String text) {}

    private final List<LoadCondition> conditions;
    private final Gauge gauge;
    private final BooleanSupplier paused;
    private final Consumer<Optional<LoadHold>> news;
    private final InstantSource clock;
    private final BooleanSupplier stopping;
    private boolean remembered; // the thread that looks only
    private Optional<Instant> looked = Optional.empty(); // the thread that looks only
    private Optional<Reason> held = Optional.empty(); // written by the thread that looks; guarded by this

    /**
     * Open until the first look.
     *
     * @param paused whether people want the load to wait
     * @param remembered whether an earlier run left word that it was held
     * @param news takes that the load is held, or that it goes on; on the thread that looks
     */
    LoadGate(
            List<LoadCondition> conditions,
            Gauge gauge,
            BooleanSupplier paused,
            boolean remembered,
            Consumer<Optional<LoadHold>> news,
            InstantSource clock,
            BooleanSupplier stopping) {
        this.conditions = List.copyOf(conditions);
        this.gauge = gauge;
        this.paused = paused;
        this.remembered = remembered;
        this.news = news;
        this.clock = clock;
        this.stopping = stopping;
    }

    boolean stopping() {
        return stopping.getAsBoolean();
    }

    /** Looks, unless it did less than {@link #LOOK} ago. No transaction of the log is open. */
    void look() {
        Instant now = clock.instant();
        boolean early = looked.map(then -> Duration.between(then, now))
                .filter(ago -> !ago.isNegative() && ago.compareTo(LOOK) < 0)
                .isPresent();
        if (early && !stopping()) {
            return;
        }
        looked = Optional.of(now);
        tell(stopping() ? Optional.empty() : reason(), now);
    }

    private Optional<Reason> reason() {
        if (paused.getAsBoolean()) {
            return Optional.of(new Reason("pause", LoadHold.PAUSED));
        }
        for (LoadCondition condition : conditions) {
            String cause = condition.measure().text() + " > " + condition.most();
            OptionalLong measured = gauge.read(condition.measure());
            Optional<String> why = measured.isPresent()
                    ? condition.exceeded(measured.getAsLong())
                    : Optional.of(condition.measure().text() + " is not known: the source is too busy to answer");
            if (why.isPresent()) {
                return Optional.of(new Reason(cause, why.get()));
            }
        }
        return Optional.empty();
    }

    private void tell(Optional<Reason> now, Instant at) {
        Optional<Reason> before = held();
        if (now.isPresent() && !now.map(Reason::cause).equals(before.map(Reason::cause))) {
            LOG.atInfo().addKeyValue("why", now.get().text()).log("the load is paused");
            set(now);
            remembered = true;
            news.accept(Optional.of(new LoadHold(now.get().text(), at)));
        } else if (now.isEmpty()) {
            before.ifPresent(
                    reason -> LOG.atInfo().addKeyValue("waited", reason.text()).log("the load goes on"));
            set(now);
            if (remembered) {
                remembered = false;
                news.accept(Optional.empty());
            }
        }
    }

    /** The load is complete, and nothing waits any more. No transaction of the log is open. */
    void end() {
        tell(Optional.empty(), clock.instant());
    }

    private synchronized Optional<Reason> held() {
        return held;
    }

    private synchronized void set(Optional<Reason> reason) {
        held = reason;
        notifyAll();
    }

    /**
     * Looks, and waits while the load is held. On the thread that looks.
     *
     * @throws Stopped when capture is stopping
     */
    void passOrEnd() {
        look();
        while (held().isPresent()) {
            try {
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.causedBy(e, ExitCode.FAILED, "interrupted", "interrupted while loading", "start again");
            }
            look();
        }
        if (stopping()) {
            throw new Stopped();
        }
    }

    /** Waits while the load is held, as far as the other thread has seen; on any thread. */
    synchronized void await() throws InterruptedException {
        while (held.isPresent() && !stopping()) {
            wait(STEP_MILLIS);
        }
    }
}
