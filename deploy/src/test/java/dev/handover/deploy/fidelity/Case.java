package dev.handover.deploy.fidelity;

/**
 * A value of a column type.
 *
 * @param literal the SQL that writes it at the source
 * @param why where it cannot go all the way: what it is, for people; empty where it can
 */
record Case(Name name, String literal, Expected expected, String why) {
    /** What is hard about a value. {@code EMPTY} is also the neutral value of types that have no empty one. */
    enum Name {
        MIN,
        MAX,
        NULL,
        EMPTY,
        EXTREME,
        ODD
    }

    /** How a value ends. */
    enum Expected {
        /** It arrives as the source prints it, and goes back to the same bytes. */
        EXACT,
        /** PostgreSQL cannot hold it: a dead letter, or null beside its raw text. It goes back from there. */
        NOT_HELD,
        /** It arrives as the source prints it, and goes back as another value that prints alike. */
        PRINTS_ALIKE
    }

    static final Case NULL = of(Name.NULL, "NULL");

    static Case min(String literal) {
        return of(Name.MIN, literal);
    }

    static Case max(String literal) {
        return of(Name.MAX, literal);
    }

    static Case empty(String literal) {
        return of(Name.EMPTY, literal);
    }

    static Case extreme(String literal) {
        return of(Name.EXTREME, literal);
    }

    static Case odd(String literal) {
        return of(Name.ODD, literal);
    }

    private static Case of(Name name, String literal) {
        return new Case(name, literal, Expected.EXACT, "");
    }

    Case notHeld(String what) {
        return new Case(name, literal, Expected.NOT_HELD, what);
    }

    Case printsAlike(String what) {
        return new Case(name, literal, Expected.PRINTS_ALIKE, what);
    }
}
