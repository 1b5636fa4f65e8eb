package dev.handover.deploy.stack;

/** The POSIX signals servers understand, and those that fault tests use. */
public enum Signal {
    /** PostgreSQL's fast shutdown. */
    INT,
    TERM,
    KILL,
    /** Freezes a process: it keeps its sockets and answers nothing. */
    STOP,
    CONT
}
