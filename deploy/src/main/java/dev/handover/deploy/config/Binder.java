package dev.handover.deploy.config;

import dev.handover.mapping.InvalidExpression.Spot;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Makes records from a tree of YAML nodes. It never stops at the first problem: whatever could be made is remembered by
 * its path, so that the checks between parts of the file can run on a file that is wrong elsewhere.
 */
final class Binder {
    private final List<String> lines;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    // what could be made of a list or map that is wrong in part
    private final Map<String, Object> parts = new LinkedHashMap<>();

    /** @param text of the file */
    Binder(String text) {
        this.lines = text.lines().toList();
    }

    /** What was found to be wrong so far, in the order of discovery. */
    List<Problem> problems() {
        return problems;
    }

    /** Everything that could be made, by path. */
    Map<String, Object> values() {
        return values;
    }

    /** Whether that path stands in the file, right or wrong. */
    boolean stands(String path) {
        return nodes.containsKey(path);
    }

    /** Adds a problem at the node of a path, or of the nearest path above it that stands in the file. */
    void refuse(String code, String path, String message, String hint) {
        nearest(path).ifPresent(node -> refuse(code, path, node, message, hint));
    }

    /** Where a path stands, or the nearest path above it that stands in the file. */
    Optional<Place> place(String path) {
        return nearest(path).map(Node::getStartMark).map(mark -> new Place(mark.getLine() + 1, mark.getColumn() + 1));
    }

    private Optional<Node> nearest(String path) {
        String place = path;
        while (!nodes.containsKey(place) && !place.isEmpty()) {
            int cut = Math.max(place.lastIndexOf('.'), place.lastIndexOf('['));
            place = place.substring(0, Math.max(cut, 0));
        }
        return Optional.ofNullable(nodes.get(place));
    }

    /** As {@link #refuse(String, String, String, String)}, at a place in the text that stands there. */
    void refuse(String code, String path, String message, String hint, Optional<Spot> at) {
        if (at.isPresent() && nodes.get(path) instanceof ScalarNode text) {
            problems.add(problem(code, path, text, at.get(), message, hint));
        } else {
            refuse(code, path, message, hint);
        }
    }

    private Problem problem(String code, String path, ScalarNode text, Spot at, String message, String hint) {
        int line = text.getStartMark().getLine() + 1;
        int column = text.getStartMark().getColumn() + 1;
        boolean oneLine = text.getStartMark().getLine() == text.getEndMark().getLine();
        return switch (text.getScalarStyle()) {
            case LITERAL ->
                new Problem(code, path, line + at.line(), indentation(line) + at.character(), 1, message, hint);
            case PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED -> {
                int quote = text.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN ? 0 : 1;
                int character = oneLine ? quote + at.character() - 1 : 0;
                yield new Problem(code, path, line, column + character, 1, message, hint);
            }
            // its lines are joined, so the place is that of the whole
            default -> new Problem(code, path, line, column, 1, message, hint);
        };
    }

    /** Blanks before a block of text whose first line follows that line. */
    private int indentation(int after) {
        return lines.stream()
                .skip(after)
                .filter(line -> !line.isBlank())
                .findFirst()
                .map(line -> line.length() - line.stripLeading().length())
                .orElse(0);
    }

    /** Makes what the shape describes; empty when it can't be made, in which case at least one problem was added. */
    Optional<Object> bind(Shape shape, Node node, String path) {
        nodes.put(path, node);
        Optional<Object> made = shape.fold(new Shape.Cases<Optional<Object>>() {
            @Override
            public Optional<Object> scalar(Shape.Scalar scalar) {
                return Binder.this.scalar(scalar, node, path);
            }

            @Override
            public Optional<Object> choice(Shape.Choice choice) {
                return Binder.this.choice(choice, node, path);
            }

            @Override
            public Optional<Object> many(Shape.Many many) {
                return Binder.this.many(many, node, path);
            }

            @Override
            public Optional<Object> named(Shape.Named named) {
                return Binder.this.named(named, node, path);
            }

            @Override
            public Optional<Object> section(Shape.Section section) {
                return Binder.this.section(section, node, path);
            }
        });
        made.ifPresent(value -> values.put(path, value));
        return made;
    }

    private Optional<Object> scalar(Shape.Scalar scalar, Node node, String path) {
        boolean secret = scalar.kind() == Shape.Kind.SECRET;
        if (!(node instanceof ScalarNode text) || node.getTag().equals(Tag.NULL)) {
            refuse("type", path, node, "expected " + word(scalar.kind()), "write it after the colon, on the same line");
            return Optional.empty();
        }
        boolean plain = text.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN;
        boolean looksOtherwise = Stream.of(Tag.INT, Tag.FLOAT, Tag.BOOL).anyMatch(text.getTag()::equals);
        if (scalar.kind() == Shape.Kind.TEXT
                && plain
                && looksOtherwise
                && !scalar.key().asWritten()) {
            refuse("type", path, node, "expected a text, not a number or a flag", "put it in quotes");
            return Optional.empty();
        }
        try {
            return Optional.of(Scalars.parse(scalar, text.getValue()));
        } catch (Invalid invalid) {
            problems.add(problem("value", path, node, secret ? 0 : length(node), message(invalid), invalid.hint()));
            return Optional.empty();
        }
    }

