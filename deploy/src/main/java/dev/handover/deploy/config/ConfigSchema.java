package dev.handover.deploy.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The pipeline file as a JSON schema (2020-12), for editors and other tools. */
public final class ConfigSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ConfigSchema() {}

    /** The whole schema. */
    public static ObjectNode json() {
        ObjectNode schema = JSON.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Handover pipeline, version 1");
        schema.setAll(of(Shape.pipeline()));
        return schema;
    }

    private static ObjectNode of(Shape shape) {
        return shape.fold(new Shape.Cases<ObjectNode>() {
            @Override
            public ObjectNode scalar(Shape.Scalar scalar) {
                return ConfigSchema.scalar(scalar);
            }

            @Override
            public ObjectNode choice(Shape.Choice choice) {
                ObjectNode schema = JSON.objectNode();
                choice.words().keySet().forEach(schema.putArray("enum")::add);
                return schema;
            }

            @Override
            public ObjectNode many(Shape.Many many) {
                ObjectNode schema = JSON.objectNode().put("type", "array");
                schema.set("items", of(many.element()));
                if (many.atLeast() > 0) {
                    schema.put("minItems", many.atLeast());
                }
                return schema;
            }

            @Override
            public ObjectNode named(Shape.Named named) {
                ObjectNode element = of(named.element());
                if (named.nullable() && element.get("type") instanceof ArrayNode types) {
                    types.add("null");
                }
                ObjectNode schema = JSON.objectNode().put("type", "object");
                schema.set("additionalProperties", element);
                return schema;
            }

            @Override
            public ObjectNode section(Shape.Section section) {
                return ConfigSchema.section(section);
            }
        });
    }

    private static ObjectNode section(Shape.Section section) {
        ObjectNode schema = JSON.objectNode().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        for (Shape.Field field : section.fields()) {
            ObjectNode property =
                    JSON.objectNode().put("description", field.key().value());
            property.setAll(of(field.shape()));
            if (!field.key().byDefault().isEmpty() && field.shape() instanceof Shape.Scalar scalar) {
                withDefault(property, scalar, field.key().byDefault());
            } else if (!field.key().byDefault().isEmpty() && field.shape() instanceof Shape.Choice) {
                property.put("default", field.key().byDefault());
            }
            properties.set(field.name(), property);
        }
        var required = JSON.arrayNode();
        section.fields().stream()
                .filter(Shape.Field::required)
                .map(Shape.Field::name)
                .forEach(required::add);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private static void withDefault(ObjectNode property, Shape.Scalar scalar, String text) {
        switch (scalar.kind()) {
            case NUMBER -> property.put("default", Long.parseLong(text));
            case FLAG -> property.put("default", Boolean.parseBoolean(text));
            case TEXT, DURATION, SIZE, ADDRESS, SECRET -> property.put("default", text);
        }
    }

    private static ObjectNode scalar(Shape.Scalar scalar) {
        ObjectNode schema = JSON.objectNode();
        Key key = scalar.key();
        return switch (scalar.kind()) {
            case TEXT -> text(schema, key);
            case NUMBER ->
                schema.put("type", "integer").put("minimum", key.min()).put("maximum", key.max());
            case FLAG -> schema.put("type", "boolean");
            case DURATION -> schema.put("type", "string").put("pattern", anchored(Durations.PATTERN));
            case SIZE -> schema.put("type", "string").put("pattern", anchored(DataSize.PATTERN));
            case ADDRESS ->
                schema.put("type", "string").put("format", "uri").put("pattern", "^[A-Za-z][A-Za-z0-9+.-]*:");
            case SECRET -> schema.put("type", "string").put("pattern", anchored(SecretRef.PATTERN));
        };
    }

    private static ObjectNode text(ObjectNode schema, Key key) {
        if (key.asWritten()) {
            schema.putArray("type").add("string").add("number").add("boolean");
            return schema;
        }
        schema.put("type", "string").put("minLength", 1);
        return key.pattern().isEmpty() ? schema : schema.put("pattern", anchored(key.pattern()));
    }

    private static String anchored(String pattern) {
        return "^(?:" + pattern + ")$";
    }
}
