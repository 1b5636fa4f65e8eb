/** Places in a source's log, ordered within one source, whose encoded bytes sort as they sort. */
@NullMarked
package dev.handover.position;

import org.jspecify.annotations.NullMarked;
