package dev.handover.deploy.stack;

import java.nio.file.Path;

/** A program that starts a PostgreSQL, says its pid, and does nothing more until it is killed. */
final class HoldingJvm {
    private HoldingJvm() {}

    public static void main(String[] arguments) throws Exception {
        StateDirectory state = StateDirectory.open(Path.of(arguments[0]));
        ServerProcess<Endpoints.Postgres> server =
                PostgresServer.start(state, Artifacts.in(Artifacts.sharedCache(System.getenv()), line -> {}), "source");
        System.out.println("pid " + server.pid());
        Thread.currentThread().join(); // for ever
    }
}
