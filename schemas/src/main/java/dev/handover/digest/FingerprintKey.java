package dev.handover.digest;

import dev.handover.row.Row;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of a migration, under which rows are fingerprinted with HMAC-SHA-256 (RFC 2104, FIPS 180-4): whoever lacks it
 * can neither choose rows whose fingerprints cancel out nor test a guess about a patient against a fingerprint.
 * Immutable; safe for many threads, each of which works with a copy of the keyed state.
 */
public final class FingerprintKey {
    /** Fewest bytes of a key. */
    public static final int BYTES_MIN = 16;

    private static final String ALGORITHM = "HmacSHA256";

    private final ThreadLocal<Hand> hands;

    private FingerprintKey(SecretKeySpec key) {
        this.hands = ThreadLocal.withInitial(
                () -> new Hand(keyed(key), new CanonicalBytes.Growing(CanonicalBytes.INITIAL_BYTES)));
    }

    /** What one thread works with. */
    private record Hand(Mac mac, CanonicalBytes.Growing bytes) {}

    /** @throws IllegalArgumentException when there are fewer than {@value #BYTES_MIN} bytes */
    public static FingerprintKey of(byte[] key) {
        if (key.length < BYTES_MIN) {
            throw new IllegalArgumentException("a fingerprint key has at least 16 bytes, not " + key.length);
        }
        return new FingerprintKey(new SecretKeySpec(key, ALGORITHM));
    }

    /** The fingerprint of a complete row, encoded by the encoder of its schema. */
    public Fingerprint of(CanonicalBytes encoder, Row row) {
        Hand hand = hands.get();
        hand.bytes().clear();
        encoder.write(hand.bytes(), row);
        hand.bytes().into(hand.mac());
        return Fingerprint.decode(hand.mac().doFinal());
    }

    /** The fingerprint of bytes that are canonical to whoever compares them. */
    public Fingerprint fingerprint(byte[] canonical) {
        return Fingerprint.decode(hands.get().mac().doFinal(canonical));
    }

    /**
     * Names the key without telling it: the start of what it makes of a text that is no row. Rows begin with the length
     * of a table's name, and no name is as long as these texts would have it.
     */
    public String id() {
        return "key#" + HexFormat.of().formatHex(sealed("handover digest key"), 0, Long.BYTES);
    }

    /** Seals a text under a key that is made of this one for nothing else: whoever lacks it can make no other seal. */
    public byte[] seal(byte[] text) {
        return keyed(new SecretKeySpec(sealed("handover seal of a document"), ALGORITHM))
                .doFinal(text);
    }

    private byte[] sealed(String purpose) {
        return hands.get().mac().doFinal(purpose.getBytes(StandardCharsets.US_ASCII));
    }

    private static Mac keyed(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("this Java platform lacks " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
