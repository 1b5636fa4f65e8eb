package dev.handover.deploy.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one part of the file demands of another. Works on whatever the {@link Binder} could make, so that a typing error
 * in one place does not hide a dangling name in another.
 */
final class CrossChecks {
    private final Binder binder;
    private final Map<String, Object> values;

    CrossChecks(Binder binder) {
        this.binder = binder;
        this.values = binder.values();
    }

    void run() {
        unique("sources", "name", "source");
        unique("sinks", "name", "sink");
        new TableChecks(binder).run();
        new MapChecks(binder).run();
        unique("rules", "name", "rule");
        for (int i = 0; exists("tables", i); i++) {
            tableHasSource("tables[" + i + "].from");
        }
        for (int i = 0; exists("rules", i); i++) {
            tableHasSource("rules[" + i + "].source.table");
            isSource("rules[" + i + "].source.name");
        }
        for (int i = 0; exists("sources", i); i++) {
            namesMakeSlot("sources[" + i + "]");
        }
        List.copyOf(values.entrySet()).forEach(entry -> {
            if (entry.getValue() instanceof SecretRef reference) {
                readable(entry.getKey(), reference);
            }
        });
    }

    private void unique(String list, String key, String noun) {
        Map<String, String> seen = new HashMap<>();
        for (int i = 0; exists(list, i); i++) {
            String path = list + "[" + i + "]." + key;
            text(path).ifPresent(name -> {
                String first = seen.putIfAbsent(name, path);
                if (first != null) {
                    binder.refuse("duplicate-name", path, "the same " + noun + " as " + first, "keep one of them");
                }
            });
        }
    }

    private void tableHasSource(String path) {
        Optional<String> from = text(path);
        if (from.isEmpty()) {
            return;
        }
        known(path, from.get().substring(0, from.get().indexOf('.')));
    }

    private void isSource(String path) {
        text(path).ifPresent(name -> known(path, name));
    }

    private void known(String path, String source) {
        List<String> names = new ArrayList<>();
        for (int i = 0; exists("sources", i); i++) {
            text("sources[" + i + "].name").ifPresent(names::add);
        }
        if (!names.contains(source)) {
            String hint = Suggestion.of(source, names)
                    .map(name -> "did you mean '" + name + "'?")
                    .orElse("sources are: " + String.join(", ", names));
            binder.refuse("unknown-source", path, "no source is named '" + source + "'", hint);
        }
    }

    private void namesMakeSlot(String path) {
        Object kind = values.get(path + ".kind");
        Optional<String> pipeline = text("metadata.name");
        Optional<String> source = text(path + ".name");
        if (kind == SourceConfig.Kind.POSTGRES
                && pipeline.isPresent()
                && source.isPresent()
                && values.get(path + ".postgres") instanceof SourceConfig.Postgres postgres) {
            try {
                postgres.slotOf(pipeline.get(), source.get());
                postgres.publicationOf(pipeline.get(), source.get());
            } catch (Invalid tooLong) {
                binder.refuse("value", path + ".name", String.valueOf(tooLong.getMessage()), tooLong.hint());
            }
        }
    }

    private void readable(String path, SecretRef reference) {
        if (!(values.get("secrets") instanceof SecretsConfig secrets)) {
            return;
        }
        switch (reference.provider()) {
            case ENV -> {
                if (!secrets.env().allows(reference.place())) {
                    refuseSecret(path, "secrets.env.allow");
                }
            }
            case FILE -> below(path, reference, secrets.file().roots(), "secrets.file.roots");
            case DIR -> below(path, reference, secrets.dir().roots(), "secrets.dir.roots");
        }
    }

    // a root that an environment variable names is known only where the pipeline runs
    private void below(String path, SecretRef reference, List<String> roots, String key) {
        Path place = Path.of(reference.place()).normalize();
        boolean allowed = roots.stream().anyMatch(root -> root.startsWith("$") || place.startsWith(Path.of(root)));
        if (!allowed) {
            refuseSecret(path, key);
        }
    }

    private void refuseSecret(String path, String key) {
        binder.refuse(
                "secret-not-allowed", path, "this place may not be read: it is not in " + key, "add it to " + key);
    }

    private boolean exists(String list, int index) {
        return binder.stands(list + "[" + index + "]");
    }

    private Optional<String> text(String path) {
        return values.get(path) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