    private Optional<Object> choice(Shape.Choice choice, Node node, String path) {
        List<String> words = List.copyOf(choice.words().keySet());
        if (!(node instanceof ScalarNode text)) {
            refuse("type", path, node, "expected one word", "write one of " + String.join(", ", words));
            return Optional.empty();
        }
        Object constant = choice.words().get(text.getValue());
        if (constant == null) {
            String hint = Suggestion.of(text.getValue(), words)
                    .map(word -> "did you mean '" + word + "'?")
                    .orElse("write one of " + String.join(", ", words));
            refuse("value", path, node, "unknown word for " + last(path), hint);
        }
        return Optional.ofNullable(constant);
    }

    private Optional<Object> many(Shape.Many many, Node node, String path) {
        if (!(node instanceof SequenceNode list)) {
            refuse("type", path, node, "expected a list", "write it as [a, b], or one '- ' line for each element");
            return Optional.empty();
        }
        if (list.getValue().size() < many.atLeast()) {
            refuse("value", path, node, "the list needs at least " + many.atLeast(), "add one");
            return Optional.empty();
        }
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < list.getValue().size(); i++) {
            bind(many.element(), list.getValue().get(i), path + "[" + i + "]").ifPresent(elements::add);
        }
        parts.put(path, elements);
        return elements.size() == list.getValue().size() ? Optional.of(elements) : Optional.empty();
    }

    private Optional<Object> named(Shape.Named named, Node node, String path) {
        Map<String, Object> made = new LinkedHashMap<>();
        Map<String, NodeTuple> entries = entries(node, path);
        entries.forEach((name, entry) -> {
            Node value = entry.getValueNode();
            if (named.nullable() && value.getTag().equals(Tag.NULL)) {
                made.put(name, Optional.empty());
            } else {
                bind(named.element(), value, join(path, name))
                        .ifPresent(element -> made.put(name, named.nullable() ? Optional.of(element) : element));
            }
        });
        parts.put(path, made);
        boolean whole = node instanceof MappingNode map && map.getValue().size() == made.size();
        return whole ? Optional.of(made) : Optional.empty();
    }

    private Optional<Object> section(Shape.Section section, Node node, String path) {
        if (!(node instanceof MappingNode)) {
            refuse("type", path, node, "expected keys and values below " + here(path), "see: handover help config");
            return Optional.empty();
        }
        Map<String, NodeTuple> entries = entries(node, path);
        List<String> known = section.fields().stream().map(Shape.Field::name).toList();
        entries.forEach((name, entry) -> {
            if (!known.contains(name)) {
                unknown(name, entry.getKeyNode(), path, known);
            }
        });
        return record(section, path, field -> {
            NodeTuple entry = entries.get(field.name());
            String below = join(path, field.name());
            if (entry != null) {
                return bind(field.shape(), entry.getValueNode(), below).map(value -> optional(field, value));
            }
            if (field.required()) {
                missing(field, node, path);
                return Optional.empty();
            }
            Optional<Object> value = absent(field, below);
            value.ifPresent(made -> values.put(below, made));
            return value;
        });
    }

    private void unknown(String name, Node key, String path, List<String> known) {
        String hint = Suggestion.of(name, known)
                .map(word -> "did you mean '" + word + "'?")
                .orElse("known here: " + String.join(", ", known));
        problems.add(problem(
                "unknown-key",
                join(path, name),
                key,
                length(key),
                "unknown key '" + name + "' in " + here(path),
                hint));
    }

    private void missing(Shape.Field field, Node node, String path) {
        problems.add(problem(
                "missing-key",
                join(path, field.name()),
                node,
                0,
                "missing key '" + field.name() + "' in " + here(path),
                "add it: " + field.key().value()));
    }

    /** The value of a key that is not in the file and need not be. */
    private Optional<Object> absent(Shape.Field field, String path) {
        if (field.optional()) {
            return Optional.of(Optional.empty());
        }
        String text = field.key().byDefault();
        return field.shape().fold(new Shape.Cases<Optional<Object>>() {
            @Override
            public Optional<Object> scalar(Shape.Scalar scalar) {
                return Optional.of(Scalars.parse(scalar, text));
            }

            @Override
            public Optional<Object> choice(Shape.Choice choice) {
                return Optional.ofNullable(choice.words().get(text));
            }

            @Override
            public Optional<Object> many(Shape.Many many) {
                return Optional.of(text.isEmpty() ? List.of() : List.of(text));
            }

            @Override
            public Optional<Object> named(Shape.Named named) {
                return Optional.of(Map.of());
            }

            @Override
            public Optional<Object> section(Shape.Section section) {
                return record(section, path, inner -> absent(inner, join(path, inner.name())));
            }
        });
    }

    private interface ValueOf {
        Optional<Object> field(Shape.Field field);
    }

    private Optional<Object> record(Shape.Section section, String path, ValueOf valueOf) {
        List<Optional<Object>> arguments =
                section.fields().stream().map(valueOf::field).toList();
        if (arguments.stream().allMatch(Optional::isPresent)) {
            return make(section, path, arguments);
        }
        checkTheRest(section, path, arguments);
        return Optional.empty();
    }

    // the record's own checks run although some of its keys are wrong: with the default in the place of a wrong key, or
    // with what could be made of it; an optional key has no such stand-in, for its absence would be another mistake
    private void checkTheRest(Shape.Section section, String path, List<Optional<Object>> arguments) {
        List<Optional<Object>> complete = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            Shape.Field field = section.fields().get(i);
            String below = join(path, field.name());
            complete.add(arguments
                    .get(i)
                    .or(() -> Optional.ofNullable(parts.get(below)))
                    .or(() -> field.optional() || field.required() ? Optional.empty() : absent(field, below)));
        }
        if (complete.stream().allMatch(Optional::isPresent)) {
            make(section, path, complete);
        }
    }

    private Optional<Object> make(Shape.Section section, String path, List<Optional<Object>> arguments) {
        try {
            Object made = constructor(section.type())
                    .newInstance(arguments.stream().map(Optional::orElseThrow).toArray());
            if (made instanceof Checked whole) {
                whole.check();
            }
            return Optional.of(made);
        } catch (Invalid invalid) {
            return invalid(path, invalid);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof Invalid invalid) {
                return invalid(path, invalid);
            }
            throw new IllegalStateException(section.type() + " failed", refused);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(section.type() + " can't be made", impossible);
        }
    }

    private Optional<Object> invalid(String path, Invalid invalid) {
        refuse("value", join(path, invalid.key()), message(invalid), invalid.hint(), invalid.at());
        return Optional.empty();
    }

    private static Constructor<?> constructor(Class<?> type) throws NoSuchMethodException {
        return type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new));
    }

    private Map<String, NodeTuple> entries(Node node, String path) {
        Map<String, NodeTuple> entries = new LinkedHashMap<>();
        if (!(node instanceof MappingNode map)) {
            refuse("type", path, node, "expected names and values below " + here(path), "write it as name: value");
            return entries;
        }
        for (NodeTuple entry : map.getValue()) {
            Node key = entry.getKeyNode();
            if (!(key instanceof ScalarNode name)) {
                refuse("type", path, key, "a key must be one word", "write it as name: value");
            } else if (entries.putIfAbsent(name.getValue(), entry) != null) {
                problems.add(problem(
                        "duplicate-key",
                        join(path, name.getValue()),
                        key,
                        length(key),
                        "key '" + name.getValue() + "' stands twice in " + here(path),
                        "keep one of them"));
            }
        }
        return entries;
    }

    private void refuse(String code, String path, Node node, String message, String hint) {
        boolean shown =
                node instanceof ScalarNode && !String.valueOf(values.get(path)).startsWith("${");
        problems.add(problem(code, path, node, shown ? length(node) : 0, message, hint));
    }

    private static Problem problem(String code, String path, Node node, int length, String message, String hint) {
        var mark = node.getStartMark();
        return new Problem(code, path, mark.getLine() + 1, mark.getColumn() + 1, length, message, hint);
    }

    // an address may hold a password, and is not shown then
    private static int length(Node node) {
        if (node instanceof ScalarNode text && text.getValue().matches("(?i).*(@|password).*")) {
            return 0;
        }
        boolean oneLine = node.getStartMark().getLine() == node.getEndMark().getLine();
        return oneLine ? node.getEndMark().getColumn() - node.getStartMark().getColumn() : 0;
    }

    private static Object optional(Shape.Field field, Object value) {
        return field.optional() ? Optional.of(value) : value;
    }

    private static String message(Invalid invalid) {
        @Nullable String message = invalid.getMessage();
        return message == null ? "not valid" : message;
    }

    private static String word(Shape.Kind kind) {
        return switch (kind) {
            case TEXT -> "a text";
            case NUMBER -> "a whole number";
            case FLAG -> "true or false";
            case DURATION -> "a duration, such as 30s";
            case SIZE -> "a size, such as 128MiB";
            case ADDRESS -> "an address";
            case SECRET -> "a reference to a secret";
        };
    }

    private static String here(String path) {
        return path.isEmpty() ? "the file" : path;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private static String join(String path, String key) {
        if (key.isEmpty() || path.isEmpty()) {
            return path + key;
        }
        return path + "." + key;
    }
}
