package dev.handover.capture;

import dev.handover.change.SourceChange;
import dev.handover.digest.ChunkAccounts;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Brings the rows of loads to the target past the log. Only what the log needs to count them goes there: of each chunk,
 * after its rows are committed at the target.
 */
public interface BulkLoad {
    /** No table goes past the log. */
    BulkLoad NONE = new BulkLoad() {
        @Override
        public Optional<Lane> lane(TableSchema source) {
            return Optional.empty();
        }

        @Override
        public int mappingVersion(TableId source) {
            return 0;
        }

        @Override
        public Optional<String> obstacle() {
            return Optional.of("there is no way past the log");
        }
    };

    /** The newest version of the mappings of a source table; 0 where it does not matter. */
    int mappingVersion(TableId source);

    /** The way past the log of a source table; empty where its rows must go through the log. */
    Optional<Lane> lane(TableSchema source);

    /** Readies itself, before the first chunk. @return why nothing can go past the log now; empty where it can */
    Optional<String> obstacle();

    /** Gives back what is held between chunks; called when no chunk is being written. */
    default void rest() {}

    /** The way of one table. */
    interface Lane {
        TableId target();

        /** Of the mapping that makes the rows. */
        int mappingVersion();

        /**
         * Writes a chunk on the calling thread; different threads may write different chunks at once.
         *
         * @param number of the chunk within its table's load
         * @throws dev.handover.fault.Fault when the target cannot be reached; whether the chunk is there is not known
         */
        Written write(int number, SourcePosition position, Instant takenAt, Reading rows);
    }

    /** Reads the rows of one chunk, again each time that it is asked. */
    @FunctionalInterface
    interface Reading {
        void each(Row row);
    }

    /** Takes the rows of a chunk. */
    @FunctionalInterface
    interface Row {
        /**
         * @param outOfLine columns whose values the source's log may later call unchanged without ever having told them
         */
        void take(SourceChange.Upsert row, List<String> outOfLine);
    }

    /**
     * What became of a chunk.
     *
     * @param accounts by partition, of the rows that are committed at the target
     * @param aside rows that are not: the mapping leaves them out or rejects them, and the log has to tell of them
     * @param refused why the target took none of its rows, all of which have to go through the log; empty where it took
     *     them
     */
    record Written(Map<Integer, ChunkAccounts> accounts, List<SourceChange.Upsert> aside, Optional<String> refused) {
        public Written {
            accounts = Map.copyOf(accounts);
            aside = List.copyOf(aside);
            Objects.requireNonNull(refused, "refused");
        }

        public static Written refused(String why) {
            return new Written(Map.of(), List.of(), Optional.of(why));
        }
    }
}
