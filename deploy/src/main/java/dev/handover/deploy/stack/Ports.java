package dev.handover.deploy.stack;

import dev.handover.fault.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Loopback ports for servers that may be killed and restarted. */
final class Ports {
    static final int PORT_MAX = 65_535;

    /**
     * Chosen ports lie below the range the kernel takes for outgoing connections. A port from that range could be
     * taken, while its server is down, by any client's connection, and the restart would fail.
     */
    private static final int CHOSEN_MIN = 20_000;

    private static final int CHOSEN_MAX = 32_000;
    private static final int TRIES_MAX = 500;

    private static final RandomGenerator RANDOM = new SecureRandom();

    private Ports() {}

    /** A port that no one listens on now. */
    static int choose() {
        for (int i = 0; i < TRIES_MAX; i++) {
            int port = RANDOM.nextInt(CHOSEN_MIN, CHOSEN_MAX);
            if (isFree(port)) {
                return port;
            }
        }
        throw StackFault.PORT_TAKEN.of(
                "no free port found between " + CHOSEN_MIN + " and " + CHOSEN_MAX,
                "end some of the servers that listen there, or name ports outside of that range");
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the servers do: connections in TIME_WAIT do not count
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static Fault taken(String server, int port) {
        return StackFault.PORT_TAKEN.of(
                server + ": port " + port + " on 127.0.0.1 is in use",
                "end the process that listens there, or choose another port");
    }
}
