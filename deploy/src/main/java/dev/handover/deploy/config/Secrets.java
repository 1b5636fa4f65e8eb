package dev.handover.deploy.config;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads secrets, and only from the places that the pipeline file allows. */
public final class Secrets {
    /** No secret is larger; a guard against naming the wrong file. */
    public static final int SIZE_MAX_BYTES = 64 << 10;

    private final SecretsConfig config;
    private final Function<String, Optional<String>> environment;

    /**
     * Secrets of one pipeline.
     *
     * @param environment the process's environment
     */
    public Secrets(SecretsConfig config, Function<String, Optional<String>> environment) {
        this.config = config;
        this.environment = environment;
    }

    /**
     * The secret at that place, without the line feed that editors add at the end.
     *
     * @throws Fault when it is not there, not readable, empty, or not allowed
     */
    public Secret resolve(SecretRef reference) {
        String value =
                switch (reference.provider()) {
                    case ENV -> variable(reference);
                    case FILE ->
                        file(
                                reference,
                                Path.of(reference.place()),
                                config.file().roots());
                    case DIR ->
                        file(
                                reference,
                                Path.of(reference.place()).resolve(reference.name()),
                                config.dir().roots());
                };
        String stripped = value.replaceFirst("\\R\\z", "");
        if (stripped.isEmpty()) {
            throw missing(reference, "is empty", "put the secret there");
        }
        return new Secret(stripped);
    }

    /** Every secret of a pipeline that can't be resolved, as the fault that resolving it would be. */
    public List<Fault> unresolved(PipelineConfig pipeline) {
        List<Fault> faults = new ArrayList<>();
        References.of(pipeline).forEach((path, reference) -> {
            try {
                resolve(reference);
            } catch (Fault fault) {
                faults.add(Fault.causedBy(
                        fault, fault.exitCode(), fault.code(), path + ": " + fault.getMessage(), fault.hint()));
            }
        });
        return faults;
    }

    private String variable(SecretRef reference) {
        String name = reference.place();
        if (!config.env().allows(name)) {
            throw missing(reference, "may not be read", "add its name to secrets.env.allow");
        }
        return environment
                .apply(name)
                .orElseThrow(() -> missing(reference, "is not set", "set it where the pipeline runs"));
    }

    private String file(SecretRef reference, Path file, List<String> roots) {
        try {
            Path real = file.toRealPath();
            boolean allowed = false;
            for (Path root : directories(roots)) {
                allowed |= file.normalize().startsWith(root.normalize()) && real.startsWith(root.toRealPath());
            }
            if (!allowed) {
                throw missing(reference, "may not be read", "add its directory to the roots under secrets");
            }
            if (Files.size(real) > SIZE_MAX_BYTES) {
                throw missing(reference, "is above 64 KiB", "name the file that holds the secret and nothing else");
            }
            return Files.readString(real, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw missing(reference, "can't be read", "check that the file exists and that this user may read it");
        }
    }

    private List<Path> directories(List<String> roots) {
        return roots.stream()
                .map(root -> root.startsWith("$")
                        ? environment.apply(root.substring("${env:".length(), root.length() - 1))
                        : Optional.of(root))
                .flatMap(Optional::stream)
                .map(Path::of)
                .filter(Files::isDirectory)
                .toList();
    }

    private static Fault missing(SecretRef reference, String fact, String hint) {
        return Fault.of(ExitCode.USAGE, "secret-missing", "secret " + reference + " " + fact, hint);
    }
}
