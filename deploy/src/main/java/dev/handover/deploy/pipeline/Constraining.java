package dev.handover.deploy.pipeline;

import dev.handover.capture.SourceTable;
import dev.handover.mapping.TableMapping;
import dev.handover.row.Constraints;
import dev.handover.sink.postgres.ConstraintResult;
import dev.handover.sink.postgres.ConstraintStep;
import dev.handover.sink.postgres.TargetConstraints;
import dev.handover.sink.postgres.TargetConstraints.Moment;
import java.util.ArrayList;
import java.util.List;

/**
 * Defaults, indexes, unique constraints and foreign keys of the sources' tables, brought to the target once their load
 * is complete.
 */
public final class Constraining {
    private final Assembly assembly;

    public Constraining(Assembly assembly) {
        this.assembly = assembly;
    }

    /** What would be done, in order, from the sources' catalogs; the target is not asked. */
    public List<ConstraintStep> plan() {
        List<SourceTable> tables = new ArrayList<>();
        assembly.pipeline()
                .sources()
                .forEach(source -> tables.addAll(assembly.inventory(source).tables()));
        return plan(tables);
    }

    /** The same of catalogs that were read already. */
    List<ConstraintStep> plan(List<SourceTable> tables) {
        List<Constraints> constraints = new ArrayList<>();
        List<TableMapping> mappings = new ArrayList<>();
        for (SourceTable table : tables) {
            constraints.add(table.constraints());
            mappings.addAll(assembly.mappings(table.table()));
        }
        return TargetConstraints.plan(constraints, mappings);
    }

    /**
     * The steps that are possible and still to do; changes nothing. @throws dev.handover.fault.Fault as {@link #run}
     */
    List<ConstraintStep> left(List<SourceTable> tables) {
        return new TargetConstraints(assembly.target(), assembly.clock()).left(plan(tables));
    }

    /**
     * Does it, step by step; may be repeated.
     *
     * @param connections how many tables are worked on at once
     * @throws dev.handover.fault.Fault when the target does not answer
     */
    public List<ConstraintResult> run(Moment moment, int connections) {
        return new TargetConstraints(assembly.target(), assembly.clock()).run(plan(), moment, connections);
    }
}
