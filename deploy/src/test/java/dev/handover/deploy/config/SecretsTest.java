package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsTest {
    private Path root = Path.of("/");

    @BeforeEach
    void aRootWithSecretsAndOneOutside(@TempDir Path directory) throws IOException {
        root = Files.createDirectory(directory.resolve("secrets"));
        Files.writeString(root.resolve("pas"), "ZZSECRET\n");
        Files.writeString(root.resolve("empty"), "\n");
        Files.writeString(directory.resolve("outside"), "ZZSECRET");
        Files.createSymbolicLink(root.resolve("leak"), directory.resolve("outside"));
    }

    @Test
    void secretsComeFromAllowedPlaces() {
        assertThat(resolve("${env:HANDOVER_PAS}").reveal()).isEqualTo("from the environment");
        assertThat(resolve("${file:" + root + "/pas}").reveal()).isEqualTo("ZZSECRET");
        assertThat(resolve("${dir:" + root + ":pas}").reveal()).isEqualTo("ZZSECRET");
    }

    @Test
    void aSecretNeverPrintsItself() {
        assertThat(resolve("${file:" + root + "/pas}")).hasToString("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${env:PATH}",
                "${env:HANDOVER_ABSENT}",
                "${file:ROOT/absent}",
                "${file:ROOT/empty}",
                "${file:ROOT/../outside}",
                "${file:ROOT/leak}",
                "${file:/etc/passwd}",
                "${dir:ROOT/..:outside}",
                "${dir:ROOT:..}",
            })
    void anythingElseIsRefusedByItsPlaceAndWithARemedy(String reference) {
        String text = reference.replace("ROOT", root.toString());

        assertThatThrownBy(() -> resolve(text))
                .isInstanceOfSatisfying(Fault.class, fault -> {
                    assertThat(fault.code()).isEqualTo("secret-missing");
                    assertThat(fault.hint()).isNotBlank();
                })
                .hasMessageContaining(text)
                .hasMessageNotContaining("ZZSECRET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZZSECRET", "${ZZSECRET}", "${vault:ZZSECRET}", "x${env:ZZSECRET}", "${env:A}${env:B}", ""})
    void onlyAReferenceIsAReferenceAndARefusalDoesNotQuoteIt(String text) {
        assertThatThrownBy(() -> SecretRef.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("ZZSECRET");
    }

    @Test
    void everyUnresolvedSecretOfAPipelineIsListedWithItsKey() {
        PipelineConfig pipeline = Samples.read("smallest.yaml");

        assertThat(new Secrets(pipeline.secrets(), name -> Optional.empty()).unresolved(pipeline))
                .extracting(Throwable::getMessage)
                .containsExactly(
                        "digest.key: secret ${env:HANDOVER_DIGEST_KEY} is not set",
                        "sources[0].password: secret ${dir:/run/secrets:pas} can't be read",
                        "sinks[0].password: secret ${dir:/run/secrets:cloud} can't be read");
    }

    @Test
    void kafkasClientsGetTheirSettingsAndOursOnTop() {
        PipelineConfig pipeline = PipelineFile.parse(
                "p", Samples.text("every-key.yaml").replaceAll("\\$\\{dir:[^}]*}", "\\${env:HANDOVER_PAS}"));
        var secrets = new Secrets(pipeline.secrets(), name -> Optional.of("a\"b\\"));

        assertThat(pipeline.kafka().clientProperties(secrets))
                .containsEntry("linger.ms", "5")
                .containsEntry("bootstrap.servers", "kafka-0.example:9093,kafka-1.example:9093")
                .containsEntry("ssl.truststore.type", "PEM")
                .containsEntry("ssl.keystore.password", "a\"b\\")
                .containsEntry(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"handover\""
                                + " password=\"a\\\"b\\\\\";");
    }

    private Secret resolve(String reference) {
        var config = new SecretsConfig(
                new SecretsConfig.Env(List.of("HANDOVER_.*")),
                new SecretsConfig.Files(List.of("${env:ROOT}")),
                new SecretsConfig.Directories(List.of(root.toString(), "${env:UNSET}")));
        Map<String, String> environment =
                Map.of("HANDOVER_PAS", "from the environment", "ROOT", root.toString(), "PATH", "ZZSECRET");
        return new Secrets(config, name -> Optional.ofNullable(environment.get(name)))
                .resolve(SecretRef.parse(reference));
    }
}
