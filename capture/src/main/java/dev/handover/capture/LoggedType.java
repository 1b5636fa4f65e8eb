package dev.handover.capture;

import java.util.Objects;

/**
 * The type of a column as the log names it, which is the type that its row was written under.
 *
 * @param name PostgreSQL: {@code HANDOVER:} and the type's number; MariaDB: the words of the type, {@code INT UNSIGNED}
 * @param length PostgreSQL: the type's modifier; MariaDB: the length as declared; -1 where there is none
 * @param scale MariaDB: digits after the point; -1 where none are declared
 */
public record LoggedType(String name, int length, int scale) {
    public LoggedType {
        Objects.requireNonNull(name, "name");
    }
}
