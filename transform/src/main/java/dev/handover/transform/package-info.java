/**
 * Change log topics to canonical topics: completes, maps, fingerprints and sums every change, or says why it cannot.
 */
@NullMarked
package dev.handover.transform;

import org.jspecify.annotations.NullMarked;
