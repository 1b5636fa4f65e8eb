package dev.handover.digest;

import dev.handover.row.Cell;
import dev.handover.row.Keyless;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes rows of a table without a key: hashes what a row holds, by SHA-256 (FIPS 180-4) of its canonical bytes, of
 * which the first 128 bits are taken. The hash is not keyed, because it travels and stays beside the values themselves.
 * Used by one thread.
 */
public final class ContentRows {
    private static final int HASH_BYTES = 16;

    private final TableSchema schema;
    private final CanonicalBytes encoder;
    private final MessageDigest sha256;

    /** @param schema of {@link Keyless} */
    public ContentRows(TableSchema schema) {
        this.schema = schema;
        this.encoder = CanonicalBytes.ofContent(schema);
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256", e);
        }
    }

    /**
     * The row that holds these cells, its number not known.
     *
     * @param content the cells of {@link TableSchema#content()}, each with a value or null
     * @throws IllegalArgumentException when a cell is unchanged
     */
    public Row row(List<Cell> content) {
        List<Cell> cells = new ArrayList<>(content);
        cells.add(Cell.NULL);
        cells.add(new Value.Int(Keyless.UNNUMBERED));
        byte[] hash = sha256.digest(encoder.row(new Row(schema, cells)));
        cells.set(schema.ordinal(Keyless.ROW), new Value.Bytes(Arrays.copyOf(hash, HASH_BYTES)));
        return new Row(schema, cells);
    }
}
