package dev.handover.transform.topology;

import dev.handover.digest.FingerprintKey;
import dev.handover.mapping.TableMapping;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.transform.decide.Binding;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The binding of every schema that was seen. One task's own: not thread-safe. */
final class Bindings {
    private final Function<TableId, TableMapping> mappings;
    private final FingerprintKey fingerprints;
    private final Map<TableSchema, Binding> bindings = new HashMap<>();

    Bindings(Function<TableId, TableMapping> mappings, FingerprintKey fingerprints) {
        this.mappings = mappings;
        this.fingerprints = fingerprints;
    }

    /** As many are remembered as there are versions of the tables' schemas. */
    Binding of(TableSchema schema) {
        return bindings.computeIfAbsent(schema, seen -> Binding.of(mappings.apply(seen.table()), seen, fingerprints));
    }
}
