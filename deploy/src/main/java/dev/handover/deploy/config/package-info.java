/**
 * The pipeline file: a tree of records, and the reader that makes it from YAML. The records are the only description of
 * the file; its reader, its JSON schema and its reference table are all derived from them ({@link Shape}).
 */
@NullMarked
package dev.handover.deploy.config;

import org.jspecify.annotations.NullMarked;
