package dev.handover.deploy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the maps that columns name are declared, and are what the columns take them for. */
final class MapChecks {
    private final Binder binder;

    MapChecks(Binder binder) {
        this.binder = binder;
    }

    void run() {
        List.copyOf(binder.values().entrySet()).forEach(entry -> {
            if (entry.getValue() instanceof OperationKeys.Codes codes) {
                declared(entry.getKey(), codes.map()).ifPresent(map -> codes(entry.getKey(), codes, map));
            } else if (entry.getValue() instanceof OperationKeys.Unit unit) {
                unit.map()
                        .flatMap(name -> declared(entry.getKey(), name))
                        .filter(map -> map.units().isEmpty())
                        .ifPresent(map -> binder.refuse(
                                "unknown-map",
                                entry.getKey() + ".map",
                                "this is a map of codes",
                                "name one that is declared with  units"));
            }
        });
    }

    private void codes(String path, OperationKeys.Codes codes, MapConfig map) {
        if (map.units().isPresent()) {
            binder.refuse(
                    "unknown-map",
                    path + ".map",
                    "this is a map of units",
                    "name one that is declared with  csv, gem or conceptMap");
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
    private Optional<MapConfig> declared(String path, String name) {
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
        binder.refuse("unknown-map", path + ".map", "no map is named '" + name + "'", hint);
        return Optional.empty();
    }

    /** Whether every map that the table's columns name is there, and is of the kind that they take it for. */
    static boolean sound(TableConfig table, PipelineConfig pipeline) {
        return table.columns().values().stream()
                .allMatch(column -> column.codes()
                                .map(codes -> Optional.ofNullable(
                                                pipeline.maps().get(codes.map()))
                                        .filter(map -> map.units().isEmpty()
                                                && map.keyParts()
                                                        == 1 + codes.columns().size())
                                        .isPresent())
                                .orElse(true)
                        && column.unit()
                                .flatMap(OperationKeys.Unit::map)
                                .map(name -> Optional.ofNullable(pipeline.maps().get(name))
                                        .filter(map -> map.units().isPresent())
                                        .isPresent())
                                .orElse(true));
    }
}
