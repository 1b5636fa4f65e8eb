package dev.handover.deploy.pipeline;

import dev.handover.deploy.config.Mappings;
import dev.handover.deploy.config.Misfit;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.TableConfig;
import dev.handover.mapping.TableMapping;
import dev.handover.row.TableId;
import dev.handover.transform.version.UsedVersion;
import dev.handover.transform.version.VersionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the mapping versions of the file mean what they meant when they were first used; {@link VersionRules}. */
public final class MappingVersions {
    private final Assembly assembly;
    private final PipelineConfig pipeline;
    private final VersionLog log;

    public MappingVersions(Assembly assembly) {
        this.assembly = assembly;
        this.pipeline = assembly.pipeline();
        this.log = assembly.versions();
    }

    /**
     * What is to be refused, by the keys of the file; changes nothing.
     *
     * @throws dev.handover.fault.Fault when Kafka or a map's file can't be read
     */
    public List<Misfit> misfits() {
        return rules().misfits();
    }

    /**
     * As {@link #misfits}; where there is none, what the file uses for the first time is written down. To be called
     * before the first row is made under the file's mappings.
     */
    public List<Misfit> settle() {
        VersionLog.Recorded recorded = log.read();
        VersionRules rules = rules(recorded);
        List<Misfit> misfits = rules.misfits();
        if (!misfits.isEmpty() || recorded.begun() && rules.unrecorded().isEmpty()) {
            return misfits;
        }
        // another process may have written down another file meanwhile: who was first is right
        return rules(log.add(rules.unrecorded())).misfits();
    }

    /** What becomes of the file's versions; changes nothing. @throws dev.handover.fault.Fault as {@link #misfits} */
    VersionRules rules() {
        return rules(log.read());
    }

    private VersionRules rules(VersionLog.Recorded recorded) {
        return new VersionRules(declared(), recorded, new Copies());
    }

    private List<VersionRules.Declared> declared() {
        List<VersionRules.Declared> declared = new ArrayList<>();
        for (int i = 0; i < pipeline.tables().size(); i++) {
            TableConfig table = pipeline.tables().get(i);
            declared.add(new VersionRules.Declared(
                    "tables[" + i + "]" + (table.mappingVersion().isPresent() ? ".mappingVersion" : ""),
                    new UsedVersion(
                            table.from(),
                            table.to(),
                            pipeline.mappingVersion(table),
                            assembly.mappings().fingerprint(table))));
        }
        return declared;
    }

    /** Tables that the file does not declare. */
    private final class Copies implements VersionRules.Undeclared {
        private Optional<Set<String>> read = Optional.empty();

        @Override
        public Optional<String> target(String source) {
            TableId table = TableId.parse(source);
            return pipeline.source(table.database())
                    .filter(captured -> Assembly.selection(captured).selects(table.schema(), table.name()))
                    .map(captured -> TableMapping.undeclared(table, pipeline.targetSchema())
                            .target()
                            .shortText());
        }

        @Override
        public boolean used(String source) {
            if (read.isEmpty()) {
                read = Optional.of(log.topicsRead(assembly.transform().applicationId()));
            }
            return read.get().contains(assembly.topics().source(TableId.parse(source)));
        }

        @Override
        public String copy() {
            return Mappings.fingerprintOfCopy();
        }
    }
}
