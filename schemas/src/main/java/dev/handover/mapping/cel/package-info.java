/**
 * Derived columns and row filters in CEL, the Common Expression Language (cel.dev): typed by the columns of the source,
 * checked when a mapping is bound, without side effects, clock or chance, and bounded in what they cost. Read
 * {@link CelExpression} first; {@link dev.handover.mapping.cel.CelProgram} is where a text becomes a function.
 */
@NullMarked
package dev.handover.mapping.cel;

import org.jspecify.annotations.NullMarked;
