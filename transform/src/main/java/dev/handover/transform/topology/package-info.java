/** The Kafka Streams topology around the decisions, and the settings that it runs under. */
@NullMarked
package dev.handover.transform.topology;

import org.jspecify.annotations.NullMarked;
