package dev.handover.deploy.stack;

import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * The program of the Kafka child JVM: Kafka's own {@code kafka-storage format}, which does nothing to a directory that
 * is formatted, and then its own {@code kafka-server-start}, in one process.
 */
public final class KafkaNodeMain {
    private KafkaNodeMain() {}

    /**
     * Runs the node until a signal ends it.
     *
     * @param arguments the file of broker properties, and the cluster's identifier
     */
    public static void main(String[] arguments) {
        String properties = arguments[0];
        String cluster = arguments[1];
        int status = StorageTool.execute(
                new String[] {"format", "--config", properties, "--cluster-id", cluster, "--ignore-formatted"},
                System.out);
        if (status != 0) {
            System.exit(status);
        }
        Kafka.main(new String[] {properties});
    }
}
