/** Tests of the target database's side of the sink. */
@NullMarked
package dev.handover.sink.postgres;

import org.jspecify.annotations.NullMarked;
