/**
 * The mapping language: a pure function from a source row to a target row, the same for stream, load and reconciler.
 */
@NullMarked
package dev.handover.mapping;

import org.jspecify.annotations.NullMarked;
