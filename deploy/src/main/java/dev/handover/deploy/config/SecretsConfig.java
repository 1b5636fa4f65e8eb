package dev.handover.deploy.config;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The only places that secrets may be read from. */
public record SecretsConfig(
        @Key("Environment variables") Env env,
        @Key("Single files: `${file:/path}`") Files file,

        @Key("Directories of secrets, as container platforms mount them: `${dir:/run/secrets:name}`")
        Directories dir) {

    /** Environment variables that may be read. */
    public record Env(
            @Key(value = "Patterns of names that `${env:NAME}` may read", byDefault = "HANDOVER_[A-Z0-9_]+")
            List<String> allow) {
        /** Refuses what is no regular expression. */
        public Env {
            allow = List.copyOf(allow);
            allow.forEach(Env::compile);
        }

        /** Whether that variable may be read. */
        public boolean allows(String variable) {
            return allow.stream()
                    .anyMatch(pattern -> compile(pattern).matcher(variable).matches());
        }

        private static Pattern compile(String pattern) {
            try {
                return Pattern.compile(pattern);
            } catch (PatternSyntaxException wrong) {
                throw (Invalid) new Invalid("allow", "not a regular expression", "write it as HANDOVER_[A-Z_]+")
                        .initCause(wrong);
            }
        }
    }

    /** Directories below which a single file may be read. */
    public record Files(
            @Key(
                    value = "Absolute directories, or `${env:NAME}` holding one; a root whose variable is not"
                            + " set is left out",
                    variable = true)
            List<String> roots) {
        /** Refuses relative roots. */
        public Files {
            roots = requireAbsolute(roots);
        }
    }

    /** Directories whose files are secrets. */
    public record Directories(
            @Key(
                    value = "Absolute directories, or `${env:NAME}` holding one; a root whose variable is not"
                            + " set is left out",
                    byDefault = "/run/secrets",
                    variable = true)
            List<String> roots) {
        /** Refuses relative roots. */
        public Directories {
            roots = requireAbsolute(roots);
        }
    }

    private static List<String> requireAbsolute(List<String> roots) {
        for (String root : roots) {
            if (!root.startsWith("/") && !root.matches("\\$\\{env:[A-Za-z_][A-Za-z0-9_]*\\}")) {
                throw new Invalid("roots", "a root must be an absolute directory", "write it as /run/secrets");
            }
        }
        return List.copyOf(roots);
    }
}
