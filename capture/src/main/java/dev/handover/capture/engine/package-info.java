/** Debezium's engine: its set-up, the boundaries it starts from, and the gate before it. */
@NullMarked
package dev.handover.capture.engine;

import org.jspecify.annotations.NullMarked;
