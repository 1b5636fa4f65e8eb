package dev.handover.deploy.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Every key of the pipeline file, one row each, for the reference in the README and for {@code handover help config}.
 */
public final class ConfigReference {
    private ConfigReference() {}

    /**
     * One key.
     *
     * @param path where it stands; {@code []} for an element of a list, {@code *} for a free name
     * @param type what is written there
     * @param absent its value when absent, {@code required}, or empty
     * @param meaning one sentence
     */
    public record Entry(String path, String type, String absent, String meaning) {}

    /** All keys in the order of the records. */
    public static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        collect("", Shape.pipeline(), entries);
        return entries;
    }

    /** The table for the README. */
    public static String markdown() {
        StringBuilder table = new StringBuilder("| Key | Value | When absent | Meaning |\n| --- | --- | --- | --- |\n");
        for (Entry entry : entries()) {
            table.append("| `" + entry.path() + "` | " + entry.type().replace("|", "\\|") + " | "
                    + (entry.absent().isEmpty() || entry.absent().equals("required")
                            ? entry.absent()
                            : "`" + entry.absent() + "`")
                    + " | " + entry.meaning().replace("|", "\\|") + " |\n");
        }
        return table.toString();
    }

    private static void collect(String prefix, Shape.Section section, List<Entry> entries) {
        for (Shape.Field field : section.fields()) {
            String path = prefix + field.name();
            Shape shape = field.shape();
            String absent = field.required() ? "required" : field.key().byDefault();
            entries.add(new Entry(path, type(shape), absent, field.key().value()));
            below(path, shape, entries);
        }
    }

    private static void below(String path, Shape shape, List<Entry> entries) {
        if (shape instanceof Shape.Section section) {
            collect(path + ".", section, entries);
        } else if (shape instanceof Shape.Many many) {
            below(path + "[]", many.element(), entries);
        } else if (shape instanceof Shape.Named named) {
            below(path + ".*", named.element(), entries);
        }
    }

    private static String type(Shape shape) {
        return shape.fold(new Shape.Cases<String>() {
            @Override
            public String scalar(Shape.Scalar scalar) {
                return switch (scalar.kind()) {
                    case TEXT -> "text";
                    case NUMBER -> "number";
                    case FLAG -> "true or false";
                    case DURATION -> "duration";
                    case SIZE -> "size";
                    case ADDRESS -> "address";
                    case SECRET -> "secret reference";
                };
            }

            @Override
            public String choice(Shape.Choice choice) {
                return String.join(" | ", choice.words().keySet());
            }

            @Override
            public String many(Shape.Many many) {
                return many.element() instanceof Shape.Section ? "list" : "list of " + type(many.element());
            }

            @Override
            public String named(Shape.Named named) {
                return named.element() instanceof Shape.Section ? "map" : "map to " + type(named.element());
            }

            @Override
            public String section(Shape.Section section) {
                return "section";
            }
        });
    }
}
