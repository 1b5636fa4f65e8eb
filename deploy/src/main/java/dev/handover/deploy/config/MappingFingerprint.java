package dev.handover.deploy.config;

import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.cel.CelExpression;
import dev.handover.mapping.code.CodeMap;
import java.lang.reflect.RecordComponent;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What the pipeline file declares about the rows of a table, as one SHA-256: two declarations that have the same one
 * make the same rows. It is of the declaration, not of the columns that the source happens to have.
 *
 * <p>Into it go all keys below {@code tables[]} as the reader understood them, and the contents of every map that a
 * column or an expression uses. Left out are {@link #LEFT_OUT}, the two tables (they are what a fingerprint is
 * remembered by), comments, the order of keys and of {@link #SETS}. A key that is at its default is as good as absent,
 * so a release that adds a key changes no fingerprint. {@code "*"} stands for what becomes of all other columns, and
 * {@code timezone: source} for the zone.
 *
 * <p>The bytes are those of {@link #FORM}, a line feed and {@link #declaration}, in UTF-8.
 */
final class MappingFingerprint {
    /** Raised when the bytes are made in another way or a default changes, which makes every mapping a changed one. */
    private static final String FORM = "handover mapping 1";

    /** Keys that change no row. */
    static final Set<String> LEFT_OUT =
            Set.of("from", "to", "mappingVersion", "where.rule", "columns.*.limits", "limits", "drift");

    /** Lists whose order means nothing. */
    static final Set<String> SETS = Set.of("drop", "columns.*.known", "columns.*.unit.expected");

    private static final Shape.Section TABLE = Shape.section(TableConfig.class);
    private static final String ALL = "*";
    // what a code or a sentinel becomes where the file says null; a text is never this
    private static final Object NOTHING = List.of();

    private final ZoneId clock;
    private final Supplier<Maps> maps;

    /**
     * @param clock the zone that {@code timezone: source} means
     * @param maps of the pipeline, asked for where a column uses one
     */
    MappingFingerprint(ZoneId clock, Supplier<Maps> maps) {
        this.clock = clock;
        this.maps = maps;
    }

    /** Of a table that nobody declared. */
    static String ofCopy() {
        return of(new TreeMap<>());
    }

    /** Of a declared table, in 64 hexadecimal digits. */
    String of(TableConfig table) {
        return of(declaration(table));
    }

    private static String of(SortedMap<String, Object> declaration) {
        return PlainJson.sha256(FORM + "\n" + PlainJson.text(declaration));
    }

    /** What is declared, as texts, lists and sorted maps; an empty list stands for null. */
    SortedMap<String, Object> declaration(TableConfig table) {
        SortedMap<String, Object> declared = section(TABLE, table, "");
        if (declared.get("columns") instanceof Map<?, ?> columns && columns.remove(ALL) != null && columns.isEmpty()) {
            declared.remove("columns");
        }
        if (table.drop().contains(ALL)) {
            List<String> dropped = table.drop().stream()
                    .filter(name -> !name.equals(ALL))
                    .sorted()
                    .toList();
            declared.put("drop", dropped);
            declared.remove("drop", List.of());
        }
        if (table.rest() != Rest.COPY) {
            declared.put("rest", Shape.spelling(table.rest()));
        }
        return declared;
    }

    private SortedMap<String, Object> section(Shape.Section section, Object value, String path) {
        SortedMap<String, Object> fields = new TreeMap<>();
        RecordComponent[] components = section.type().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            Shape.Field field = section.fields().get(i);
            String place = path.isEmpty() ? field.name() : path + "." + field.name();
            if (!LEFT_OUT.contains(place)) {
                present(field, read(value, components[i]))
                        .ifPresent(found -> fields.put(field.name(), plain(field.shape(), found, place)));
            }
        }
        return fields;
    }

    private static Object read(Object value, RecordComponent component) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(component + " can't be read", impossible);
        }
    }

    /** What the file says at a key; empty where it says nothing, or what is so without it. */
    private static Optional<Object> present(Shape.Field field, Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(Object.class::cast);
        }
        boolean nothing = value instanceof List<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty()
                || !field.key().byDefault().isEmpty()
                        && spelling(value).equals(field.key().byDefault());
        return nothing ? Optional.empty() : Optional.of(value);
    }

    private static String spelling(Object value) {
        return value instanceof Enum<?> constant ? Shape.spelling(constant) : String.valueOf(value);
    }

    private Object plain(Shape shape, Object value, String path) {
        return shape.fold(new Shape.Cases<Object>() {
            @Override
            public Object scalar(Shape.Scalar scalar) {
                return text(path, spelling(value));
            }

            @Override
            public Object choice(Shape.Choice choice) {
                return spelling(value);
            }

            @Override
            public Object many(Shape.Many many) {
                List<Object> elements = new ArrayList<>();
                ((List<?>) value).forEach(element -> elements.add(plain(many.element(), element, path)));
                return SETS.contains(path)
                        ? elements.stream().distinct().sorted().toList()
                        : elements;
            }

            @Override
            public Object named(Shape.Named named) {
                SortedMap<String, Object> elements = new TreeMap<>();
                ((Map<?, ?>) value)
                        .forEach((name, element) -> elements.put(
                                String.valueOf(name),
                                element instanceof Optional<?> optional
                                        ? optional.map(each -> plain(named.element(), each, path + ".*"))
                                                .orElse(NOTHING)
                                        : plain(named.element(), element, path + ".*")));
                return elements;
            }

            @Override
            public Object section(Shape.Section section) {
                return MappingFingerprint.this.section(section, value, path);
            }
        });
    }

    /** A name stands for what it names. */
    private Object text(String path, String text) {
        return switch (path) {
            case "columns.*.timezone" -> text.equals("source") ? clock.getId() : text;
            case "columns.*.codes.map" -> contents(maps.get().codes(text));
            case "columns.*.unit.map" ->
                PlainJson.sha256(PlainJson.text(MapContents.of(maps.get().units(text))));
            case "where.keep", "columns.*.cel" -> expression(text);
            default -> text;
        };
    }

    /** With the contents of the maps that it asks, where it asks any. */
    private Object expression(String text) {
        SortedMap<String, Object> asked = new TreeMap<>();
        for (String name : CelExpression.maps(text).keySet()) {
            asked.put(name, contents(maps.get().codes(name)));
        }
        return asked.isEmpty() ? text : List.of(text, asked);
    }

    private static String contents(CodeMap map) {
        return PlainJson.sha256(PlainJson.text(MapContents.of(map)));
    }
}
