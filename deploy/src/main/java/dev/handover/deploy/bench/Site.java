package dev.handover.deploy.bench;

import java.nio.file.Path;
import java.util.Map;

/** The servers that a benchmark runs on. Closing one leaves nothing of the benchmark behind. */
public interface Site extends AutoCloseable {
    /** {@code embedded} or {@code given}. */
    String kind();

    /** The pipeline file that the roles run under. */
    Path pipelineFile();

    /** The processes of those servers that run here and do nothing else. */
    Map<Component, Long> processes();

    @Override
    void close();
}
