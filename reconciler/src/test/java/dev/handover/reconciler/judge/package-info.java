/** The judge against a model of a source, its log, a pipeline that lags, and a target. */
@NullMarked
package dev.handover.reconciler.judge;

import org.jspecify.annotations.NullMarked;
