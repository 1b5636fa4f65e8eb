package dev.handover.deploy.config;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a pipeline file: offline, without any secret, and with everything that is wrong with it at once. */
public final class PipelineFile {
    /** More is no pipeline file; a guard against the wrong file. */
    public static final int SIZE_MAX_BYTES = 2 << 20;

    /**
     * Columns that many tables share are written once and referred to: a few a table, of hundreds of tables. The
     * parser's own 50 are too few.
     */
    private static final int ALIASES_MAX = 5_000;

    private PipelineFile() {}

    private static @Nullable Node compose(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(ALIASES_MAX);
        return new Yaml(options).compose(new StringReader(text));
    }

    /**
     * Reads and checks a file. The files of its maps are named from its directory, and not read yet.
     *
     * @throws Fault when the file can't be read
     * @throws InvalidPipeline when it can be read and is wrong
     */
    public static PipelineConfig read(Path file) {
        return read(file, Optional.empty());
    }

    /**
     * Reads and checks a file, and whether its mappings fit the tables of its sources.
     *
     * @throws Fault when the file can't be read
     * @throws InvalidPipeline when it can be read and is wrong, or a mapping does not fit
     */
    public static PipelineConfig read(Path file, SourceSchemas schemas) {
        return read(file, Optional.of(schemas));
    }

    private static PipelineConfig read(Path file, Optional<SourceSchemas> schemas) {
        Path directory = file.toAbsolutePath().getParent();
        return parse(
                file.toString(),
                text(file),
                schemas,
                pipeline -> directory == null ? pipeline : pipeline.within(directory));
    }

    /**
     * Where a key stands in a file that can be read, or the nearest one above it.
     *
     * @param path such as {@code tables[1].columns.sex}
     * @throws Fault when the file can't be read
     */
    public static Optional<Place> place(Path file, String path) {
        String text = text(file);
        Binder binder = new Binder(text);
        try {
            Node root = compose(text);
            if (root != null) {
                binder.bind(Shape.pipeline(), root, "");
            }
        } catch (YAMLException broken) {
            return Optional.empty();
        }
        return binder.place(path);
    }

    /**
     * Checks the text of a file.
     *
     * @param name what to call the file in messages
     * @throws InvalidPipeline when it is wrong
     */
    public static PipelineConfig parse(String name, String text) {
        return parse(name, text, Optional.empty());
    }

    /**
     * Checks the text of a file, and whether its mappings fit.
     *
     * @param name what to call the file in messages
     * @param schemas the tables that mappings are to fit; when absent, that is not asked
     * @throws InvalidPipeline when it is wrong
     */
    static PipelineConfig parse(String name, String text, Optional<SourceSchemas> schemas) {
        return parse(name, text, schemas, UnaryOperator.identity());
    }

    private static PipelineConfig parse(
            String name, String text, Optional<SourceSchemas> schemas, UnaryOperator<PipelineConfig> located) {
        Binder binder = new Binder(text);
        List<Problem> problems = new ArrayList<>();
        Optional<Object> config = Optional.empty();
        try {
            Node root = compose(text);
            if (root == null) {
                problems.add(new Problem("syntax", "", 1, 1, 0, "the file is empty", "see: handover help config"));
            } else {
                config = binder.bind(Shape.pipeline(), root, "");
                new CrossChecks(binder).run();
                schemas.ifPresent(known -> Salvage.of(root, binder)
                        .ifPresent(sound -> new TypeChecks(binder, sound, located, known).run()));
            }
        } catch (MarkedYAMLException broken) {
            problems.add(syntax(broken));
        } catch (YAMLException broken) {
            problems.add(new Problem("syntax", "", 1, 1, 0, "not YAML, or too deep or large", "check the file"));
        }
        problems.addAll(binder.problems());
        problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        if (!problems.isEmpty() || config.isEmpty()) {
            throw new InvalidPipeline(name, problems, text.lines().toList());
        }
        return located.apply((PipelineConfig) config.get());
    }

    /**
     * Refuses a valid file for what it says about tables that are not so, each at the line and column of its key.
     *
     * @throws InvalidPipeline when there is at least one
     */
    public static void refuse(Path file, List<Misfit> misfits) {
        if (misfits.isEmpty()) {
            return;
        }
        String text = text(file);
        Binder binder = new Binder(text);
        binder.bind(Shape.pipeline(), Objects.requireNonNull(compose(text), "a file that was valid"), "");
        for (Misfit misfit : misfits) {
            binder.refuse("mapping", misfit.path(), misfit.message(), misfit.hint(), misfit.at());
        }
        List<Problem> problems = new ArrayList<>(binder.problems());
        problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        throw new InvalidPipeline(file.toString(), problems, text.lines().toList());
    }

    private static Problem syntax(MarkedYAMLException broken) {
        var mark = broken.getProblemMark();
        String fact = broken.getProblem();
        boolean tab = fact != null && fact.contains("\\t");
        return new Problem(
                "syntax",
                "",
                mark == null ? 1 : mark.getLine() + 1,
                mark == null ? 1 : mark.getColumn() + 1,
                0,
                "not YAML: " + (fact == null ? "broken" : fact),
                tab ? "indent with spaces" : "check indentation, quotes and brackets at and above this line");
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > SIZE_MAX_BYTES) {
                throw Fault.of(ExitCode.USAGE, "config-too-large", file + " is above 2 MiB", "name a pipeline file");
            }
            byte[] bytes = Files.readAllBytes(file);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException missing) {
            throw Fault.causedBy(
                    missing,
                    ExitCode.USAGE,
                    "config-missing",
                    "no pipeline file at " + file,
                    "name one with -c FILE or HANDOVER_CONFIG; what belongs in it: handover help config");
        } catch (CharacterCodingException wrong) {
            throw Fault.causedBy(
                    wrong, ExitCode.USAGE, "config-unreadable", file + " is not UTF-8", "save it as UTF-8");
        } catch (IOException unreadable) {
            throw Fault.causedBy(
                    unreadable,
                    ExitCode.USAGE,
                    "config-unreadable",
                    file + " can't be read",
                    "name a file that this user may read");
        }
    }
}
