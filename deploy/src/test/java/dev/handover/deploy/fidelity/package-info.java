/** Every column type of every engine, with its hardest values, from the source to the target and back. */
@NullMarked
package dev.handover.deploy.fidelity;

import org.jspecify.annotations.NullMarked;
