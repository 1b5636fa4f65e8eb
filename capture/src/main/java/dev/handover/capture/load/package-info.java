/** Reads whole tables under a snapshot, row by row, in the canonical form that the log's decoder gives too. */
@NullMarked
package dev.handover.capture.load;

import org.jspecify.annotations.NullMarked;
