/** The whole of Handover on real servers, one process a role: what it promises, seen from outside. */
@NullMarked
package dev.handover.deploy.e2e;

import org.jspecify.annotations.NullMarked;
