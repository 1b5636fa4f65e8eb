package dev.handover.transform.decide;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.digest.CanonicalBytes;
import dev.handover.digest.Fingerprint;
import dev.handover.digest.FingerprintKey;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;

/**
 * A mapping and one schema of its source table: the mapper, where the two fit together, and the encoder of its rows.
 * Immutable.
 */
public final class Binding {
    private final TableMapping mapping;
    private final Outcome<Bound> bound;

    private Binding(TableMapping mapping, Outcome<Bound> bound) {
        this.mapping = mapping;
        this.bound = bound;
    }

    /** A mapping that fits. */
    public record Bound(Mapper mapper, CanonicalBytes encoder, FingerprintKey fingerprints) {
        /** Of a row of the target. */
        public Fingerprint fingerprint(Row row) {
            return fingerprints.of(encoder, row);
        }

        /** The schema of the target's rows. */
        public TableSchema target() {
            return mapper.target();
        }
    }

    /** Binds a mapping; one that does not fit rejects every change of the table, naming the first column at fault. */
    public static Binding of(TableMapping mapping, TableSchema schema, FingerprintKey fingerprints) {
        Outcome<Bound> bound;
        try {
            Mapper mapper = Mapper.bind(mapping, schema);
            bound = Outcome.accepted(new Bound(mapper, CanonicalBytes.of(mapper.target()), fingerprints));
        } catch (MappingMismatch e) {
            bound = Outcome.rejected(Reason.SCHEMA_MISMATCH, e.problems().get(0).column());
        }
        return new Binding(mapping, bound);
    }

    public TableMapping mapping() {
        return mapping;
    }

    /** The key under which the target knows a row; the source's own while the mapping does not fit. */
    public RowKey targetKey(RowKey key) {
        return bound.fold(fitting -> fitting.mapper().targetKey(key), rejection -> key);
    }

    /** The mapping in force, or the column that it does not fit. */
    public Outcome<Bound> bound() {
        return bound;
    }
}
