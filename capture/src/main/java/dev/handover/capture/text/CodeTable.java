package dev.handover.capture.text;

import java.util.HashMap;
import java.util.Map;

/** A character set by its codes: a code is one to three bytes, and no code begins another. Immutable once built. */
public final class CodeTable implements TextDecoder {
    private static final int BYTES_MAX = 3;

    private final Map<Integer, String> codes;

    private CodeTable(Map<Integer, String> codes) {
        this.codes = codes;
    }

    /** Collects codes. */
    public static final class Builder {
        private final Map<Integer, String> codes = new HashMap<>();

        /**
         * A code and its text.
         *
         * @param code one to three bytes
         */
        public void add(byte[] code, String text) {
            if (code.length == 0 || code.length > BYTES_MAX) {
                throw new IllegalArgumentException("a code of " + code.length + " bytes");
            }
            int key = 0;
            for (byte each : code) {
                key = key << 8 | each & 0xff;
            }
            codes.put(key(code.length, key), text);
        }

        /** The table of all codes so far. */
        public CodeTable build() {
            return new CodeTable(Map.copyOf(codes));
        }
    }

    private static int key(int length, int code) {
        return length << 24 | code;
    }

    @Override
    public String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int start = 0;
        while (start < bytes.length) {
            int code = 0;
            int length = 0;
            String found = null;
            while (found == null && length < BYTES_MAX && start + length < bytes.length) {
                code = code << 8 | bytes[start + length] & 0xff;
                length++;
                found = codes.get(key(length, code));
            }
            if (found == null) {
                throw new IllegalArgumentException("bytes that are not text in the column's character set");
            }
            text.append(found);
            start += length;
        }
        return text.toString();
    }
}
