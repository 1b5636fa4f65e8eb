package dev.handover.deploy.stack;

/** The user's artifact cache, so that tests fetch servers once and not once a run. */
final class Caches {
    private Caches() {}

    static Artifacts shared() {
        return Artifacts.in(Artifacts.sharedCache(System.getenv()), System.out::println);
    }
}
