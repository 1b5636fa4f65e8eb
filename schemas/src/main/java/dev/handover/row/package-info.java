/** Tables, columns, rows and their values: the shapes every stage agrees on. */
@NullMarked
package dev.handover.row;

import org.jspecify.annotations.NullMarked;
