package dev.handover.sink.postgres;

import dev.handover.change.CanonicalChange;
import dev.handover.digest.CanonicalBytes;
import dev.handover.row.Cell;
import dev.handover.row.PostgresText;
import dev.handover.row.Value;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An upsert as the texts that PostgreSQL reads, null for SQL's null: the cells in the schema's order, then Handover's
 * own columns, then the key's canonical bytes. Pure.
 */
final class RowText {
    private static final HexFormat HEX = HexFormat.of();

    private RowText() {}

    /** The texts of one staged row; as many as {@link TableStatements#stagedColumns()}. */
    static @Nullable String[] of(CanonicalChange.Upsert change) {
        List<Cell> cells = change.row().cells();
        @Nullable String[] texts = new String[cells.size() + Identifiers.BOOKKEEPING.size() + 1];
        int next = 0;
        for (Cell cell : cells) {
            texts[next++] = cell instanceof Value value ? PostgresText.format(value) : null;
        }
        texts[next++] = bytea(change.position().bytes());
        texts[next++] = Integer.toString(change.provenance().mappingVersion());
        texts[next++] = Integer.toString(change.bucket().bucket().number());
        texts[next++] = Long.toString(change.fingerprint().lane1());
        texts[next++] = Long.toString(change.fingerprint().lane2());
        texts[next++] = Long.toString(change.fingerprint().lane3());
        texts[next++] = Long.toString(change.fingerprint().lane4());
        texts[next++] = json(change.raw());
        texts[next] = bytea(CanonicalBytes.key(change.key()));
        return texts;
    }

    static String bytea(byte[] bytes) {
        return "\\x" + HEX.formatHex(bytes);
    }

    /**
     * A JSON object in ASCII, or null where it would be empty. Surrogates are escaped one by one, because a lone one
     * has no UTF-8 form, and yet is what the source said.
     */
    static @Nullable String json(Map<String, String> texts) {
        if (texts.isEmpty()) {
            return null;
        }
        StringBuilder out = new StringBuilder("{");
        new TreeMap<>(texts).forEach((name, text) -> {
            if (out.length() > 1) {
                out.append(',');
            }
            string(out, name);
            out.append(':');
            string(out, text);
        });
        return out.append('}').toString();
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append("\\u").append(HEX.toHexDigits(c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Appends a line of COPY's text format. */
    static void copyLine(StringBuilder out, @Nullable String[] texts) {
        for (int i = 0; i < texts.length; i++) {
            if (i > 0) {
                out.append('\t');
            }
            String text = texts[i];
            if (text == null) {
                out.append("\\N");
            } else {
                copyEscaped(out, text);
            }
        }
        out.append('\n');
    }

    private static void copyEscaped(StringBuilder out, String text) {
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' && c != '\t' && c != '\n' && c != '\r') {
                continue;
            }
            out.append(text, plain, i).append('\\');
            out.append(
                    switch (c) {
                        case '\t' -> 't';
                        case '\n' -> 'n';
                        case '\r' -> 'r';
                        default -> c;
                    });
            plain = i + 1;
        }
        out.append(text, plain, text.length());
    }
}
