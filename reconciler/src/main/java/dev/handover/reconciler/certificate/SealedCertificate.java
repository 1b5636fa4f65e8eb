package dev.handover.reconciler.certificate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.handover.digest.FingerprintKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;

/**
 * A certificate as a file. The hash is of its canonical form: the names of each object in their order, no white space,
 * UTF-8; it shows damage to anybody. Who alters the document can hash it anew, but cannot make the seal, which is made
 * under the digests' key.
 *
 * @param certificate as it was read, whatever it holds
 * @param sha256 of the canonical form, as the file says
 * @param seal HMAC-SHA-256 of the canonical form, under a key that is made of the digests' key, as the file says
 */
public record SealedCertificate(JsonNode certificate, String sha256, String seal) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Seals what is said. */
    public static SealedCertificate of(Certificate certificate, FingerprintKey key) {
        JsonNode tree = JSON.valueToTree(certificate);
        byte[] canonical = canonical(tree);
        return new SealedCertificate(tree, hex(sha256(canonical)), hex(key.seal(canonical)));
    }

    /** What a file holds; empty where it is no certificate at all. */
    public static Optional<SealedCertificate> read(String text) {
        try {
            JsonNode file = JSON.readTree(text);
            JsonNode certificate = file.path("certificate");
            return certificate.isObject() && onlyKnown(file)
                    ? Optional.of(new SealedCertificate(
                            certificate,
                            file.path("sha256").asText(),
                            file.path("seal").asText()))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static boolean onlyKnown(JsonNode file) {
        for (Iterator<String> names = file.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals("certificate") && !name.equals("sha256") && !name.equals("seal")) {
                return false;
            }
        }
        return true;
    }

    /** Whether the hash is that of the contents. */
    public boolean intact() {
        return equal(sha256, hex(sha256(canonical(certificate))));
    }

    /** Whether it was sealed under that key, as it is. */
    public boolean sealedBy(FingerprintKey key) {
        return equal(seal, hex(key.seal(canonical(certificate))));
    }

    /** The key that it says its digests are made under. */
    public String digestKey() {
        return certificate.path("digestKey").asText();
    }

    /** What it says; empty where it is of another format. */
    public Optional<Certificate> read() {
        try {
            return certificate.path("format").asText().equals(Certificate.FORMAT)
                    ? Optional.of(JSON.treeToValue(certificate, Certificate.class))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The file. */
    public String text() {
        ObjectNode file = JSON.createObjectNode();
        file.set("certificate", certificate);
        file.put("sha256", sha256);
        file.put("seal", seal);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree has a JSON form", e);
        }
    }

    private static byte[] canonical(JsonNode tree) {
        try {
            // as maps, whose names are put in order
            return JSON.writeValueAsString(JSON.treeToValue(tree, Object.class)).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree has a JSON form", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256", e);
        }
    }

    private static boolean equal(String left, String right) {
        return MessageDigest.isEqual(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
