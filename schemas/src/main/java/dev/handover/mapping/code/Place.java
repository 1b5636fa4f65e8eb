package dev.handover.mapping.code;

/**
 * Where something stands in a file.
 *
 * @param line from 1; 0 for nowhere
 * @param column the character in the line, from 1; 0 for nowhere
 */
public record Place(int line, int column) {
    /** Of what was read from no file. */
    public static final Place NOWHERE = new Place(0, 0);
}
