/** Concentrations among rows that are made up. */
@NullMarked
package dev.handover.reconciler.explain;

import org.jspecify.annotations.NullMarked;
