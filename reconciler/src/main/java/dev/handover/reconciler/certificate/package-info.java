/**
 * The document that says what was proved of a run, in a form that is handed to others: how it is issued, sealed, and
 * checked again. Nothing here reads a database.
 */
@NullMarked
package dev.handover.reconciler.certificate;

import org.jspecify.annotations.NullMarked;
