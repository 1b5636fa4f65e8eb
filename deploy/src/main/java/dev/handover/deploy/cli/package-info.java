/** The command line: words, options, output and exit codes. What the commands do is in the packages they call. */
@NullMarked
package dev.handover.deploy.cli;

import org.jspecify.annotations.NullMarked;
