/**
 * What is tried again, and what ends a process: a code, a fact, a hint, and the exit code that a supervisor or person
 * sees.
 */
@NullMarked
package dev.handover.fault;

import org.jspecify.annotations.NullMarked;
