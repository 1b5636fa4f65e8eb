package dev.handover.transform.topology;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import java.util.Arrays;
import java.util.Objects;

/** How far a source table is in one partition: as far as its last mark. */
record Progress(SourcePosition position, boolean loaded) {
    Progress {
        Objects.requireNonNull(position, "position");
    }

    /** How far two tables are together. */
    Progress and(Progress other) {
        return new Progress(
                position.compareTo(other.position) <= 0 ? position : other.position, loaded && other.loaded);
    }

    byte[] encode() {
        byte[] place = position.bytes();
        byte[] bytes = Arrays.copyOf(place, place.length + 1);
        bytes[place.length] = (byte) (loaded ? 1 : 0);
        return bytes;
    }

    static Progress decode(SourceId source, byte[] bytes) {
        byte[] place = Arrays.copyOf(bytes, bytes.length - 1);
        return new Progress(SourcePosition.decode(source, place), bytes[bytes.length - 1] == 1);
    }
}
