package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.SourceTable;
import dev.handover.capture.SourceTable.ReplicaIdentity;
import dev.handover.deploy.config.Mappings;
import dev.handover.deploy.config.Misfit;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.Samples;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Constraints;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MappingChecksTest {
    private static final TableId VISIT = TableId.parse("pas.public.visit");

    @Test
    void whatDoesNotFitOneOfSeveralTargetsIsToldByTheKeyOfTheFile() {
        PipelineConfig pipeline =
                PipelineFile.parse("p", Samples.resource("/dev/handover/deploy/config/smallest.yaml") + """
                        tables:
                          - {from: pas.public.visit, to: clinical.encounter}
                          - from: pas.public.visit
                            to: clinical.stay
                            targetKey: [started]
                            columns:
                              id: {from: id, trim: true}
                              started: {from: seen, timezone: UTC}
                              ward: {from: no_such}
                            drop: [gone]
                        """);
        assertThat(MappingChecks.of(pipeline, new Mappings(pipeline), table()))
                .extracting(Misfit::path)
                .containsExactly(
                        "tables[1].drop",
                        "tables[1].columns.id.trim",
                        "tables[1].columns.ward.from",
                        "tables[1].targetKey",
                        "tables[1].columns.id");
    }

    private static SourceTable table() {
        TableSchema schema = new TableSchema(
                VISIT,
                List.of(
                        new Column("id", ColumnType.of(Kind.INT64), false),
                        new Column("seen", ColumnType.of(Kind.TIMESTAMP), true)),
                List.of("id"));
        return new SourceTable(
                VISIT,
                Optional.of(schema),
                new Constraints(VISIT, List.of(), List.of(), Map.of()),
                0,
                0,
                ReplicaIdentity.KEY,
                Optional.empty());
    }
}
