package dev.handover.deploy.config;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every value of a tree of configuration records that is not at its default, by the path of the reference table. */
final class Leaves {
    private Leaves() {}

    static void collect(@Nullable Object value, String path, Map<String, Object> leaves) {
        if (value instanceof Optional<?> optional) {
            optional.ifPresent(inner -> collect(inner, path, leaves));
        } else if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Record) {
            list.forEach(inner -> collect(inner, path + "[]", leaves));
        } else if (value instanceof Map<?, ?> map && map.values().stream().anyMatch(Record.class::isInstance)) {
            map.values().forEach(inner -> collect(inner, path + ".*", leaves));
        } else if (value instanceof Record config && isSection(config)) {
            for (RecordComponent component : config.getClass().getRecordComponents()) {
                collect(
                        read(config, component),
                        path.isEmpty() ? Shape.name(component) : path + "." + Shape.name(component),
                        leaves);
            }
        } else if (value != null && !isDefault(path, value)) {
            leaves.put(path, value);
        }
    }

    private static boolean isSection(Record config) {
        return !(config instanceof SecretRef) && !(config instanceof DataSize);
    }

    private static boolean isDefault(String path, Object value) {
        String text = value instanceof Enum<?> constant
                ? Shape.spelling(constant)
                : value instanceof java.time.Duration span ? Durations.format(span) : value.toString();
        return ConfigReference.entries().stream()
                        .anyMatch(entry -> entry.path().equals(path)
                                && !entry.absent().isEmpty()
                                && (entry.absent().equals(text) || ("[" + entry.absent() + "]").equals(text)))
                || value instanceof List<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty();
    }

    private static @Nullable Object read(Record config, RecordComponent component) {
        try {
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(component + " can't be read", impossible);
        }
    }
}
