/**
 * What the rows that differ have in common and all rows have not. Nothing here reads a database: rows are handed over
 * as a comparison sees them.
 */
@NullMarked
package dev.handover.reconciler.explain;

import org.jspecify.annotations.NullMarked;
