package dev.handover.deploy.cli;

/** How answers look. */
public enum Format {
    /** A table when a person watches, plain otherwise. */
    AUTO,
    /** Aligned, with headers, for people. */
    TABLE,
    /** Tab separated, nothing cut, for other programs. */
    PLAIN,
    /** One document with a stable shape. */
    JSON;

    /** The word on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
