/** What becomes of a table whose schema changed: pure functions from the schemas before and after, and a policy. */
@NullMarked
package dev.handover.drift;

import org.jspecify.annotations.NullMarked;
