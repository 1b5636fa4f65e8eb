package dev.handover.capture;

import dev.handover.row.ColumnType;
import dev.handover.row.TableId;
import java.util.List;
import java.util.Optional;

/** Reads what a source says about its own tables. Implementations open their own connection for each call. */
public interface SourceCatalog {
    /**
     * Every table that the configuration selects, in order of names; a table that cannot be taken has a
     * {@link SourceTable#problem()}.
     *
     * @throws dev.handover.fault.Fault {@code source-unreachable}, {@code source-denied}
     */
    List<SourceTable> tables();

    /**
     * The types of columns as the log names them, each empty where it cannot travel or is not known any more.
     *
     * @throws dev.handover.fault.Fault as {@link #tables()}
     */
    default List<Optional<ColumnType>> types(List<LoggedType> types) {
        return types.stream().map(type -> Optional.<ColumnType>empty()).toList();
    }

    /**
     * Whether a column that the log may hold is left out on purpose, because it is computed.
     *
     * @throws dev.handover.fault.Fault as {@link #tables()}
     */
    default boolean leavesOut(TableId table, String column) {
        return false;
    }
}
