/** What one change makes of the state of its key: pure functions, and all of the rules. */
@NullMarked
package dev.handover.transform.decide;

import org.jspecify.annotations.NullMarked;
