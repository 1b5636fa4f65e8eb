/** Compares both ends and judges differences by position. */
@NullMarked
package dev.handover.reconciler;

import org.jspecify.annotations.NullMarked;
