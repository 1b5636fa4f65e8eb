/**
 * The watch: holds the rows of the target against what the pipeline says it wrote, again and again, as long as the
 * pipeline is at work. Read {@link dev.handover.reconciler.watch.Checked} first.
 */
@NullMarked
package dev.handover.reconciler.watch;

import org.jspecify.annotations.NullMarked;
