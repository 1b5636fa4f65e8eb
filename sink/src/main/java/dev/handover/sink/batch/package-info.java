/** What one transaction at a target takes over, and what it comes to: decided here, done by a {@link Sink}. Pure. */
@NullMarked
package dev.handover.sink.batch;

import org.jspecify.annotations.NullMarked;
