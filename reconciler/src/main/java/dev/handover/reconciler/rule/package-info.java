/**
 * Validation rules: what people say must hold of both sides, counted on both and compared as numbers. Nothing here
 * reads a database; {@link dev.handover.reconciler.rule.Rule} says what there is.
 */
@NullMarked
package dev.handover.reconciler.rule;

import org.jspecify.annotations.NullMarked;
