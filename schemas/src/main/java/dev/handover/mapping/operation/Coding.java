package dev.handover.mapping.operation;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Text to bytes and back by a character set, strictly: what has no exact form has none. Immutable.
 *
 * <p>A set of one byte a character is a table. The five bytes that windows-1252 leaves undefined (81, 8D, 8F, 90, 9D)
 * are the control characters of the same number, as in MariaDB's {@code latin1}, so that every byte has a character.
 */
final class Coding {
    private static final char UNDEFINED = '\uffff';

    private final Charset charset;
    // empty for a set of several bytes a character
    private final char[] characters;
    private final Map<Character, Byte> bytes = new HashMap<>();
    private final boolean extendsAscii;

    private Coding(Charset charset) {
        this.charset = charset;
        this.characters = isSingleByte(charset) ? characters(charset) : new char[0];
        boolean ascii = true;
        for (int i = 0; i < characters.length; i++) {
            if (characters[i] != UNDEFINED) {
                bytes.putIfAbsent(characters[i], (byte) i);
            }
            ascii &= i >= 0x80 || characters[i] == i;
        }
        this.extendsAscii = charset.equals(StandardCharsets.UTF_8) || isTable() && ascii;
    }

    /** @throws IllegalArgumentException when there is no such character set, or its name means two */
    static Coding of(String name) {
        if (name.toLowerCase(Locale.ROOT).equals("latin1")) {
            throw new IllegalArgumentException(
                    "latin1 means two character sets: write windows-1252 (MariaDB's latin1) or ISO-8859-1");
        }
        try {
            Charset charset = Charset.forName(name);
            if (charset.canEncode()) {
                return new Coding(charset);
            }
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            // told below, for all three
        }
        throw new IllegalArgumentException("unknown character set " + name);
    }

    private static boolean isSingleByte(Charset charset) {
        return charset.newEncoder().maxBytesPerChar() == 1.0f
                && charset.newDecoder().maxCharsPerByte() == 1.0f;
    }

    private static char[] characters(Charset charset) {
        char[] characters = new char[256];
        Arrays.fill(characters, UNDEFINED);
        boolean windows = charset.name().equals("windows-1252");
        for (int i = 0; i < characters.length; i++) {
            try {
                characters[i] = charset.newDecoder()
                        .decode(ByteBuffer.wrap(new byte[] {(byte) i}))
                        .get();
            } catch (CharacterCodingException e) {
                characters[i] = windows ? (char) i : UNDEFINED;
            }
        }
        return characters;
    }

    /** Whether every character is one byte. */
    boolean isTable() {
        return characters.length > 0;
    }

    /** Whether text of ASCII alone is the same text in this set. */
    boolean extendsAscii() {
        return extendsAscii;
    }

    /** Whether encoding gives back the very bytes that were decoded. */
    boolean isExact() {
        long defined = new String(characters)
                .chars()
                .filter(character -> character != UNDEFINED)
                .count();
        return charset.equals(StandardCharsets.UTF_8) || isTable() && bytes.size() == defined;
    }

    Optional<String> decode(byte[] encoded) {
        if (!isTable()) {
            try {
                return Optional.of(
                        charset.newDecoder().decode(ByteBuffer.wrap(encoded)).toString());
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
        }
        char[] text = new char[encoded.length];
        for (int i = 0; i < text.length; i++) {
            text[i] = characters[encoded[i] & 0xff];
            if (text[i] == UNDEFINED) {
                return Optional.empty();
            }
        }
        return Optional.of(new String(text));
    }

    Optional<byte[]> encode(String text) {
        if (!isTable()) {
            try {
                ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
                return Optional.of(Arrays.copyOfRange(
                        encoded.array(), encoded.arrayOffset(), encoded.arrayOffset() + encoded.limit()));
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
        }
        byte[] encoded = new byte[text.length()];
        for (int i = 0; i < encoded.length; i++) {
            Byte known = bytes.get(text.charAt(i));
            if (known == null) {
                return Optional.empty();
            }
            encoded[i] = known;
        }
        return Optional.of(encoded);
    }
}
