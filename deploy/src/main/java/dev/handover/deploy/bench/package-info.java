/**
 * The benchmark: a workload of its own making is loaded, changed and streamed at a fixed rate, each phase is measured
 * and ends with the comparison of every row.
 */
@NullMarked
package dev.handover.deploy.bench;

import org.jspecify.annotations.NullMarked;
