/** Writes changes, marks and boundaries in Kafka transactions. */
@NullMarked
package dev.handover.capture.publish;

import org.jspecify.annotations.NullMarked;
