package dev.handover.deploy.stack;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * What to start, and where.
 *
 * @param stateDirectory holds data, logs, settings and process records of every server; created when it is not there
 * @param cacheDirectory holds unpacked server binaries, shared by any number of stacks
 * @param services the servers to start
 * @param ports ports that must be used; a server that is not listed takes a free one and keeps it over restarts
 */
public record StackConfig(
        Path stateDirectory, Path cacheDirectory, Set<Service> services, Map<Service, Integer> ports) {
    public StackConfig {
        stateDirectory = stateDirectory.toAbsolutePath().normalize();
        cacheDirectory = cacheDirectory.toAbsolutePath().normalize();
        services = Set.copyOf(services);
        ports = Map.copyOf(ports);
        if (services.isEmpty()) {
            throw StackFault.CONFIGURATION.of("no service is asked for", "name at least one of the services");
        }
        ports.values().forEach(port -> {
            if (port < 1 || port > Ports.PORT_MAX) {
                throw StackFault.CONFIGURATION.of("port " + port + " does not exist", "choose one of 1 to 65535");
            }
        });
    }

    /** The given services with ports of their own choice and the user's shared cache. */
    public static StackConfig of(Path stateDirectory, Set<Service> services) {
        return new StackConfig(stateDirectory, Artifacts.sharedCache(System.getenv()), services, Map.of());
    }
}
