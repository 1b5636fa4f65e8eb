/** Decides from positions whether a difference is proved or still in flight; pure. */
@NullMarked
package dev.handover.reconciler.judge;

import org.jspecify.annotations.NullMarked;
