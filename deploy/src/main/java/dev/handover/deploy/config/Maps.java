package dev.handover.deploy.config;

import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.unit.LocalUnits;
import java.util.Map;
import java.util.Objects;

/** The maps of a pipeline, read from their files. */
public record Maps(Map<String, CodeMap> codes, Map<String, LocalUnits> units) {
    public Maps {
        codes = Map.copyOf(codes);
        units = Map.copyOf(units);
    }

    /** All maps that the file names. @throws dev.handover.fault.Fault @throws InvalidPipeline as {@link MapFiles} */
    public static Maps read(PipelineConfig pipeline) {
        return new Maps(MapFiles.codes(pipeline.maps()), MapFiles.units(pipeline.maps()));
    }

    /** A map of codes that the file declares. */
    CodeMap codes(String name) {
        return Objects.requireNonNull(codes.get(name), name);
    }

    /** A map of units that the file declares. */
    LocalUnits units(String name) {
        return Objects.requireNonNull(units.get(name), name);
    }
}
