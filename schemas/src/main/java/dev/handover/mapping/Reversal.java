package dev.handover.mapping;

/** Whether what an operation made can be turned back into what it was given. */
public enum Reversal {
    /** Always: the operation takes only values that its inverse gives back. */
    EXACT,
    /** For many values; each row is checked, and the raw value is kept where the inverse would not give it back. */
    CHECKED,
    /** Never: the raw value is always kept. */
    LOSSY;

    /** Of a chain: as good as its worst step. */
    public Reversal and(Reversal next) {
        return compareTo(next) >= 0 ? this : next;
    }
}
