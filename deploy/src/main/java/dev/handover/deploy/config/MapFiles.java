package dev.handover.deploy.config;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.CodeMapBuilder;
import dev.handover.mapping.code.ConceptMaps;
import dev.handover.mapping.code.CsvCodes;
import dev.handover.mapping.code.CsvPairs;
import dev.handover.mapping.code.GemText;
import dev.handover.mapping.code.InvalidCodeMap;
import dev.handover.mapping.code.Place;
import dev.handover.mapping.code.Unmapped;
import dev.handover.mapping.unit.LocalUnits;
import dev.handover.mapping.unit.Ucum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads maps of codes and units from the files that a pipeline file names. */
public final class MapFiles {
    /** More is no map that fits in memory beside everything else; a guard against the wrong file. */
    public static final int SIZE_MAX_BYTES = 64 << 20;

    private MapFiles() {}

    /**
     * All maps of codes by their names, and those that ConceptMaps refer to as their {@code other-map} linked where
     * they are declared as well.
     *
     * @param configs maps of units among them are passed over
     * @throws Fault when a file can't be read, or maps refer to each other in a circle
     * @throws InvalidPipeline when a file can be read and is wrong, naming its lines
     */
    public static Map<String, CodeMap> codes(Map<String, MapConfig> configs) {
        Map<String, CodeMap> maps = new LinkedHashMap<>();
        configs.forEach((name, config) -> {
            if (config.units().isEmpty()) {
                maps.put(name, read(name, config));
            }
        });
        Map<String, CodeMap> linked = new HashMap<>();
        maps.values().forEach(map -> link(map, maps.values(), linked, new LinkedHashSet<>()));
        maps.replaceAll((name, map) -> linked.getOrDefault(name, map));
        return maps;
    }

    /** All maps of units by their names. @throws Fault @throws InvalidPipeline as {@link #codes} */
    public static Map<String, LocalUnits> units(Map<String, MapConfig> configs) {
        Map<String, LocalUnits> maps = new LinkedHashMap<>();
        configs.forEach((name, config) -> {
            if (config.units().isPresent()) {
                maps.put(name, units(config));
            }
        });
        return maps;
    }

    private static LocalUnits units(MapConfig config) {
        String local = config.key().isEmpty() ? "local" : config.key().get(0).column();
        Map<String, String> meanings = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        try {
            for (CsvPairs.Pair pair : CsvPairs.read(
                    text(Path.of(config.file())),
                    config.between(),
                    local,
                    config.target().orElse("ucum"))) {
                meanings.put(pair.text(), pair.meaning());
                try {
                    LocalUnits.of(Ucum.standard(), Map.of(pair.text(), pair.meaning()), Set.of());
                } catch (IllegalArgumentException wrong) {
                    problems.add(
                            problem(pair.at(), String.valueOf(wrong.getMessage()), "write a UCUM code, '-' or '?'"));
                }
            }
            if (problems.isEmpty()) {
                return LocalUnits.of(Ucum.standard(), meanings, Set.copyOf(config.ignore()));
            }
        } catch (InvalidCodeMap wrong) {
            throw invalid(config.file(), wrong);
        } catch (IllegalArgumentException wrong) {
            problems.add(problem(
                    new Place(1, 1),
                    String.valueOf(wrong.getMessage()),
                    "give both one unit, or ignore fewer differences"));
        }
        throw new InvalidPipeline(config.file(), problems, List.of());
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

    /** One map of codes. @throws Fault when the file can't be read @throws InvalidPipeline when it is wrong */
    static CodeMap read(String name, MapConfig config) {
        return parse(name, config, text(Path.of(config.file())));
    }

    /** A map of codes from the text of its file. @throws InvalidPipeline when it is wrong */
    static CodeMap parse(String name, MapConfig config, String text) {
        CodeMapBuilder builder = CodeMap.builder(name).key(config.parts()).several(config.several());
        config.version().ifPresent(builder::version);
        config.from().ifPresent(builder::from);
        config.to().ifPresent(builder::to);
        try {
            if (config.csv().isPresent()) {
                CsvCodes.read(text, config.layout(), builder);
            } else if (config.gem().isPresent()) {
                GemText.read(text, builder);
            } else {
                ConceptMaps.read(text, new ConceptMaps.Selection(config.url(), config.from(), config.to()), builder);
            }
            return builder.build();
        } catch (InvalidCodeMap wrong) {
            throw invalid(config.file(), wrong);
        }
    }

    private static InvalidPipeline invalid(String file, InvalidCodeMap wrong) {
        List<Problem> problems = wrong.problems().stream()
                .map(problem -> problem(
                        problem.place(),
                        problem.where().isEmpty() ? problem.fact() : problem.where() + ": " + problem.fact(),
                        problem.hint()))
                .toList();
        return (InvalidPipeline) new InvalidPipeline(file, problems, List.of()).initCause(wrong);
    }

    private static Problem problem(Place place, String message, String hint) {
        return new Problem("code-map", "", Math.max(place.line(), 1), Math.max(place.column(), 1), 0, message, hint);
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
