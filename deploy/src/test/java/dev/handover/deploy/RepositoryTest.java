package dev.handover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every file of the repository keeps to, and whether the READMEs tell the truth about names and places. */
class RepositoryTest {
    private static final int LINES_MAX = 500;
    private static final int CASES = 36;
    private static final List<String> MODULES =
            List.of("schemas", "capture", "transform", "sink", "reconciler", "deploy");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)[^)]*\\)");
    private static final Pattern CODE = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:#([a-zA-Z0-9]+))?`");

    private final Path root = Path.of("..").toAbsolutePath().normalize();

    @Test
    void noSourceFileIsLongerThanAReaderCanHold() {
        assertThat(sources().stream()
                        .filter(file -> lines(file).size() > LINES_MAX)
                        .map(file -> root.relativize(file) + ": " + lines(file).size()))
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        Pattern later = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
        assertThat(sources().stream()
                        .filter(file -> later.matcher(text(file)).find())
                        .map(root::relativize))
                .isEmpty();
    }

    @Test
    void theRootShowsSixModulesAndWhatTheyNeed() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            assertThat(entries.map(entry -> entry.getFileName().toString()).filter(name -> !name.startsWith(".")))
                    .contains("README.md", "pom.xml", "LICENSE")
                    .containsAll(MODULES)
                    .allMatch(name -> MODULES.contains(name)
                            || List.of("README.md", "pom.xml", "LICENSE", "target")
                                    .contains(name));
        }
    }

    @Test
    void everyLinkBetweenDocumentsLeadsSomewhere() {
        List<String> dead = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(text(document));
            while (link.find()) {
                if (!Files.exists(document.resolveSibling(link.group(1)))) {
                    dead.add(root.relativize(document) + " -> " + link.group(1));
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void everyClassAndTestThatTheGuaranteesNameExists() {
        Map<String, String> classes = new HashMap<>();
        sources().forEach(file -> classes.put(file.getFileName().toString().replace(".java", ""), text(file)));
        String readme = text(root.resolve("README.md"));
        String guarantees =
                readme.substring(readme.indexOf("## Guarantees"), readme.indexOf("## What it cannot detect"));
        List<String> unknown = new ArrayList<>();
        int named = 0;
        Matcher code = CODE.matcher(guarantees);
        while (code.find()) {
            named++;
            String text = classes.get(code.group(1));
            String method = code.group(2);
            if (text == null
                    || method != null
                            && !Pattern.compile("\\b" + method + "\\b")
                                    .matcher(text)
                                    .find()) {
                unknown.add(code.group());
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(named).isGreaterThan(20);
    }

    @Test
    void noFileNamesTheHostOfAPackageRegistry() {
        Pattern hosts =
                Pattern.compile("repo1?\\.maven|maven" + "\\.org|registry\\.npm" + "js|packages\\.conflu" + "ent");
        List<Path> files = new ArrayList<>(sources());
        files.addAll(documents());
        MODULES.forEach(module -> files.add(root.resolve(module).resolve("pom.xml")));
        files.add(root.resolve("pom.xml"));
        assertThat(files.stream()
                        .filter(file -> hosts.matcher(text(file)).find())
                        .map(root::relativize))
                .isEmpty();
    }

    /** Tests of cases that were seen in real clinical databases begin with the numbers of their cases. */
    @Test
    void everyCaseOfARealDatabaseHasATest() {
        Pattern test = Pattern.compile("void case(\\d\\d)(?:And(\\d\\d))?[A-Z]");
        Set<Integer> cases = new TreeSet<>();
        sources().stream()
                .filter(file -> file.getFileName().toString().startsWith("NastyCases"))
                .forEach(file -> test.matcher(text(file)).results().forEach(found -> {
                    cases.add(Integer.valueOf(found.group(1)));
                    Optional.ofNullable(found.group(2)).map(Integer::valueOf).ifPresent(cases::add);
                }));
        assertThat(cases)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, CASES).boxed().toList());
    }

    private List<Path> sources() {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> tree = Files.walk(root.resolve(module).resolve("src"))) {
                tree.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    private List<Path> documents() {
        List<Path> files = new ArrayList<>(List.of(root.resolve("README.md")));
        MODULES.forEach(module -> files.add(root.resolve(module).resolve("README.md")));
        return files;
    }

    private static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
