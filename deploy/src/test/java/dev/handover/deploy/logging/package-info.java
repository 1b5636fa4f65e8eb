/** Tests of logging. */
@NullMarked
package dev.handover.deploy.logging;

import org.jspecify.annotations.NullMarked;
