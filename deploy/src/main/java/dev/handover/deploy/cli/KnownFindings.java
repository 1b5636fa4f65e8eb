package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.Assembly;
import dev.handover.fault.Fault;
import dev.handover.mapping.Mapper;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.sink.postgres.FindingLedger;
import java.util.List;
import java.util.Optional;

/** What was found so far, or why that is not known. */
record KnownFindings(Optional<FindingLedger> ledger, String reason) {
    static KnownFindings of(FindingLedger ledger) {
        return new KnownFindings(Optional.of(ledger), "");
    }

    List<FindingLedger.Entry> of(Mapper mapper, String column) {
        return ledger.map(FindingLedger::entries).orElse(List.of()).stream()
                .filter(entry -> entry.total().of().column().equals(column)
                        && entry.total().of().table().equals(mapper.mapping().target())
                        && entry.total().of().source().equals(mapper.mapping().source()))
                .toList();
    }

    /** Under the version that the file names. */
    List<FindingLedger.Entry> current(Mapper mapper, String column) {
        return of(mapper, column).stream()
                .filter(entry ->
                        entry.total().of().mappingVersion() == mapper.mapping().version())
                .toList();
    }

    Answer warn(Answer answer) {
        return ledger.isPresent() ? answer : answer.warn("what was found so far is not known: " + reason);
    }

    /** A pipeline that never ran has found nothing; a target that does not answer hides nothing else. */
    static KnownFindings of(Session session) {
        try {
            Assembly assembly = Pipelines.assembly(session);
            return of(
                    ControlTables.present(assembly.target())
                            ? FindingLedger.read(assembly.target())
                            : FindingLedger.EMPTY);
        } catch (Fault fault) {
            return new KnownFindings(Optional.empty(), String.valueOf(fault.getMessage()));
        }
    }
}
