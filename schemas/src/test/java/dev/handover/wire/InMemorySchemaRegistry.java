package dev.handover.wire;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;

/** A registry in memory that enforces {@code BACKWARD_TRANSITIVE}, as a real one is told to. */
public final class InMemorySchemaRegistry implements SchemaRegistry {
    private final Map<String, List<Schema>> subjects = new ConcurrentHashMap<>();
    private final List<Schema> schemas = new ArrayList<>();

    @Override
    public synchronized int register(String subject, Schema schema) {
        List<Schema> versions = subjects.computeIfAbsent(subject, s -> new ArrayList<>());
        if (!versions.contains(schema)) {
            try {
                new SchemaValidatorBuilder().canReadStrategy().validateAll().validate(schema, versions);
            } catch (SchemaValidationException e) {
                throw Fault.of(ExitCode.CONFLICT, "schema-incompatible", "subject \"" + subject + "\" refuses", "");
            }
            versions.add(0, schema);
        }
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        return schemas.indexOf(schema) + 1;
    }

    @Override
    public synchronized Schema schema(int id) {
        if (id < 1 || id > schemas.size()) {
            throw Fault.of(ExitCode.FAILED, "schema-unknown", "the registry knows no schema " + id, "");
        }
        return schemas.get(id - 1);
    }
}
