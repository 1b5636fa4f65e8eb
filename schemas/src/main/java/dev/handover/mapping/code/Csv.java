package dev.handover.mapping.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The records of a CSV text one after the other, each field with its place. RFC 4180, with a line end of CR LF, LF or
 * CR, an optional byte order mark, and lines without any character skipped. What the RFC does not allow (a quote inside
 * an unquoted field, text after the closing quote, a quote that is never closed) is refused instead of guessed at.
 */
final class Csv {
    private final String text;
    private final char separator;
    private int at;
    private int line = 1;
    private int lineStart;

    Csv(String text, char separator) {
        this.text = text;
        this.separator = separator;
        this.at = text.startsWith("\uFEFF") ? 1 : 0;
        this.lineStart = at;
    }

    /** A field without its quotes, and where it begins. */
    record Field(String text, Place place) {
        @Override
        public String toString() {
            return "Field";
        }
    }

    /** The next record; empty after the last. */
    Optional<List<Field>> next() throws InvalidCodeMap {
        while (at < text.length() && isLineEnd(text.charAt(at))) {
            lineEnd();
        }
        if (at == text.length()) {
            return Optional.empty();
        }
        List<Field> fields = new ArrayList<>();
        fields.add(field());
        while (at < text.length() && text.charAt(at) == separator) {
            at++;
            fields.add(field());
        }
        if (at < text.length()) {
            lineEnd();
        }
        return Optional.of(fields);
    }

    private Field field() throws InvalidCodeMap {
        return at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
    }

    private Field plain() throws InvalidCodeMap {
        int start = at;
        while (at < text.length() && text.charAt(at) != separator && !isLineEnd(text.charAt(at))) {
            if (text.charAt(at) == '"') {
                throw InvalidCodeMap.of(
                        place(at),
                        "",
                        "a quote inside a field that does not begin with one",
                        "put the whole field in quotes and double the quotes in it");
            }
            at++;
        }
        return new Field(text.substring(start, at), place(start));
    }

    private Field quoted() throws InvalidCodeMap {
        Place opening = place(at);
        StringBuilder field = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '"') {
                field.append(c);
                if (isLineEnd(c) && !(c == '\r' && follows('\n'))) {
                    line++;
                    lineStart = at + 1;
                }
                at++;
            } else if (follows('"')) {
                field.append('"');
                at += 2;
            } else {
                at++;
                if (at < text.length() && text.charAt(at) != separator && !isLineEnd(text.charAt(at))) {
                    throw InvalidCodeMap.of(
                            place(at), "", "text after the closing quote of a field", "double the quotes in the field");
                }
                return new Field(field.toString(), opening);
            }
        }
        throw InvalidCodeMap.of(opening, "", "a quote is opened and never closed", "close it, or double it");
    }

    private void lineEnd() {
        at += text.charAt(at) == '\r' && follows('\n') ? 2 : 1;
        line++;
        lineStart = at;
    }

    private boolean follows(char next) {
        return at + 1 < text.length() && text.charAt(at + 1) == next;
    }

    private Place place(int index) {
        return new Place(line, index - lineStart + 1);
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
