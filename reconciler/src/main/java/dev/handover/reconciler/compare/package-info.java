/** Compares what both sides hold of one shard, and names the columns that differ; pure. */
@NullMarked
package dev.handover.reconciler.compare;

import org.jspecify.annotations.NullMarked;
