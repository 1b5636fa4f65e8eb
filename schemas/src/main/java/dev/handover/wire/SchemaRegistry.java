package dev.handover.wire;

import org.apache.avro.Schema;

/**
 * Where writers leave the schema of a record and readers find it, by a number. Implementations are safe for many
 * threads.
 */
public interface SchemaRegistry {
    /**
     * The number of a schema, registered under the subject if it is not yet.
     *
     * @throws dev.handover.fault.Fault {@code schema-incompatible} when the subject's rule refuses it,
     *     {@code registry-unreachable} when no answer comes
     */
    int register(String subject, Schema schema);

    /**
     * The schema of a number.
     *
     * @throws dev.handover.fault.Fault {@code schema-unknown} when there is none, {@code registry-unreachable} when no
     *     answer comes
     */
    Schema schema(int id);
}
