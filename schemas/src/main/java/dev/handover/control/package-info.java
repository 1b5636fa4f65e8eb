/** The control schema that stages share in the target database. */
@NullMarked
package dev.handover.control;

import org.jspecify.annotations.NullMarked;
