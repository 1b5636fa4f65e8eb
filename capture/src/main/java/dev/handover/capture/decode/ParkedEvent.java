package dev.handover.capture.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * A change of a parked table as JSON that needs no schema: the texts that the source printed, and the types that it
 * named. It holds values, and goes nowhere but into the bytes of a dead letter.
 *
 * <pre>{"table": "pas.public.patient", "op": "u", "position": "01...", "transaction": "...", "committedAt": millis,
 * "types": {"id": "HANDOVER:23"}, "before": {...} | null, "after": {...} | null, "unchanged": ["scan"]}</pre>
 */
final class ParkedEvent {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ParkedEvent() {}

    static String of(
            LogFormat format, TableId table, Struct value, String op, SourcePosition position, String transaction) {
        Map<String, Object> event = new LinkedHashMap<>();
        List<String> unchanged = new ArrayList<>();
        Struct before = image(value, "before");
        Struct after = image(value, "after");
        event.put("table", table.text());
        event.put("op", op);
        event.put("position", HexFormat.of().formatHex(position.bytes()));
        event.put("transaction", transaction);
        event.put("committedAt", value.getStruct("source").getInt64("ts_ms"));
        event.put("types", types(after == null ? before : after));
        event.put("before", texts(format, before, unchanged));
        event.put("after", texts(format, after, unchanged));
        event.put("unchanged", unchanged);
        return text(event);
    }

    /** The key as the log tells it. */
    static Optional<String> key(@Nullable Object key) {
        if (!(key instanceof Struct struct)) {
            return Optional.empty();
        }
        Map<String, Object> texts = new LinkedHashMap<>();
        struct.schema().fields().forEach(field -> texts.put(field.name(), struct.getWithoutDefault(field.name())));
        return Optional.of(text(texts));
    }

    private static @Nullable Struct image(Struct value, String name) {
        return value.schema().field(name) == null ? null : value.getStruct(name);
    }

    private static Map<String, String> types(@Nullable Struct image) {
        Map<String, String> types = new LinkedHashMap<>();
        if (image != null) {
            for (Field field : image.schema().fields()) {
                Map<String, String> told = field.schema().parameters();
                types.put(field.name(), told == null ? "" : told.getOrDefault(LogFormat.TYPE, ""));
            }
        }
        return types;
    }

    private static @Nullable Map<String, Object> texts(
            LogFormat format, @Nullable Struct image, List<String> unchanged) {
        if (image == null) {
            return null;
        }
        Map<String, Object> texts = new LinkedHashMap<>();
        for (Field field : image.schema().fields()) {
            Object text = image.getWithoutDefault(field.name());
            if (text != null && format.unchanged(text)) {
                unchanged.add(field.name());
            } else {
                texts.put(field.name(), text);
            }
        }
        return texts;
    }

    private static String text(Map<String, Object> event) {
        try {
            return JSON.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            // Its text would quote the value.
            throw new IllegalStateException("a change of a parked table is not JSON");
        }
    }
}
