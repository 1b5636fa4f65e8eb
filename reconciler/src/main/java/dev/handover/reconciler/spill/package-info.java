/** Keeps a few bytes for each row of a table in bounded memory, and beyond that in encrypted files. */
@NullMarked
package dev.handover.reconciler.spill;

import org.jspecify.annotations.NullMarked;
