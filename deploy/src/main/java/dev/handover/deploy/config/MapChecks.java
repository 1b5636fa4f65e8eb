package dev.handover.deploy.config;

import dev.handover.mapping.InvalidExpression.Spot;
import dev.handover.mapping.cel.CelExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the maps that columns and rules name are declared, and are what these take them for. */
final class MapChecks {
    private static final String ABOUT_UNITS = "this is a map of units";
    private static final String NAME_CODES = "name one that is declared with  csv, gem or conceptMap";

    private final Binder binder;

    MapChecks(Binder binder) {
        this.binder = binder;
    }

    void run() {
        List.copyOf(binder.values().entrySet()).forEach(entry -> {
            String path = entry.getKey();
            if (entry.getValue() instanceof OperationKeys.Codes codes) {
                declared(path + ".map", codes.map(), Optional.empty()).ifPresent(map -> codes(path, codes, map));
            } else if (entry.getValue() instanceof OperationKeys.Unit unit) {
                unit.map()
                        .flatMap(name -> declared(path + ".map", name, Optional.empty()))
                        .filter(map -> map.units().isEmpty())
                        .ifPresent(map -> binder.refuse(
                                "unknown-map",
                                path + ".map",
                                "this is a map of codes",
                                "name one that is declared with  units"));
            } else if (entry.getValue() instanceof TableConfig.Rule rule) {
                expression(path + ".keep", rule.keep());
            } else if (entry.getValue() instanceof TableConfig.Column column) {
                column.cel().ifPresent(text -> expression(path + ".cel", text));
            }
        });
    }

    /** Maps that {@code code} names, each at its character. */
    private void expression(String path, String text) {
        CelExpression.maps(text)
                .forEach((name, spot) -> declared(path, name, Optional.of(spot)).ifPresent(map -> {
                    if (map.units().isPresent()) {
                        binder.refuse("unknown-map", path, ABOUT_UNITS, NAME_CODES, Optional.of(spot));
                    } else if (map.keyParts() != 1) {
                        binder.refuse(
                                "value",
                                path,
                                "the map is looked up by " + map.keyParts() + " columns, and code takes one",
                                "use a column with  codes, which takes several",
                                Optional.of(spot));
                    }
                }));
    }

    private void codes(String path, OperationKeys.Codes codes, MapConfig map) {
        if (map.units().isPresent()) {
            binder.refuse("unknown-map", path + ".map", ABOUT_UNITS, NAME_CODES);
        } else if (map.keyParts() != 1 + codes.columns().size()) {
            binder.refuse(
                    "value",
                    path + ".columns",
                    "the map is looked up by " + map.keyParts() + " columns, and "
                            + (1 + codes.columns().size()) + " are given with the code",
                    "name the source columns of the parts of the map's key behind the first, in their order");
        }
    }

    /** The map, where it could be made; a name that does not stand in the file at all is refused. */
    private Optional<MapConfig> declared(String path, String name, Optional<Spot> at) {
        if (binder.stands("maps." + name)) {
            return binder.values().get("maps." + name) instanceof MapConfig map ? Optional.of(map) : Optional.empty();
        }
        List<String> names = new ArrayList<>();
        if (binder.values().get("maps") instanceof Map<?, ?> maps) {
            maps.keySet().forEach(each -> names.add(String.valueOf(each)));
        }
        String hint = Suggestion.of(name, names)
                .map(near -> "did you mean '" + near + "'?")
                .orElse(names.isEmpty() ? "declare it under maps" : "maps are: " + String.join(", ", names));
        binder.refuse("unknown-map", path, "no map is named '" + name + "'", hint, at);
        return Optional.empty();
    }

    /** Whether every map that the table's columns and rule name is there, and is of the kind that they take it for. */
    static boolean sound(TableConfig table, PipelineConfig pipeline) {
        return table.where().map(rule -> sound(rule.keep(), pipeline)).orElse(true)
                && table.columns().values().stream()
                        .allMatch(column -> column.codes()
                                        .map(codes -> isCodes(
                                                codes.map(), 1 + codes.columns().size(), pipeline))
                                        .orElse(true)
                                && column.cel()
                                        .map(text -> sound(text, pipeline))
                                        .orElse(true)
                                && column.unit()
                                        .flatMap(OperationKeys.Unit::map)
                                        .map(name -> Optional.ofNullable(
                                                        pipeline.maps().get(name))
                                                .filter(map -> map.units().isPresent())
                                                .isPresent())
                                        .orElse(true));
    }

    private static boolean sound(String expression, PipelineConfig pipeline) {
        return CelExpression.maps(expression).keySet().stream().allMatch(name -> isCodes(name, 1, pipeline));
    }

    private static boolean isCodes(String name, int parts, PipelineConfig pipeline) {
        return Optional.ofNullable(pipeline.maps().get(name))
                .filter(map -> map.units().isEmpty() && map.keyParts() == parts)
                .isPresent();
    }
}
