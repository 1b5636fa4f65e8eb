/** Histories to feed a sink with, and the contract that every sink keeps. */
@NullMarked
package dev.handover.sink.batch;

import org.jspecify.annotations.NullMarked;
