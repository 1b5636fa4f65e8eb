/** One committed change on its way from arrow to arrow, and what is decided about it. */
@NullMarked
package dev.handover.change;

import org.jspecify.annotations.NullMarked;
