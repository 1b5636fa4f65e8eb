package dev.handover.deploy.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How root runs a server that refuses to be root. {@code unshare -U} puts it into a user namespace without a mapping:
 * inside, the process is nobody; outside, its files are root's. Needs no other user and no change of ownership.
 */
final class UnprivilegedUser {
    private UnprivilegedUser() {}

    /**
     * The words to put before the server's command: none for an ordinary user.
     *
     * @throws dev.handover.fault.Fault when this is root and the kernel or container does not allow user namespaces
     */
    static List<String> prefix(String server) {
        return Programs.isRoot() ? namespace(server, "unshare") : List.of();
    }

    static List<String> namespace(String server, String program) {
        Path unshare = Programs.find(program)
                .orElseThrow(() -> StackFault.PROGRAM_MISSING.of(
                        server
                                + ": PostgreSQL refuses to run as root, and unshare, which hides that, is not on the PATH",
                        "run Handover as an ordinary user, or install util-linux"));
        List<String> prefix = List.of(unshare.toString(), "-U");
        List<String> trial = new ArrayList<>(prefix);
        trial.add("/bin/true");
        if (Programs.run(trial) != 0) {
            throw StackFault.ROOT_REFUSED.of(
                    server + ": PostgreSQL refuses to run as root, and this system allows no user namespaces",
                    "run Handover as an ordinary user, or allow user namespaces (sysctl user.max_user_namespaces above 0; in a"
                            + " container, a security profile that permits unshare)");
        }
        return prefix;
    }
}
