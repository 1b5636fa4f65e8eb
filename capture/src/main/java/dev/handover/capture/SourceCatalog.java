package dev.handover.capture;

import java.util.List;

/** Reads what a source says about its own tables. Implementations open their own connection for each call. */
public interface SourceCatalog {
    /**
     * Every table that the configuration selects, in order of names; a table that cannot be taken has a
     * {@link SourceTable#problem()}.
     *
     * @throws dev.handover.fault.Fault {@code source-unreachable}, {@code source-denied}
     */
    List<SourceTable> tables();
}
