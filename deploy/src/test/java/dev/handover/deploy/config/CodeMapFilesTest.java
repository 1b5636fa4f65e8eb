package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handover.deploy.config.CodeMapConfig.Format;
import dev.handover.deploy.config.CodeMapConfig.Part;
import dev.handover.fault.Fault;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.KeyForm;
import dev.handover.mapping.code.Several;
import dev.handover.mapping.code.Target;
import dev.handover.mapping.code.Translation.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeMapFilesTest {
    @TempDir
    private Path directory;

    @Test
    void aFileIsReadAsItIsDeclared() throws IOException {
        Files.writeString(directory.resolve("icd.csv"), "code;version;icd10\n250.00;9;E119\n");
        CodeMapConfig config = new CodeMapConfig(
                "icd",
                "icd.csv",
                Format.CSV,
                Optional.of("2018"),
                Optional.of("ICD-9-CM"),
                Optional.of("ICD-10-CM"),
                List.of(new Part("code", List.of(KeyForm.TRIM, KeyForm.ICD9_DOT)), new Part("version", List.of())),
                Optional.of("icd10"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                CodeMapConfig.Separator.SEMICOLON,
                List.of(),
                Several.REFUSE,
                Optional.empty());

        CodeMap map = CodeMapFiles.read(config, directory);

        assertThat(map.lookup("25000 ", "9").single().map(Target::code)).contains("E119");
        assertThat(map.lookup("25000", "10").kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(List.of(map.name(), map.version(), map.from(), map.to()))
                .containsExactly("icd", "2018", "ICD-9-CM", "ICD-10-CM");
    }

    @Test
    void whatIsWrongInAFileNamesFileLineColumnAndRemedy() throws IOException {
        Files.writeString(directory.resolve("sex.csv"), "source,target\nM,male\nF,female\nM,man\nX,\n");

        InvalidPipeline invalid = catchThrowableOfType(
                InvalidPipeline.class, () -> CodeMapFiles.read(csv("sex", Several.REFUSE), directory));

        assertThat(invalid.file()).endsWith("sex.csv");
        assertThat(invalid.problems())
                .extracting(problem -> problem.line() + ":" + problem.column() + " " + problem.message())
                .containsExactly("4:1 contradicts line 2, which has the same code", "5:3 target: no target code");
        assertThat(invalid.problems()).allSatisfy(problem -> {
            assertThat(problem.hint()).isNotEmpty();
            assertThat(problem.code()).isEqualTo("code-map");
            assertThat(invalid.excerpt(problem)).isEmpty();
        });
    }

    @Test
    void aFileThatCannotBeReadIsAFaultWithAHint() throws IOException {
        assertThat(fault("nowhere").code()).isEqualTo("code-map-missing");
        Files.write(
                directory.resolve("latin1.csv"),
                "source,target\nM\u00e4nnlich,male\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(fault("latin1").code()).isEqualTo("code-map-unreadable");
        Files.createDirectory(directory.resolve("folder.csv"));
        assertThat(fault("folder").code()).isEqualTo("code-map-unreadable");
    }

    @Test
    void mapsThatReferToEachOtherAreLinkedByTheirAddress() throws IOException {
        conceptMap("first", "a", "http://x/second|4.0");
        conceptMap("second", "b", "http://x/elsewhere");

        Map<String, CodeMap> maps = CodeMapFiles.readAll(List.of(fhir("first"), fhir("second")), directory);

        assertThat(maps.keySet()).containsExactly("first", "second");
        assertThat(map(maps, "first").lookup("b").kind()).isEqualTo(Kind.EXACT);
        assertThat(map(maps, "second").lookup("a").kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void aCircleOfMapsIsRefused() throws IOException {
        conceptMap("first", "a", "http://x/second");
        conceptMap("second", "b", "http://x/first");

        assertThatThrownBy(() -> CodeMapFiles.readAll(List.of(fhir("first"), fhir("second")), directory))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("first, second");
    }

    @Test
    void aNameIsGivenOnce() throws IOException {
        Files.writeString(directory.resolve("sex.csv"), "source,target\nM,male\n");

        assertThatThrownBy(() -> CodeMapFiles.readAll(
                        List.of(csv("sex", Several.REFUSE), csv("sex", Several.REFUSE)), directory))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("sex");
    }

    @Test
    void keysOfAnotherFormatAreRefused() {
        assertThat(refused(() -> csv("x", Format.CSV, List.of(), Optional.of("t"), Optional.empty())))
                .isEqualTo("key");
        assertThat(refused(() ->
                        csv("x", Format.CSV, List.of(new Part("c", List.of())), Optional.empty(), Optional.empty())))
                .isEqualTo("target");
        assertThat(refused(() -> csv("x", Format.GEM, List.of(), Optional.of("t"), Optional.empty())))
                .isEqualTo("format");
        assertThat(refused(() -> csv("x", Format.GEM, List.of(), Optional.empty(), Optional.of("http://x"))))
                .isEqualTo("url");
        Part part = new Part("c", List.of());
        assertThat(refused(() -> csv("x", Format.CONCEPT_MAP, List.of(part, part), Optional.empty(), Optional.empty())))
                .isEqualTo("key");
    }

    private static CodeMap map(Map<String, CodeMap> maps, String name) {
        return Objects.requireNonNull(maps.get(name), name);
    }

    private static String refused(Runnable made) {
        return catchThrowableOfType(Invalid.class, made::run).key();
    }

    private Fault fault(String name) {
        return catchThrowableOfType(Fault.class, () -> CodeMapFiles.read(csv(name, Several.REFUSE), directory));
    }

    private void conceptMap(String name, String code, String other) throws IOException {
        Files.writeString(
                directory.resolve(name + ".json"),
                """
                {"resourceType": "ConceptMap", "url": "http://x/NAME", "group": [{"element": [{"code": "CODE",
                 "target": [{"code": "t", "equivalence": "equal"}]}],
                 "unmapped": {"mode": "other-map", "url": "OTHER"}}]}
                """.replace("NAME", name).replace("CODE", code).replace("OTHER", other));
    }

    private static CodeMapConfig fhir(String name) {
        return new CodeMapConfig(
                name,
                name + ".json",
                Format.CONCEPT_MAP,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                CodeMapConfig.Separator.COMMA,
                List.of(),
                Several.REFUSE,
                Optional.empty());
    }

    private static CodeMapConfig csv(String name, Several several) {
        return new CodeMapConfig(
                name,
                name + ".csv",
                Format.CSV,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new Part("source", List.of())),
                Optional.of("target"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                CodeMapConfig.Separator.COMMA,
                List.of(),
                several,
                Optional.empty());
    }

    private static CodeMapConfig csv(
            String name, Format format, List<Part> key, Optional<String> target, Optional<String> url) {
        return new CodeMapConfig(
                name,
                name,
                format,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                key,
                target,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                CodeMapConfig.Separator.COMMA,
                List.of(),
                Several.REFUSE,
                url);
    }
}
