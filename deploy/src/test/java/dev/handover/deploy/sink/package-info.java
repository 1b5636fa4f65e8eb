/** The sink against a real PostgreSQL and a real Kafka. */
@NullMarked
package dev.handover.deploy.sink;

import org.jspecify.annotations.NullMarked;
