/** The canonical bytes of a row, its keyed fingerprint, and sums of fingerprints that can be kept current. */
@NullMarked
package dev.handover.digest;

import org.jspecify.annotations.NullMarked;
