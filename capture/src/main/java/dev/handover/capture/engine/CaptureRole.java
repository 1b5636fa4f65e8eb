package dev.handover.capture.engine;

import dev.handover.capture.BulkLoad;
import dev.handover.capture.CaptureConfig;
import dev.handover.capture.Loader;
import dev.handover.capture.SourceCatalog;
import dev.handover.role.Role;
import dev.handover.wire.SchemaRegistry;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings one source into its change log topics: makes the topics, loads the tables that are not loaded, then streams
 * until stopped. May be killed at any moment; the next run goes on from the last transaction boundary.
 */
public final class CaptureRole implements Role {
    private final CaptureConfig config;
    private final SourceCatalog catalog;
    private final Loader loader;
    private final BulkLoad bulk;
    private final SchemaRegistry registry;
    private final InstantSource clock;
    private final AtomicReference<@Nullable CaptureRun> running = new AtomicReference<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    public CaptureRole(
            CaptureConfig config,
            SourceCatalog catalog,
            Loader loader,
            BulkLoad bulk,
            SchemaRegistry registry,
            InstantSource clock) {
        this.config = config;
        this.catalog = catalog;
        this.loader = loader;
        this.bulk = bulk;
        this.registry = registry;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "capture";
    }

    @Override
    public void run() {
        CaptureRun run = new CaptureRun(config, catalog, loader, bulk, registry, clock);
        running.set(run);
        if (stopped.get()) {
            run.stop();
        }
        run.run();
    }

    @Override
    public void stop() {
        stopped.set(true);
        CaptureRun run = running.get();
        if (run != null) {
            run.stop();
        }
    }
}
