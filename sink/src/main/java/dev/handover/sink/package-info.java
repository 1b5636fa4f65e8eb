/** Canonical topics to the target, under the position guard. */
@NullMarked
package dev.handover.sink;

import org.jspecify.annotations.NullMarked;
