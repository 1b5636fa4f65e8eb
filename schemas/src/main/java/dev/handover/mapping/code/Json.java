package dev.handover.mapping.code;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON document whose every value knows its place and its path. A name that stands twice in an object is refused. */
final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Place place;
    private final String path;
    private final JsonToken token;
    private final String text;
    private final Map<String, Json> fields;
    private final List<Json> elements;

    private Json(
            Place place, String path, JsonToken token, String text, Map<String, Json> fields, List<Json> elements) {
        this.place = place;
        this.path = path;
        this.token = token;
        this.text = text;
        this.fields = fields;
        this.elements = elements;
    }

    /** Reads a whole document. @throws InvalidCodeMap when it is no JSON */
    static Json parse(String document) throws InvalidCodeMap {
        try (JsonParser parser = FACTORY.createParser(document)) {
            if (parser.nextToken() == null) {
                throw InvalidCodeMap.of(new Place(1, 1), "", "the file is empty", "name a FHIR ConceptMap in JSON");
            }
            Json json = value(parser, "");
            if (parser.nextToken() != null) {
                throw InvalidCodeMap.of(
                        place(parser.currentTokenLocation()),
                        "",
                        "something follows the end of the document",
                        "keep one JSON document in the file");
            }
            return json;
        } catch (JsonProcessingException wrong) {
            // its message may quote the file
            JsonLocation location = wrong.getLocation();
            throw InvalidCodeMap.of(
                    location == null ? Place.NOWHERE : place(location),
                    "",
                    "not JSON, or a name twice in one object",
                    "check commas, quotes and brackets at and above this line");
        } catch (IOException impossible) {
            throw new IllegalStateException("a text could not be read", impossible);
        }
    }

    private static Json value(JsonParser parser, String path) throws IOException {
        Place place = place(parser.currentTokenLocation());
        JsonToken token = parser.currentToken();
        Map<String, Json> fields = new LinkedHashMap<>();
        List<Json> elements = new ArrayList<>();
        String text = "";
        if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                fields.put(name, value(parser, path.isEmpty() ? name : path + "." + name));
            }
        } else if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser, path + "[" + elements.size() + "]"));
            }
        } else if (token.isScalarValue()) {
            text = parser.getText();
        }
        return new Json(place, path, token, text, fields, elements);
    }

    private static Place place(JsonLocation location) {
        return new Place(location.getLineNr(), location.getColumnNr());
    }

    Place place() {
        return place;
    }

    String path() {
        return path;
    }

    boolean isObject() {
        return token == JsonToken.START_OBJECT;
    }

    /** The member of that name. */
    Optional<Json> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** The elements of the member of that name; none when it is absent. @throws InvalidCodeMap when it is no array */
    List<Json> array(String name) throws InvalidCodeMap {
        Json field = fields.get(name);
        if (field == null) {
            return List.of();
        }
        if (field.token != JsonToken.START_ARRAY) {
            throw InvalidCodeMap.of(field.place, field.path, "not an array", "put it in square brackets");
        }
        return field.elements;
    }

    /**
     * The text of the member of that name, empty when it is absent.
     *
     * @throws InvalidCodeMap when it is no text: a code that is written as a number has lost its leading zeros, and
     *     readers lose its digits above 2^53
     */
    String text(String name) throws InvalidCodeMap {
        Json field = fields.get(name);
        if (field == null) {
            return "";
        }
        if (field.token != JsonToken.VALUE_STRING) {
            throw InvalidCodeMap.of(
                    field.place, field.path, "not a text", "put it in quotes: codes are text, never numbers");
        }
        return field.text;
    }

    /** Whether the member of that name is {@code true}. @throws InvalidCodeMap when it is neither true nor false */
    boolean flag(String name) throws InvalidCodeMap {
        Json field = fields.get(name);
        if (field == null || field.token == JsonToken.VALUE_FALSE) {
            return false;
        }
        if (field.token != JsonToken.VALUE_TRUE) {
            throw InvalidCodeMap.of(field.place, field.path, "neither true nor false", "write true or false");
        }
        return true;
    }

    /** The text of a value that is text, a number or a boolean, as it is written. */
    Optional<String> scalar() {
        return token.isScalarValue() && token != JsonToken.VALUE_NULL ? Optional.of(text) : Optional.empty();
    }
}
