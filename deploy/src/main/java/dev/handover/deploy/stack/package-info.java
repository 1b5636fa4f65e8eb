/**
 * The embedded stack: real servers (PostgreSQL, MariaDB, Kafka, a schema registry, an S3 object store) as child
 * processes of the calling JVM, on loopback, with all state under one directory. Start at {@link EmbeddedStack} for all
 * of them or at one of the {@link Server}s for a single one; {@link ServerProcess} owns what is common: readiness,
 * death, restart, and orphans.
 */
@NullMarked
package dev.handover.deploy.stack;

import org.jspecify.annotations.NullMarked;
