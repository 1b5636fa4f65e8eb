/** Which mapping versions were ever used, and what each of them meant: a compacted topic of the pipeline. */
@NullMarked
package dev.handover.transform.version;

import org.jspecify.annotations.NullMarked;
