/** Reads source and target by JDBC, sharing with the movers only types, mapping and encoding. */
@NullMarked
package dev.handover.reconciler.read;

import org.jspecify.annotations.NullMarked;
