package dev.handover.capture.catalog;

import dev.handover.capture.SourceCatalog;
import dev.handover.capture.SourceConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import java.util.List;
import java.util.Map;

/** A catalog that also says what it leaves out. */
public interface Inventory extends SourceCatalog {
    /**
     * Views, foreign tables, generated columns and whatever else of the selected schemas is not copied, in no order.
     *
     * @throws Fault as {@link #tables()}
     */
    List<NotTaken> notTaken();

    @Override
    default boolean leavesOut(TableId table, String column) {
        return notTaken().contains(NotTaken.generated(table, column));
    }

    /**
     * The inventory of a source.
     *
     * @param keys the declared key of tables, which wins over what the source says
     * @throws Fault {@code engine-unsupported}
     */
    static Inventory of(SourceConfig config, Map<TableId, List<String>> keys) {
        return switch (config.engine()) {
            case POSTGRESQL -> new PostgresCatalog(config, keys);
            case MARIADB, MYSQL -> new MariaDbCatalog(config, keys);
            case SQL_SERVER, ORACLE ->
                throw Fault.of(
                        ExitCode.USAGE,
                        "engine-unsupported",
                        config + ": the tables of " + config.engine().text() + " cannot be read by this build",
                        "take a build that brings the driver of "
                                + config.engine().text());
        };
    }
}
