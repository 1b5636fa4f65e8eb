/** The legacy hospital without a server: what it would load, and that the mapping takes all of it. */
@NullMarked
package dev.handover.deploy.demo;

import org.jspecify.annotations.NullMarked;
