/** Tries again what could not go on. See "Replay" in the module's README. */
@NullMarked
package dev.handover.deploy.replay;

import org.jspecify.annotations.NullMarked;
