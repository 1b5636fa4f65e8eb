package dev.handover.deploy.config;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.CodeMapBuilder;
import dev.handover.mapping.code.ConceptMaps;
import dev.handover.mapping.code.CsvCodes;
import dev.handover.mapping.code.GemText;
import dev.handover.mapping.code.InvalidCodeMap;
import dev.handover.mapping.code.Unmapped;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads maps of codes from the files that a pipeline file names. */
public final class CodeMapFiles {
    /** More is no code map that fits in memory beside everything else; a guard against the wrong file. */
    public static final int SIZE_MAX_BYTES = 64 << 20;

    private CodeMapFiles() {}

    /**
     * All maps by their names, and those that ConceptMaps refer to as their {@code other-map} linked where they are
     * declared as well.
     *
     * @param directory that relative file names start from
     * @throws Fault when a file can't be read, or maps refer to each other in a circle
     * @throws InvalidPipeline when a file can be read and is wrong, naming its lines
     */
    public static Map<String, CodeMap> readAll(List<CodeMapConfig> configs, Path directory) {
        Map<String, CodeMap> maps = new LinkedHashMap<>();
        for (CodeMapConfig config : configs) {
            if (maps.putIfAbsent(config.name(), read(config, directory)) != null) {
                throw Fault.of(
                        ExitCode.USAGE,
                        "code-map-twice",
                        "two maps are called " + config.name(),
                        "give each map a name of its own");
            }
        }
        Map<String, CodeMap> linked = new HashMap<>();
        maps.values().forEach(map -> link(map, maps.values(), linked, new LinkedHashSet<>()));
        maps.replaceAll((name, map) -> linked.getOrDefault(name, map));
        return maps;
    }

    private static CodeMap link(CodeMap map, Collection<CodeMap> maps, Map<String, CodeMap> linked, Set<String> path) {
        CodeMap known = linked.get(map.name());
        if (known != null) {
            return known;
        }
        if (!path.add(map.name())) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "code-map-circle",
                    "maps send unknown codes to each other: " + String.join(", ", path),
                    "end the circle in one of the files");
        }
        CodeMap whole = map.unmapped() instanceof Unmapped.OtherMap other
                ? maps.stream()
                        .filter(each -> !each.url().isEmpty() && each.url().equals(withoutVersion(other.url())))
                        .findFirst()
                        .map(next -> map.linkedTo(link(next, maps, linked, path)))
                        .orElse(map)
                : map;
        linked.put(map.name(), whole);
        return whole;
    }

    private static String withoutVersion(String canonical) {
        int bar = canonical.indexOf('|');
        return bar < 0 ? canonical : canonical.substring(0, bar);
    }

    /** One map. @throws Fault when the file can't be read @throws InvalidPipeline when it is wrong */
    public static CodeMap read(CodeMapConfig config, Path directory) {
        Path file = directory.resolve(config.file());
        return parse(config, file.toString(), text(file));
    }

    /**
     * A map from the text of its file.
     *
     * @param file what to call the file in messages
     * @throws InvalidPipeline when it is wrong
     */
    public static CodeMap parse(CodeMapConfig config, String file, String text) {
        CodeMapBuilder builder =
                CodeMap.builder(config.name()).key(config.keyParts()).several(config.several());
        config.version().ifPresent(builder::version);
        config.from().ifPresent(builder::from);
        config.to().ifPresent(builder::to);
        try {
            switch (config.format()) {
                case CSV -> CsvCodes.read(text, config.layout(), builder);
                case GEM -> GemText.read(text, builder);
                case CONCEPT_MAP ->
                    ConceptMaps.read(
                            text, new ConceptMaps.Selection(config.url(), config.from(), config.to()), builder);
            }
            return builder.build();
        } catch (InvalidCodeMap wrong) {
            List<Problem> problems = wrong.problems().stream()
                    .map(problem -> new Problem(
                            "code-map",
                            problem.where(),
                            Math.max(problem.place().line(), 1),
                            Math.max(problem.place().column(), 1),
                            0,
                            problem.where().isEmpty() ? problem.fact() : problem.where() + ": " + problem.fact(),
                            problem.hint()))
                    .toList();
            throw (InvalidPipeline) new InvalidPipeline(file, problems, List.of()).initCause(wrong);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > SIZE_MAX_BYTES) {
                throw Fault.of(
                        ExitCode.USAGE, "code-map-too-large", file + " is above 64 MiB", "name the file of a code map");
            }
            byte[] bytes = Files.readAllBytes(file);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException missing) {
            throw Fault.causedBy(
                    missing,
                    ExitCode.USAGE,
                    "code-map-missing",
                    "no code map at " + file,
                    "write the file's name as seen from the directory of the pipeline file");
        } catch (CharacterCodingException wrong) {
            throw Fault.causedBy(
                    wrong, ExitCode.USAGE, "code-map-unreadable", file + " is not UTF-8", "save it as UTF-8");
        } catch (IOException unreadable) {
            throw Fault.causedBy(
                    unreadable,
                    ExitCode.USAGE,
                    "code-map-unreadable",
                    file + " can't be read",
                    "name a file that this user may read");
        }
    }
}
