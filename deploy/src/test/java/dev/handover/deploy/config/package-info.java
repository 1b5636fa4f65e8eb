/** Tests of the pipeline file. */
@NullMarked
package dev.handover.deploy.config;

import org.jspecify.annotations.NullMarked;
