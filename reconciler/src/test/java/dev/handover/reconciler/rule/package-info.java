/** Rules over rows and answers that are made up. */
@NullMarked
package dev.handover.reconciler.rule;

import org.jspecify.annotations.NullMarked;
