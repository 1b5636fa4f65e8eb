package dev.handover.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.mapping.ColumnMapping.Constant;
import dev.handover.mapping.ColumnMapping.From;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.TableMapping.RawPlace;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.row.Constraints;
import dev.handover.row.ForeignKey;
import dev.handover.row.Index;
import dev.handover.row.TableId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Constraints where a source table has several targets, or a target table several sources. */
class ConstraintPlanTest {
    private static final TableId VISIT = TableId.parse("pas.public.visit");
    private static final TableId WARD = TableId.parse("pas.public.ward");

    @Test
    void everyTargetOfASourceTableGetsItsConstraints() {
        List<ConstraintStep> steps = ConstraintPlan.of(
                List.of(constraints(VISIT, WARD), constraints(WARD)),
                List.of(
                        TableMapping.copy(VISIT, TableId.target("clinical", "encounter"), 1),
                        TableMapping.copy(VISIT, TableId.target("clinical", "billing"), 1),
                        TableMapping.copy(WARD, TableId.target("clinical", "ward"), 1)));
        assertThat(steps)
                .filteredOn(step -> step.kind() == ConstraintStep.Kind.FOREIGN_KEY)
                .extracting(step -> step.table().name() + " " + step.sql().isPresent())
                .containsExactlyInAnyOrder("encounter true", "billing true");
        // an index's name is the schema's
        assertThat(steps)
                .filteredOn(step -> step.kind() == ConstraintStep.Kind.INDEX)
                .extracting(ConstraintStep::name)
                .containsExactlyInAnyOrder("encounter_by_ward", "billing_by_ward", "ward_by_ward");
    }

    @Test
    void whatHoldsInOneSourceTableNeedNotHoldInATargetThatSeveralShare() {
        List<ConstraintStep> steps = ConstraintPlan.of(
                List.of(constraints(VISIT, WARD), constraints(WARD)),
                List.of(shared(VISIT, "visit"), shared(WARD, "ward")));
        assertThat(steps)
                .filteredOn(step -> step.kind() != ConstraintStep.Kind.INDEX)
                .isNotEmpty()
                .allSatisfy(step -> {
                    assertThat(step.sql()).isEmpty();
                    assertThat(step.reason()).isEqualTo("several source tables share the target table");
                });
        assertThat(steps)
                .filteredOn(step -> step.kind() == ConstraintStep.Kind.INDEX)
                .extracting(ConstraintStep::name)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void aTableWithAnotherKeyIsNotReferredTo() {
        List<ConstraintStep> steps = ConstraintPlan.of(
                List.of(constraints(VISIT, WARD), constraints(WARD)),
                List.of(TableMapping.copy(VISIT, TableId.target("clinical", "encounter"), 1), shared(WARD, "ward")));
        assertThat(steps)
                .filteredOn(step -> step.kind() == ConstraintStep.Kind.FOREIGN_KEY)
                .extracting(step -> step.sql() + " " + step.reason())
                .containsExactly("Optional.empty the table that it refers to has another key, or fewer rows");
    }

    private static TableMapping shared(TableId source, String kind) {
        return new TableMapping(
                source,
                TableId.target("clinical", "place"),
                1,
                List.of(new Constant("kind", kind), From.copy("id", "id")),
                Rest.COPY,
                Set.of(),
                Optional.empty(),
                List.of("kind", "id"),
                RawPlace.INLINE);
    }

    private static Constraints constraints(TableId table, TableId... referenced) {
        return new Constraints(
                table,
                List.of(new Index("by_ward", List.of("ward"), false), new Index("one", List.of("number"), true)),
                List.of(referenced).stream()
                        .map(other -> new ForeignKey("fk", List.of("ward"), other, List.of("id")))
                        .toList(),
                Map.of("state", "'new'"));
    }
}
