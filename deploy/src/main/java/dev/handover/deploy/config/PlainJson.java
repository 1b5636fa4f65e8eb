package dev.handover.deploy.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Texts, lists and sorted maps of them as JSON without blanks, which is one text for one content. */
final class PlainJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlainJson() {}

    /** @param content texts, and lists and sorted maps of such */
    static String text(Object content) {
        try {
            return JSON.writeValueAsString(content);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("no JSON of texts, lists and maps", impossible);
        }
    }

    /** SHA-256 of a text's UTF-8 bytes, in hexadecimal digits. */
    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
