/** Certificates of runs that are made up. */
@NullMarked
package dev.handover.reconciler.certificate;

import org.jspecify.annotations.NullMarked;
