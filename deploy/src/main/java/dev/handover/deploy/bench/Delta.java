package dev.handover.deploy.bench;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * The changes of the delta, transaction by transaction, the same in every run: 40 % inserts, 45 % updates, 15 %
 * deletes, and each thousandth change gives a row another key. No row is changed twice in a transaction. Used by one
 * thread.
 */
final class Delta {
    private static final int TRANSACTION_MAX = 100;
    private static final int MOVE_EVERY = 1000;
    private static final int INSERTS_PERCENT = 40;
    private static final int UPDATES_PERCENT = 45;

    private final long changes;
    private final SplittableRandom random;
    private final Map<BenchTable, Rows> tables = new EnumMap<>(BenchTable.class);
    private long planned;

    /** Which numbers have a row. */
    private static final class Rows {
        private final BitSet live = new BitSet();
        private int next;

        Rows(long rows) {
            next = Math.toIntExact(rows) + 1;
            live.set(1, next);
        }
    }

    /**
     * Changes of one table that are committed together, in this order.
     *
     * @param insertFrom number of the first new row
     * @param inserts how many rows are new
     * @param moves for each row whose key changes, the new number and the old one
     */
    record Transaction(
            BenchTable table,
            long insertFrom,
            int inserts,
            List<long[]> moves,
            List<Long> updates,
            List<Long> deletes) {
        Transaction {
            moves = List.copyOf(moves);
            updates = List.copyOf(updates);
            deletes = List.copyOf(deletes);
        }

        int changes() {
            return inserts + moves.size() + updates.size() + deletes.size();
        }
    }

    /** @param rows of all tables, as they were loaded */
    Delta(long rows, long changes, long seed) {
        this.changes = changes;
        this.random = new SplittableRandom(seed);
        for (BenchTable table : BenchTable.values()) {
            tables.put(table, new Rows(table.share(rows)));
        }
    }

    boolean hasNext() {
        return planned < changes;
    }

    /** The number that the next new row of a table would have. */
    long nextNumber(BenchTable table) {
        return rows(table).next;
    }

    /** @throws NoSuchElementException after the last */
    Transaction next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no transaction is left");
        }
        BenchTable table = table();
        Rows rows = rows(table);
        int size = (int) Math.min(1 + random.nextInt(TRANSACTION_MAX), changes - planned);
        BitSet used = new BitSet();
        int inserts = 0;
        List<Long> moved = new ArrayList<>();
        List<Long> updates = new ArrayList<>();
        List<Long> deletes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int kind = random.nextInt(100);
            int row = planned++ % MOVE_EVERY != 0 && kind < INSERTS_PERCENT ? -1 : row(rows, used);
            if (row < 0) {
                inserts++;
            } else if ((planned - 1) % MOVE_EVERY == 0) {
                moved.add((long) row);
            } else if (kind < INSERTS_PERCENT + UPDATES_PERCENT) {
                updates.add((long) row);
            } else {
                deletes.add((long) row);
            }
        }
        return enter(table, rows, inserts, moved, updates, deletes);
    }

    private Transaction enter(
            BenchTable table, Rows rows, int inserts, List<Long> moved, List<Long> updates, List<Long> deletes) {
        long from = rows.next;
        rows.live.set(rows.next, rows.next + inserts);
        rows.next += inserts;
        List<long[]> moves = new ArrayList<>();
        for (long old : moved) {
            moves.add(new long[] {rows.next, old});
            rows.live.clear((int) old);
            rows.live.set(rows.next++);
        }
        deletes.forEach(number -> rows.live.clear(number.intValue()));
        return new Transaction(table, from, inserts, moves, updates, deletes);
    }

    private BenchTable table() {
        long all = 1_600;
        long place = random.nextLong(all);
        for (BenchTable table : BenchTable.values()) {
            place -= table.share(all);
            if (place < 0) {
                return table;
            }
        }
        throw new IllegalStateException("the shares of tables do not add up");
    }

    /** A row that is there and was not taken in this transaction; -1 when there is none. */
    private int row(Rows rows, BitSet used) {
        int first = 1 + random.nextInt(rows.next - 1);
        for (int start : new int[] {first, 1}) {
            for (int row = rows.live.nextSetBit(start); row >= 0; row = rows.live.nextSetBit(row + 1)) {
                if (!used.get(row)) {
                    used.set(row);
                    return row;
                }
            }
        }
        return -1;
    }

    private Rows rows(BenchTable table) {
        Rows rows = tables.get(table);
        if (rows == null) {
            throw new IllegalStateException("no rows of " + table);
        }
        return rows;
    }
}
