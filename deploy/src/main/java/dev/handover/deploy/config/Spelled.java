package dev.handover.deploy.config;

/** An enum whose constants are written in the file in another way than in lower case with hyphens. */
public interface Spelled {
    /** The word in the file. */
    String spelling();
}
