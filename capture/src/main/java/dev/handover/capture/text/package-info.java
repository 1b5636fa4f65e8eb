/** Character sets as a source database converts them; pure. */
@NullMarked
package dev.handover.capture.text;

import org.jspecify.annotations.NullMarked;
