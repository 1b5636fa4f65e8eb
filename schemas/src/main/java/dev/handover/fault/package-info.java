/** What ends a process: a code, a short fact, a hint, and the exit code that a supervisor or a person sees. */
@NullMarked
package dev.handover.fault;

import org.jspecify.annotations.NullMarked;
