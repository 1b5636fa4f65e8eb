package dev.handover.deploy.config;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds every reference to a secret in a tree of configuration records. */
final class References {
    private References() {}

    /** All references by their path, in the order of the records. */
    static Map<String, SecretRef> of(Record config) {
        Map<String, SecretRef> found = new LinkedHashMap<>();
        collect(config, "", found);
        return found;
    }

    private static void collect(@Nullable Object value, String path, Map<String, SecretRef> found) {
        if (value instanceof SecretRef reference) {
            found.put(path, reference);
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(inner -> collect(inner, path, found));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(list.get(i), path + "[" + i + "]", found);
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> collect(inner, path + "." + name, found));
        } else if (value instanceof Record config && config.getClass().getPackage() == References.class.getPackage()) {
            for (RecordComponent component : config.getClass().getRecordComponents()) {
                collect(
                        read(config, component),
                        path.isEmpty() ? component.getName() : path + "." + component.getName(),
                        found);
            }
        }
    }

    private static @Nullable Object read(Record config, RecordComponent component) {
        try {
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(component + " can't be read", impossible);
        }
    }
}
