package dev.handover.wire;

import java.util.Optional;

/** A record ready for a producer. */
@SuppressWarnings("ArrayRecordComponent")
public record Encoded(String topic, int partition, Optional<byte[]> key, byte[] value) {}
