/** Change log to canonical topics. */
@NullMarked
package dev.handover.transform;

import org.jspecify.annotations.NullMarked;
