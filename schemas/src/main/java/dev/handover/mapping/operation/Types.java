package dev.handover.mapping.operation;

import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import java.util.List;

/** What operations demand of the type that they are given. */
final class Types {
    private Types() {}

    /** @throws IllegalArgumentException when the type is of none of these kinds; names types only */
    static ColumnType require(ColumnType type, String operation, Kind... kinds) {
        if (!List.of(kinds).contains(type.kind())) {
            throw new IllegalArgumentException(operation + " cannot take " + type.name());
        }
        return type;
    }

    static ColumnType text(ColumnType type, String operation) {
        return require(type, operation, Kind.TEXT, Kind.CHAR);
    }

    /** Text that may have become longer than the column that it came from. */
    static ColumnType lengthened(ColumnType type, String operation) {
        text(type, operation);
        return ColumnType.of(Kind.TEXT);
    }
}
