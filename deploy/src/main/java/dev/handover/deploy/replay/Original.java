package dev.handover.deploy.replay;

import dev.handover.change.SourceChange;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The record of a change log that became a dead letter, as capture wrote it.
 *
 * @param again to send it once more, in the partition of its change log
 * @param change what it says
 */
record Original(ProducerRecord<byte[], byte[]> again, SourceChange change) {}
