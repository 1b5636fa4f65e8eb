package dev.handover.row;

import java.util.List;

/**
 * What identifies a row within its table: the values of the key columns, in key order. Its text form names no value.
 */
public record RowKey(List<Value> values) {
    public RowKey {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a key has at least one value");
        }
    }

    public static RowKey of(Value... values) {
        return new RowKey(List.of(values));
    }

    @Override
    public String toString() {
        return "key of " + values.size();
    }
}
