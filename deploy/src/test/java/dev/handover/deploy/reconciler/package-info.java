/** The reconciler on real databases: what it must find, and what it must not mistake for a difference. */
@NullMarked
package dev.handover.deploy.reconciler;

import org.jspecify.annotations.NullMarked;
