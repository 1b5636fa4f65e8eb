/** What the transform remembers of a row and of a bucket, and its bytes on disk. */
@NullMarked
package dev.handover.transform.state;

import org.jspecify.annotations.NullMarked;
