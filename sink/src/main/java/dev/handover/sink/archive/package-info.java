/** Raw values in an object store, for tables that do not keep them beside the row. */
@NullMarked
package dev.handover.sink.archive;

import org.jspecify.annotations.NullMarked;
