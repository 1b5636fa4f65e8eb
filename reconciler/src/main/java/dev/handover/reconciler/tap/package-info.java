/**
 * The tap: a second reader of a source's log, which compares what the log says of every transaction with what capture
 * put into the change log. Read {@link dev.handover.reconciler.tap.TableViews} first.
 */
@NullMarked
package dev.handover.reconciler.tap;

import org.jspecify.annotations.NullMarked;
