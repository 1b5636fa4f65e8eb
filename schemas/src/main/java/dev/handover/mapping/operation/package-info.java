/** The operations of the mapping language: each pure, each with its inverse or the word that it has none. */
@NullMarked
package dev.handover.mapping.operation;

import org.jspecify.annotations.NullMarked;
