package dev.handover.capture.decode;

import dev.handover.capture.Boundary;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What the snapshot of a load saw, told exactly: a table without a key must not get a change of the log on top of a
 * load that saw it, because one row more is one row more each time.
 */
@FunctionalInterface
public interface LoadCut {
    /**
     * Whether the snapshot saw a change.
     *
     * @param previous the boundary before its transaction
     */
    boolean saw(SourceRecord change, Boundary previous);
}
