/** Tests of what composes the modules. */
@org.jspecify.annotations.NullMarked
package dev.handover.deploy.pipeline;
