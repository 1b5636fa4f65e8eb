/** Tests of the benchmark. */
@NullMarked
package dev.handover.deploy.bench;

import org.jspecify.annotations.NullMarked;
