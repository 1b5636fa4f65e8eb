package dev.handover.wire;

import dev.handover.row.TableId;
import java.util.Objects;

/**
 * The names of a pipeline's topics. A character that a topic cannot have is written as {@code _x} and its four
 * hexadecimal digits.
 */
public record Topics(String pipeline) {
    /** Most characters of a topic's name; Kafka's own limit. */
    public static final int NAME_LENGTH_MAX = 249;

    public Topics {
        if (!legal(Objects.requireNonNull(pipeline, "pipeline")).equals(pipeline) || pipeline.isEmpty()) {
            throw new IllegalArgumentException(
                    "a pipeline's name has letters, digits, '.', '-' and '_' only: \"" + pipeline + "\"");
        }
    }

    /** The change log of a source table. */
    public String source(TableId table) {
        return limited(sourcePrefix() + legal(table.text()));
    }

    /** What the names of all change logs begin with, and no other topic's. */
    public String sourcePrefix() {
        return pipeline + ".source.";
    }

    /** The group in which the transform's progress in the change logs is kept. */
    public String transformGroup() {
        return pipeline + "-transform";
    }

    /** The canonical changes to a target table. */
    public String canonical(TableId target) {
        return limited(pipeline + ".canonical." + legal(target.shortText()));
    }

    /** Changes of any table that could not go on and are to be tried again, in the partitions of their change logs. */
    public String replay() {
        return pipeline + ".replay";
    }

    /** What cannot go on. */
    public String deadLetter() {
        return pipeline + ".dead-letter";
    }

    /** Where capture keeps its boundaries and the progress of the load; compacted. */
    public String state() {
        return pipeline + ".state";
    }

    /** Which mapping versions were ever used, and what each of them meant; compacted. */
    public String mappings() {
        return pipeline + ".mappings";
    }

    /** The history of a MariaDB or MySQL source's schema. */
    public String schemaHistory(String source) {
        return limited(pipeline + ".schema-history." + legal(source));
    }

    private static String legal(String name) {
        StringBuilder legal = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '.'
                    || c == '-'
                    || c == '_') {
                legal.append(c);
            } else {
                legal.append(String.format("_x%04x", (int) c));
            }
        }
        return legal.toString();
    }

    private static String limited(String name) {
        if (name.length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException("the topic name \"" + name + "\" is longer than 249 characters");
        }
        return name;
    }
}
