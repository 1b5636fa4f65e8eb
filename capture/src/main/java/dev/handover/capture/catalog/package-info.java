/** What a live source says about its tables: columns, types, keys, identities, constraints, sizes, and their order. */
@NullMarked
package dev.handover.capture.catalog;

import org.jspecify.annotations.NullMarked;
