package dev.handover.deploy.cli;

/** Something that a person can ask for. Implementations carry the parser's annotations. */
public interface Command {
    /**
     * Does it and answers. Throws {@link dev.handover.fault.Fault} when it can't.
     *
     * @param session what the global flags ask for
     */
    Answer run(Session session);
}
