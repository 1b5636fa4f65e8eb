package dev.handover.transform.version;

import java.util.Objects;

/**
 * That every row of a table which was there when a mapping version was raised has been made anew under it.
 *
 * @param source the source table, {@code source.schema.table}
 * @param target the target table, {@code schema.table}
 */
public record RenewedRows(String source, String target, int version) {
    public RenewedRows {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
    }
}
