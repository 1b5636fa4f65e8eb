/**
 * Units of measure: local strings become UCUM codes, and values move between units without losing a digit in silence.
 *
 * <p>Read in this order: {@link dev.handover.mapping.unit.Ucum}, {@link dev.handover.mapping.unit.Conversion},
 * {@link dev.handover.mapping.unit.LocalUnits}, {@link dev.handover.mapping.unit.Quantities}. Everything is immutable
 * and safe for any thread.
 */
@NullMarked
package dev.handover.mapping.unit;

import org.jspecify.annotations.NullMarked;
