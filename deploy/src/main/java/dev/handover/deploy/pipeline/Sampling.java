package dev.handover.deploy.pipeline;

import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.engine.SourceLogs;
import dev.handover.capture.load.Loaders;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Reads the first rows of a table of a live source, in the order in which the source hands them out, in a transaction
 * that only reads; the same loader reads them that reads the load.
 */
public final class Sampling {
    private final Assembly assembly;

    public Sampling(Assembly assembly) {
        this.assembly = assembly;
    }

    /** Ends the reading from inside of it. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;

        Enough() {
            super("enough rows", null, false, false);
        }
    }

    /**
     * Hands out at most so many rows.
     *
     * @throws Fault {@code source-unreachable}, {@code source-denied}, {@code load-failed}, {@code engine-unsupported}
     */
    public void read(TableSchema table, int rowsMax, Consumer<Row> rows) {
        SourceConfig source = assembly.pipeline()
                .source(table.table().database())
                .orElseThrow(() -> new IllegalStateException("a table of no source"));
        dev.handover.capture.SourceConfig config = assembly.source(source);
        int[] left = {rowsMax};
        try (LoadSnapshot snapshot =
                SourceLogs.of(config).snapshot(floor(source), assembly.clock().instant())) {
            Loaders.of(config).load(table, snapshot, row -> {
                rows.accept(row.after());
                if (--left[0] <= 0) {
                    throw new Enough();
                }
            });
        } catch (Enough e) {
            // the sample is complete
        } catch (SQLException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.UNREACHABLE,
                    "source-unreachable",
                    "source " + source.name() + " broke off while it was read",
                    "try again");
        }
    }

    /** The rows go nowhere, so that any position will do that is not too high. */
    private static SourcePosition floor(SourceConfig source) {
        SourceId id = new SourceId(source.name());
        return source.kind() == SourceConfig.Kind.POSTGRES
                ? SourcePosition.postgres(id, 0, 0)
                : SourcePosition.mariadb(id, 0, 0, 0, 0);
    }
}
