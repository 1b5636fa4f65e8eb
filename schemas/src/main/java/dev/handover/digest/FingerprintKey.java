package dev.handover.digest;

import dev.handover.row.Row;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
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
