/** Tests of the command line. */
@NullMarked
package dev.handover.deploy.cli;

import org.jspecify.annotations.NullMarked;
