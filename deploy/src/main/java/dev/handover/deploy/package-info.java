/** How Handover runs. */
@NullMarked
package dev.handover.deploy;

import org.jspecify.annotations.NullMarked;
