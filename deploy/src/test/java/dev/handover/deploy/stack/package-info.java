/** Tests of the embedded stack: the {@code *IT} start the real servers, on loopback, and end every one they start. */
@NullMarked
package dev.handover.deploy.stack;

import org.jspecify.annotations.NullMarked;
