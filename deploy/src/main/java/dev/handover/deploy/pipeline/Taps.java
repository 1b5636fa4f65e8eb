package dev.handover.deploy.pipeline;

import dev.handover.capture.SourceSessions;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.reconciler.read.Connections;
import dev.handover.reconciler.tap.TapConfig;
import dev.handover.reconciler.tap.TapReport;
import dev.handover.reconciler.tap.TapRole;
import dev.handover.role.Role;
import dev.handover.sink.postgres.TargetDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The taps of a pipeline: one for each source that asks for it. */
final class Taps {
    private static final Logger LOG = LoggerFactory.getLogger(Taps.class);

    private final Assembly assembly;

    Taps(Assembly assembly) {
        this.assembly = assembly;
    }

    List<Role> roles() {
        return assembly.pipeline().sources().stream()
                .filter(source -> source.tap() == SourceConfig.Tap.ON)
                .map(this::role)
                .toList();
    }

    private Role role(SourceConfig source) {
        SourceSessions sessions = new SourceSessions(assembly.source(source));
        String pipeline = assembly.pipeline().metadata().name();
        TapConfig config = TapConfig.of(
                new SourceId(source.name()),
                source.postgres().slotOf(pipeline, source.name()),
                source.postgres().publicationOf(pipeline, source.name()),
                assembly.topics(),
                assembly.partitions(),
                assembly.kafka(),
                assembly.pipeline().kafka().topics().retention());
        return new TapRole(
                config,
                sessions::open,
                sessions::openReplication,
                target(),
                assembly.registry(),
                assembly.fingerprints(),
                assembly.clock());
    }

    /** What {@code run} would do at the source for its tap, or because it has none. */
    Optional<Plan.Line> planned(SourceConfig source) {
        if (source.kind() != SourceConfig.Kind.POSTGRES) {
            return Optional.empty();
        }
        SourceSessions sessions = new SourceSessions(assembly.source(source));
        boolean tapped = source.tap() == SourceConfig.Tap.ON;
        try {
            if (TapRole.hasSlot(sessions::open, slot(source)) == tapped) {
                return Optional.empty();
            }
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
        String object = "replication slot " + slot(source);
        return Optional.of(
                tapped
                        ? Plan.Line.of(Plan.Action.CREATE, object, "the tap reads the log from there")
                        : Plan.Line.of(Plan.Action.CHANGE, object, "it is dropped: the tap is off"));
    }

    private String slot(SourceConfig source) {
        return TapConfig.slot(
                source.postgres().slotOf(assembly.pipeline().metadata().name(), source.name()));
    }

    void forget() {
        for (SourceConfig source : assembly.pipeline().sources()) {
            if (source.kind() == SourceConfig.Kind.POSTGRES && source.tap() == SourceConfig.Tap.OFF) {
                forget(source);
            }
        }
    }

    private void forget(SourceConfig source) {
        SourceSessions sessions = new SourceSessions(assembly.source(source));
        String slot = slot(source);
        try {
            // a slot of that name may be somebody else's: only what the tap itself wrote down is its own
            boolean own = reports().stream()
                    .anyMatch(tap ->
                            tap.source().equals(source.name()) && tap.slot().equals(slot));
            if (own && TapRole.forget(sessions::open, slot)) {
                LOG.atInfo().addKeyValue("source", source.name()).log("the tap is off: its slot was dropped");
            }
        } catch (SQLException | Fault e) {
            LOG.atDebug().addKeyValue("source", source.name()).log("not known whether the tap has left a slot");
        }
    }

    /** What they found. */
    List<TapReport> reports() {
        TargetDatabase target = assembly.target();
        try {
            return TapReport.read(target());
        } catch (SQLException e) {
            throw target.fault(e);
        }
    }

    private Connections target() {
        TargetDatabase target = assembly.target();
        return target::open;
    }
}
