package dev.handover.deploy.config;

import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.KeyPart;
import dev.handover.mapping.code.Target;
import dev.handover.mapping.code.Translation;
import dev.handover.mapping.code.Unmapped;
import dev.handover.mapping.unit.LocalUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a map of codes or units says, as lists and texts that are equal when every row comes out the same: what is
 * looked up and what is found, not how the file is written. The order of lines, blanks of JSON, names of columns, the
 * map's own name, its edition and its address are not in it.
 */
final class MapContents {
    private MapContents() {}

    /** Of a map of codes, and of the maps that it sends unknown codes to. */
    static List<Object> of(CodeMap map) {
        List<String> entries = new ArrayList<>();
        map.forEach((key, translation) -> entries.add(PlainJson.text(List.of(
                key,
                word(translation.kind()),
                translation.fold(TARGETS),
                // the spelling of the code that is given back decides which rows keep theirs
                translation.single().flatMap(target -> map.keyOf(target.code())).orElse(List.of())))));
        entries.sort(String::compareTo);
        return List.of(
                map.to(), map.key().stream().map(MapContents::forms).toList(), unmapped(map.unmapped()), entries);
    }

    /** Of a map of units. */
    static List<Object> of(LocalUnits units) {
        List<String> entries = new ArrayList<>();
        units.forEach((text, meaning) -> entries.add(PlainJson.text(List.of(
                text,
                meaning.<String>fold(
                        known -> known.code(), () -> LocalUnits.NO_UNIT, unknown -> LocalUnits.AMBIGUOUS)))));
        entries.sort(String::compareTo);
        return List.of(units.ignored().stream().map(MapContents::word).sorted().toList(), entries);
    }

    private static List<String> forms(KeyPart part) {
        return part.forms().stream().map(MapContents::word).toList();
    }

    private static List<Object> unmapped(Unmapped unmapped) {
        if (unmapped instanceof Unmapped.Provided provided) {
            return List.of("provided", word(provided.relation()));
        }
        if (unmapped instanceof Unmapped.Fixed fixed) {
            return List.of("fixed", target(fixed.target()));
        }
        // another map that is not at hand knows no code
        Optional<CodeMap> other =
                unmapped instanceof Unmapped.OtherMap delegated ? delegated.map() : Optional.<CodeMap>empty();
        return other.<List<Object>>map(map -> List.of("other", of(map))).orElse(List.of());
    }

    private static List<String> target(Target target) {
        return List.of(target.code(), target.display(), word(target.relation()), target.system(), target.property());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static final Translation.Cases<List<Object>> TARGETS = new Translation.Cases<>() {
        @Override
        public List<Object> exact(Translation.Exact exact) {
            return List.of(target(exact.target()));
        }

        @Override
        public List<Object> approximate(Translation.Approximate approximate) {
            return List.of(target(approximate.target()));
        }

        @Override
        public List<Object> choice(Translation.Choice choice) {
            return List.of(
                    choice.targets().stream().map(MapContents::target).toList(), String.valueOf(choice.orNone()));
        }

        @Override
        public List<Object> combination(Translation.Combination combination) {
            return List.of(
                    combination.alternatives().stream()
                            .map(cluster -> cluster.parts().stream()
                                    .map(part -> part.stream()
                                            .map(MapContents::target)
                                            .toList())
                                    .toList())
                            .toList(),
                    String.valueOf(combination.orNone()));
        }

        @Override
        public List<Object> noMap(Translation.NoMap noMap) {
            return List.of();
        }

        @Override
        public List<Object> nothing(Translation.Nothing nothing) {
            return List.of();
        }

        @Override
        public List<Object> fallback(Translation.Fallback fallback) {
            return List.of(target(fallback.target()));
        }

        @Override
        public List<Object> unknown(Translation.Unknown unknown) {
            return List.of();
        }
    };
}
