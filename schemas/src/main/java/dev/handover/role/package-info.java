/** What every long-running part of Handover is to whoever runs it. */
@NullMarked
package dev.handover.role;

import org.jspecify.annotations.NullMarked;
