/** From a pipeline file to roles at work: what the file says, turned into what each module needs. */
@NullMarked
package dev.handover.deploy.pipeline;

import org.jspecify.annotations.NullMarked;
