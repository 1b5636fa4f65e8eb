package dev.handover.wire;

import dev.handover.wire.AvroBinary.UndecodableBytes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * The fields of a record as one writer's schema has them, each as a member of an enum of ours whose names, in lower
 * case, are the fields'. A reader goes through them in the writer's order, so records of older schemas are read as they
 * are.
 */
final class RecordLayout<F extends Enum<F> & RecordLayout.Field> {
    private final List<F> fields;
    private final Map<F, List<String>> symbols;

    /** What is known of a field. */
    interface Field {
        Schema.Type type();

        /** Whether older writers did not have it. */
        boolean isLater();
    }

    private RecordLayout(List<F> fields, Map<F, List<String>> symbols) {
        this.fields = fields;
        this.symbols = symbols;
    }

    /** @throws IllegalArgumentException when it is a schema of something else */
    static <F extends Enum<F> & Field> RecordLayout<F> of(Schema writer, Class<F> known) {
        List<F> fields = new ArrayList<>();
        Map<F, List<String>> symbols = new EnumMap<>(known);
        EnumSet<F> missing = EnumSet.allOf(known);
        for (Schema.Field field : writer.getFields()) {
            F member = Enum.valueOf(known, field.name().toUpperCase(Locale.ROOT));
            if (field.schema().getType() != member.type() || !missing.remove(member)) {
                throw new IllegalArgumentException("field \"" + field.name() + "\" is of another contract");
            }
            if (member.type() == Schema.Type.ENUM) {
                symbols.put(member, field.schema().getEnumSymbols());
            }
            fields.add(member);
        }
        missing.removeIf(Field::isLater);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("fields are missing: " + missing);
        }
        return new RecordLayout<>(List.copyOf(fields), symbols);
    }

    List<F> fields() {
        return fields;
    }

    /** The member that the writer's symbol names. @throws IllegalArgumentException when we have none of that name */
    <E extends Enum<E>> E symbol(F field, Class<E> members, AvroIn in) throws UndecodableBytes {
        List<String> names = symbols.getOrDefault(field, List.of());
        return Enum.valueOf(members, names.get(in.index(names.size())));
    }
}
