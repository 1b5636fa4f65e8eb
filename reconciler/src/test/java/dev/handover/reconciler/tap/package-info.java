@NullMarked
package dev.handover.reconciler.tap;

import org.jspecify.annotations.NullMarked;
