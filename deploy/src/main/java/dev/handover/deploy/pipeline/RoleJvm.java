package dev.handover.deploy.pipeline;

import java.util.List;

/**
 * The virtual machine of a role's process.
 *
 * @param options words of the command line
 */
public record RoleJvm(List<String> options) {
    public RoleJvm {
        options = List.copyOf(options);
    }

    /** As in production: the collector and the optimizing compiler that Java chooses for the machine. */
    public static RoleJvm longLived(int heapMegabytes) {
        return new RoleJvm(List.of(heap(heapMegabytes)));
    }

    /** For a process that ends within minutes: the quick compiler alone, and the simplest collector. */
    public static RoleJvm young(int heapMegabytes) {
        return new RoleJvm(List.of(heap(heapMegabytes), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    }

    private static String heap(int megabytes) {
        return "-Xmx" + megabytes + "m";
    }
}
