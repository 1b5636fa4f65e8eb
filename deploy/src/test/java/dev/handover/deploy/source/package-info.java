/** Tests of capture's catalog, loader and checks against real servers. */
@NullMarked
package dev.handover.deploy.source;

import org.jspecify.annotations.NullMarked;
