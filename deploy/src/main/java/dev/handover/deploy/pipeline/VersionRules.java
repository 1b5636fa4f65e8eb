package dev.handover.deploy.pipeline;

import dev.handover.deploy.config.Misfit;
import dev.handover.transform.version.RenewedRows;
import dev.handover.transform.version.UsedVersion;
import dev.handover.transform.version.VersionLog.Recorded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A mapping version means one thing for ever: rows are made anew only where it is raised. So a file is refused that has
 * a version which was used with another meaning, or one that is lower than a version which was used. Pure.
 */
final class VersionRules {
    private final List<Declared> file;
    private final Recorded recorded;
    private final Undeclared undeclared;

    /**
     * A table of the file.
     *
     * @param path its key in the file, and the place of its version if it has one of its own
     */
    record Declared(String path, UsedVersion version) {}

    /** What is so of source tables that the file does not declare. */
    interface Undeclared {
        /** The target table that it is copied to under version 1; empty where it is not captured. */
        Optional<String> target(String source);

        /** Whether the transform has made rows of it, under whatever mapping. */
        boolean used(String source);

        /** The fingerprint of a copy. */
        String copy();
    }

    VersionRules(List<Declared> file, Recorded recorded, Undeclared undeclared) {
        this.file = List.copyOf(file);
        this.recorded = recorded;
        this.undeclared = undeclared;
    }

    /** What is to be refused, in the order of the file. */
    List<Misfit> misfits() {
        List<Misfit> misfits = new ArrayList<>();
        for (Declared table : file) {
            misfit(table.path(), table.version(), used(table.version())).ifPresent(misfits::add);
        }
        dropped().forEach(copy -> misfit("tables", copy, used(copy))
                .map(misfit -> new Misfit(
                        misfit.path(),
                        misfit.message() + ", for it no longer stands under tables",
                        "declare it under tables again, and " + misfit.hint()))
                .ifPresent(misfits::add));
        return misfits;
    }

    /** Versions of the file that are not written down yet. */
    List<UsedVersion> unrecorded() {
        return file.stream()
                .map(Declared::version)
                .filter(version -> recorded.of(version.source(), version.target()).stream()
                        .noneMatch(used -> used.version() == version.version()))
                .toList();
    }

    /** Versions of the file that are of tables which have none yet. */
    List<UsedVersion> declaredAnew() {
        return file.stream()
                .map(Declared::version)
                .filter(version -> used(version).isEmpty())
                .toList();
    }

    /**
     * A version that is newer than what rows were made under, and has not reached every row.
     *
     * @param before the newest version that is older
     */
    record Raised(UsedVersion now, int before) {}

    /** In the order of the file. */
    List<Raised> raised() {
        List<Raised> raised = new ArrayList<>();
        for (Declared table : file) {
            UsedVersion now = table.version();
            boolean reached = recorded.renewed().contains(new RenewedRows(now.source(), now.target(), now.version()));
            if (!reached) {
                used(now).stream()
                        .mapToInt(UsedVersion::version)
                        .filter(version -> version < now.version())
                        .max()
                        .ifPresent(before -> raised.add(new Raised(now, before)));
            }
        }
        return raised;
    }

    private List<UsedVersion> used(UsedVersion version) {
        List<UsedVersion> used = recorded.of(version.source(), version.target());
        return used.isEmpty() && wasCopied(version)
                ? List.of(new UsedVersion(version.source(), version.target(), 1, undeclared.copy()))
                : used;
    }

    /** Rows were made of it, and no declaration is written down: there was none. */
    private boolean wasCopied(UsedVersion version) {
        return recorded.begun()
                && recorded.versions().stream().noneMatch(each -> each.source().equals(version.source()))
                && undeclared
                        .target(version.source())
                        .filter(version.target()::equals)
                        .isPresent()
                && undeclared.used(version.source());
    }

    /** Tables that were declared, and now are copied to the same target table. */
    private List<UsedVersion> dropped() {
        Set<String> declared = new HashSet<>();
        file.forEach(table -> declared.add(table.version().source()));
        Set<UsedVersion> copies = new LinkedHashSet<>();
        for (UsedVersion used : recorded.versions()) {
            if (!declared.contains(used.source())
                    && undeclared
                            .target(used.source())
                            .filter(used.target()::equals)
                            .isPresent()) {
                copies.add(new UsedVersion(used.source(), used.target(), 1, undeclared.copy()));
            }
        }
        return List.copyOf(copies);
    }

    private static Optional<Misfit> misfit(String path, UsedVersion now, List<UsedVersion> used) {
        if (used.isEmpty()) {
            return Optional.empty();
        }
        UsedVersion newest = used.get(used.size() - 1);
        String tables = "mapping of " + now.source() + " to " + now.target();
        String remedy = "raise mappingVersion to " + (newest.version() + 1);
        if (now.version() < newest.version()) {
            return Optional.of(new Misfit(
                    path,
                    tables + " has version " + now.version() + ", and version " + newest.version()
                            + " has been used: its rows would stay as they are",
                    remedy + ", whatever the mapping says"));
        }
        return now.version() == newest.version() && !now.fingerprint().equals(newest.fingerprint())
                ? Optional.of(new Misfit(
                        path,
                        tables + ", or a map that it uses, was changed and still has version " + now.version(),
                        remedy + ", so that every row is made anew"))
                : Optional.empty();
    }
}
