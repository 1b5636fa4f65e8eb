/** Source database to change log: the engine, the load, positions and the start-up gate. */
@NullMarked
package dev.handover.capture;

import org.jspecify.annotations.NullMarked;
