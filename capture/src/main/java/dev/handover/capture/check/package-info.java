/** Looks at a live source and says what stands in the way of capturing it, and how to remove it. */
@NullMarked
package dev.handover.capture.check;

import org.jspecify.annotations.NullMarked;
