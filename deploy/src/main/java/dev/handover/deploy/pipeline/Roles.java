package dev.handover.deploy.pipeline;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.role.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Roles in this process, each on a thread of its own that bears its name. The first that ends, ends all: a process that
 * does half of its work is worse than one that a supervisor starts again.
 */
public final class Roles {
    private static final int STOP_SECONDS_MAX = 40;

    private static final Logger LOG = LoggerFactory.getLogger(Roles.class);

    private final List<Role> roles;
    private final CountDownLatch ended = new CountDownLatch(1);

    public Roles(List<Role> roles) {
        this.roles = List.copyOf(roles);
    }

    /**
     * Runs all until {@link #stop()} or a failure.
     *
     * @throws Fault the first failure
     */
    public void run() {
        try {
            runAll();
        } finally {
            ended.countDown();
        }
    }

    private void runAll() {
        ExecutorService threads = Executors.newFixedThreadPool(roles.size());
        CompletionService<Role> ends = new ExecutorCompletionService<>(threads);
        for (Role role : roles) {
            ends.submit(() -> {
                Thread.currentThread().setName(role.name());
                role.run();
                return role;
            });
        }
        List<Fault> faults = new ArrayList<>();
        try {
            for (int ended = 0; ended < roles.size(); ended++) {
                try {
                    ends.take().get();
                } catch (ExecutionException e) {
                    faults.add(fault(e.getCause() == null ? e : e.getCause()));
                }
                stop();
            }
            threads.shutdown();
            if (!threads.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            stop();
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (!faults.isEmpty()) {
            throw faults.get(0);
        }
    }

    private static Fault fault(Throwable cause) {
        return cause instanceof Fault fault
                ? fault
                : Fault.causedBy(
                        cause,
                        ExitCode.FAILED,
                        "unforeseen",
                        "a role failed in an unforeseen way ("
                                + cause.getClass().getSimpleName() + ")",
                        "run it again with -v -v and report the trace, which holds no values");
    }

    /**
     * As {@link #run()}; a signal that ends the process stops all in good order first. The virtual machine halts when
     * its shutdown hooks are done, whatever other threads still do, so the hook waits; a transform that is cut off
     * reads its whole state from Kafka again.
     */
    public void runUntilSignal() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
        run();
    }

    private void stopAndWait() {
        stop();
        try {
            if (!ended.await(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.atWarn().addKeyValue("seconds", STOP_SECONDS_MAX).log("roles did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks all to end in good order; may be called from any thread. */
    public void stop() {
        roles.forEach(Role::stop);
    }
}
