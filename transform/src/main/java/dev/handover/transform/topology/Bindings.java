package dev.handover.transform.topology;

import dev.handover.digest.FingerprintKey;
import dev.handover.mapping.TableMapping;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.transform.decide.Binding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The bindings of every schema that was seen, one for each target table. One task's own: not thread-safe. */
final class Bindings {
    private final Function<TableId, List<TableMapping>> mappings;
    private final FingerprintKey fingerprints;
    private final Map<TableSchema, List<Binding>> bindings = new HashMap<>();

    Bindings(Function<TableId, List<TableMapping>> mappings, FingerprintKey fingerprints) {
        this.mappings = mappings;
        this.fingerprints = fingerprints;
    }

    /** As many are remembered as there are versions of the tables' schemas. */
    List<Binding> of(TableSchema schema) {
        return bindings.computeIfAbsent(schema, seen -> mappings.apply(seen.table()).stream()
                .map(mapping -> Binding.of(mapping, seen, fingerprints))
                .toList());
    }
}
