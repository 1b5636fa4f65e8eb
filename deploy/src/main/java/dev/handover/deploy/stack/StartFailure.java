package dev.handover.deploy.stack;

import dev.handover.fault.Fault;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells from the end of a server's log why it ended while starting. Pure. */
final class StartFailure {
    private static final Pattern LIBRARY = Pattern.compile("error while loading shared libraries: ([^:\\s]+)");
    private static final Pattern GLIBC = Pattern.compile("version `(GLIBC[A-Z]*_[0-9.]+)' not found");
    private static final Pattern PORT = Pattern.compile("(?i)address (is )?already in use");
    private static final Pattern FULL = Pattern.compile("(?i)no space left on device|errcode: 28|disk full");
    private static final Pattern OLD_JDK = Pattern.compile("UnsupportedClassVersionError");
    private static final Pattern MEMORY = Pattern.compile("(?i)insufficient memory|cannot allocate memory");

    private StartFailure() {}

    static Fault explain(String server, int exit, Path log, String tail) {
        Matcher library = LIBRARY.matcher(tail);
        Matcher glibc = GLIBC.matcher(tail);
        if (PORT.matcher(tail).find()) {
            return StackFault.PORT_TAKEN.of(
                    server + ": a port on 127.0.0.1 was taken while it started",
                    "end the process that listens there, or choose another port");
        } else if (FULL.matcher(tail).find()) {
            return StackFault.DISK.of(
                    server + ": no space left on its file system",
                    "free some space, or choose a state directory on another file system");
        } else if (OLD_JDK.matcher(tail).find()) {
            return StackFault.JDK_TOO_OLD.of(
                    server + ": needs a newer JDK than " + Runtime.version().feature(), "set JAVA_HOME to a newer JDK");
        } else if (library.find()) {
            return StackFault.PROGRAM_MISSING.of(
                    server + ": the shared library " + library.group(1) + " is not installed",
                    "install it with the system's package manager");
        } else if (glibc.find()) {
            return StackFault.PLATFORM.of(
                    server + ": needs " + glibc.group(1) + ", this system's C library is older",
                    "use a newer Linux distribution");
        } else if (MEMORY.matcher(tail).find()) {
            return StackFault.SERVER_FAILED.of(server + ": not enough memory to start", "free about 1 GiB of memory");
        }
        return StackFault.SERVER_FAILED.of(
                "%s: ended with code %d while starting".formatted(server, exit), "read the last lines of " + log);
    }
}
