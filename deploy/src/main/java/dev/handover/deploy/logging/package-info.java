/**
 * Logs without patients in them: our lines to standard error and a file, lines of libraries to the file only and
 * without arguments that could be values of rows.
 */
@NullMarked
package dev.handover.deploy.logging;

import org.jspecify.annotations.NullMarked;
