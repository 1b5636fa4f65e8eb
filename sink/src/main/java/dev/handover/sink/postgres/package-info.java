/** The target database: its tables, the guarded apply, and what is read back about both. */
@NullMarked
package dev.handover.sink.postgres;

import org.jspecify.annotations.NullMarked;
