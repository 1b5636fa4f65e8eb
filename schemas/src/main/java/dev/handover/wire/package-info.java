/** The only package that knows Avro: contracts in Confluent's wire format, their registry, and topic names. */
@NullMarked
package dev.handover.wire;

import org.jspecify.annotations.NullMarked;
