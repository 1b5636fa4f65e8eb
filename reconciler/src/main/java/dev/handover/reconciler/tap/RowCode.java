package dev.handover.reconciler.tap;

import dev.handover.digest.Digest;
import dev.handover.digest.FingerprintKey;
import dev.handover.row.Cell;
import dev.handover.row.TableId;
import dev.handover.row.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One code for a row event, whichever view tells of it: operation, key, and every cell that is not null, by name, as
 * text. A value that the log does not repeat is coded as such. Used by one thread.
 *
 * <p>Names count up to the first {@code __}, because a column whose type changed goes on as {@code name__type}; the
 * order is that of the whole names, so that two values that change places are seen all the same.
 */
final class RowCode {
    private static final byte WHOLE = 'W';
    private static final byte KEY = 'K';

    private final FingerprintKey fingerprints;

    RowCode(FingerprintKey fingerprints) {
        this.fingerprints = fingerprints;
    }

    /** What became of a row. */
    enum Operation {
        UPSERT,
        DELETE
    }

    /** A cell that is not null: a text, or unchanged. */
    record Named(String name, Cell cell) {
        private String stem() {
            int end = name.indexOf("__");
            return end > 0 ? name.substring(0, end) : name;
        }
    }

    /** One event. */
    Sums of(TableId table, Operation operation, List<String> key, List<Named> cells) {
        ByteArrayOutputStream keys = new ByteArrayOutputStream(64);
        keys.write(KEY);
        key(keys, table, key);
        ByteArrayOutputStream whole = new ByteArrayOutputStream(512);
        whole.write(WHOLE);
        key(whole, table, key);
        whole.write(operation == Operation.UPSERT ? 1 : 0);
        long unchanged = 0;
        List<Named> sorted = new ArrayList<>(cells);
        sorted.sort(Comparator.comparing(Named::stem).thenComparing(Named::name));
        for (Named named : sorted) {
            text(whole, named.stem());
            if (named.cell() instanceof Value.Text value) {
                whole.write(1);
                text(whole, value.value());
            } else {
                whole.write(0);
                unchanged++;
            }
        }
        return new Sums(
                Digest.EMPTY.plus(fingerprints.fingerprint(whole.toByteArray())),
                Digest.EMPTY.plus(fingerprints.fingerprint(keys.toByteArray())),
                unchanged);
    }

    private static void key(ByteArrayOutputStream out, TableId table, List<String> key) {
        text(out, table.text());
        number(out, key.size());
        key.forEach(part -> text(out, part));
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int number) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }
}
