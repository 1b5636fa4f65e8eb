package dev.handover.row;

/** Between values and their canonical text, as {@link Kind} describes it: the form in which raw values are kept. */
public final class CanonicalText {
    private CanonicalText() {}

    /** The canonical text of a value. */
    public static String of(Value value) {
        return value instanceof Value.Text text ? text.value() : PostgresText.format(value);
    }

    /**
     * The value of a column of that type whose canonical text this is.
     *
     * @throws IllegalArgumentException when no such value has it; the message holds no value
     */
    public static Value parse(ColumnType type, String text) {
        return isText(type.kind()) ? new Value.Text(text) : PostgresText.parse(type, text);
    }

    /**
     * The value of a column of that type with the canonical text of {@code value}.
     *
     * @throws IllegalArgumentException when there is none; the message holds no value
     */
    public static Value as(ColumnType type, Value value) {
        boolean text = value instanceof Value.Text;
        return text && isText(type.kind()) ? value : parse(type, of(value));
    }

    /** Whether values of that kind are {@link Value.Text}. */
    public static boolean isText(Kind kind) {
        return switch (kind) {
            case BOOLEAN, INT16, INT32, INT64, UINT64, DECIMAL, FLOAT32, FLOAT64, BYTES -> false;
            default -> true;
        };
    }
}
