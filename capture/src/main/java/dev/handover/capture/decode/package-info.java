/** From Debezium's records to source changes; pure. */
@NullMarked
package dev.handover.capture.decode;

import org.jspecify.annotations.NullMarked;
