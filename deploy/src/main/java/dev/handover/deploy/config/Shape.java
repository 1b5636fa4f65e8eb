package dev.handover.deploy.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What may stand at one place of the pipeline file, derived from the type of a record component. */
public sealed interface Shape {

    /** The shape of the whole file. */
    static Section pipeline() {
        return section(PipelineConfig.class);
    }

    /** One function for each alternative. */
    <R> R fold(Cases<R> cases);

    /** A function over all alternatives. */
    interface Cases<R> {
        /** A single value. */
        R scalar(Scalar scalar);

        /** One of a few words. */
        R choice(Choice choice);

        /** A list. */
        R many(Many many);

        /** A map from free names. */
        R named(Named named);

        /** A map from the keys of one record. */
        R section(Section section);
    }

    /** Kinds of single values. */
    enum Kind {
        /** Text. */
        TEXT,
        /** A whole number. */
        NUMBER,
        /** True or false. */
        FLAG,
        /** A span of time with a unit. */
        DURATION,
        /** A number of bytes with a unit. */
        SIZE,
        /** An absolute address. */
        ADDRESS,
        /** A reference to a secret. */
        SECRET
    }

    /** A single value of one kind, within the limits of its key. */
    record Scalar(Kind kind, Class<?> type, Key key) implements Shape {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.scalar(this);
        }
    }

    /** One of a few words, each standing for a constant. */
    record Choice(Class<?> type, Map<String, Object> words) implements Shape {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.choice(this);
        }
    }

    /** A list of at least so many elements. */
    record Many(Shape element, int atLeast) implements Shape {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.many(this);
        }
    }

    /**
     * A map from free names, in the order of the file.
     *
     * @param nullable whether a name may stand for nothing
     */
    record Named(Shape element, boolean nullable) implements Shape {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.named(this);
        }
    }

    /** The keys of one record. */
    record Section(Class<?> type, List<Field> fields) implements Shape {
        /** Copies the list. */
        public Section {
            fields = List.copyOf(fields);
        }

        /** The field of that name. */
        public Optional<Field> field(String name) {
            return fields.stream().filter(field -> field.name().equals(name)).findFirst();
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.section(this);
        }
    }

    /**
     * One key of a section.
     *
     * @param optional whether the component is an {@code Optional}
     */
    record Field(String name, Shape shape, boolean optional, Key key) {
        /** Whether the file must say it. */
        public boolean required() {
            if (optional || !key.byDefault().isEmpty()) {
                return false;
            }
            if (shape instanceof Section section) {
                return section.fields().stream().anyMatch(Field::required);
            }
            return shape instanceof Many many ? many.atLeast() > 0 : !(shape instanceof Named);
        }
    }

    /** The shape of one record. */
    static Section section(Class<?> type) {
        return new Section(
                type,
                Arrays.stream(type.getRecordComponents()).map(Shape::field).toList());
    }

    private static Field field(RecordComponent component) {
        Key key = Objects.requireNonNull(
                component.getAnnotation(Key.class), () -> component + " has no @Key, so the file can't explain it");
        Type type = component.getGenericType();
        boolean optional = type instanceof ParameterizedType generic && generic.getRawType() == Optional.class;
        Shape shape = of(optional ? argument(type, 0) : type, key);
        return new Field(name(component), shape, optional, key);
    }

    /** The key in the file that a component holds. */
    static String name(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        return key == null || key.name().isEmpty() ? component.getName() : key.name();
    }

    private static Shape of(Type type, Key key) {
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == Map.class
                    ? named(argument(type, 1), key)
                    : new Many(of(argument(type, 0), key), key.atLeast());
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return new Choice(plain, words(plain));
        }
        return scalar(plain).<Shape>map(kind -> new Scalar(kind, plain, key)).orElseGet(() -> section(plain));
    }

    private static Named named(Type element, Key key) {
        boolean nullable = element instanceof ParameterizedType generic && generic.getRawType() == Optional.class;
        return new Named(of(nullable ? argument(element, 0) : element, key), nullable);
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static Optional<Kind> scalar(Class<?> type) {
        if (type == String.class) {
            return Optional.of(Kind.TEXT);
        } else if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return Optional.of(Kind.NUMBER);
        } else if (type == boolean.class) {
            return Optional.of(Kind.FLAG);
        } else if (type == Duration.class) {
            return Optional.of(Kind.DURATION);
        } else if (type == DataSize.class) {
            return Optional.of(Kind.SIZE);
        } else if (type == URI.class) {
            return Optional.of(Kind.ADDRESS);
        }
        return type == SecretRef.class ? Optional.of(Kind.SECRET) : Optional.empty();
    }

    private static Map<String, Object> words(Class<?> type) {
        var words = new LinkedHashMap<String, Object>();
        for (Object constant : type.getEnumConstants()) {
            words.put(spelling(constant), constant);
        }
        return Collections.unmodifiableMap(words);
    }

    /** How an enum's constant is written in the file. */
    static String spelling(Object constant) {
        return constant instanceof Spelled spelled
                ? spelled.spelling()
                : ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
