package dev.handover.deploy.config;

import dev.handover.mapping.code.CsvLayout;
import dev.handover.mapping.code.KeyForm;
import dev.handover.mapping.code.KeyPart;
import dev.handover.mapping.code.Several;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a map of codes is kept and how its file is read. */
public record CodeMapConfig(
        @Key(value = "Name by which columns use the map", pattern = "[a-z][a-z0-9-]*")
        String name,

        @Key("File, from the directory of the pipeline file")
        String file,

        @Key(
                value = "What the file is: CSV with a header, a GEM as CMS publishes it, or a FHIR ConceptMap in JSON",
                byDefault = "csv")
        Format format,

        @Key(value = "Edition of the map; a ConceptMap says its own", asWritten = true)
        Optional<String> version,

        @Key("System that codes come from; of a ConceptMap, the groups that are meant")
        Optional<String> from,

        @Key("System that codes are translated to; of a ConceptMap, the groups that are meant")
        Optional<String> to,

        @Key("What the map is looked up by, the code first; a GEM or ConceptMap needs none")
        List<Part> key,

        @Key("CSV column of target codes") Optional<String> target,

        @Key("CSV column of their names") Optional<String> display,

        @Key("CSV column that says equivalent, wider, narrower, inexact, related, approximate, no-map or null;"
                + " without it every row is equivalent")
        Optional<String> relation,

        @Key("CSV column of scenario and part, such as 1.2, for codes that only together mean the same")
        Optional<String> part,

        @Key("CSV column of the five flags of a GEM, instead of relation and part")
        Optional<String> flags,

        @Key(value = "What is between the fields of a CSV file", byDefault = "comma")
        Separator separator,

        @Key(value = "Target codes of a CSV file that stand for none", asWritten = true)
        List<String> noMap,

        @Key(
                value = "What several rows of one code are: a mistake, a choice, or a choice even where they contradict"
                        + " each other; of a GEM or ConceptMap at least a choice",
                byDefault = "refuse")
        Several several,

        @Key("Address of the ConceptMap, where a Bundle holds several")
        Optional<String> url) {

    /** Refuses keys that do not belong to the format. */
    public CodeMapConfig {
        key = List.copyOf(key);
        noMap = List.copyOf(noMap);
        if (format == Format.CSV) {
            if (key.isEmpty()) {
                throw new Invalid("key", "a CSV file is looked up by a column", "write  key: [{column: code}]");
            }
            if (target.isEmpty()) {
                throw new Invalid("target", "a CSV file has a column of target codes", "name it");
            }
            if (flags.isPresent() && (relation.isPresent() || part.isPresent())) {
                throw new Invalid("flags", "flags exclude relation and part", "keep one of them");
            }
        } else {
            if (key.size() > 1) {
                throw new Invalid("key", "only a CSV file has a key of several columns", "keep the code");
            }
            if (target.isPresent()
                    || display.isPresent()
                    || relation.isPresent()
                    || part.isPresent()
                    || flags.isPresent()
                    || !noMap.isEmpty()) {
                throw new Invalid("format", "columns are declared for a file that has none", "write  format: csv");
            }
        }
        if (format != Format.CONCEPT_MAP && url.isPresent()) {
            throw new Invalid("url", "only a ConceptMap has an address", "write  format: concept-map");
        }
    }

    /** Kinds of files. */
    public enum Format {
        /** With a header and declared columns. */
        CSV,
        /** A General Equivalence Mapping as text. */
        GEM,
        /** FHIR R4 or R5, JSON. */
        CONCEPT_MAP
    }

    /** What is between two fields. */
    public enum Separator {
        COMMA,
        SEMICOLON,
        TAB
    }

    /** A column that a map is looked up by. */
    public record Part(
            @Key("Column of the file") String column,
            @Key("Differences in writing that mean nothing") List<KeyForm> ignore) {
        /** Copies the list. */
        public Part {
            ignore = List.copyOf(ignore);
        }

        KeyPart part() {
            return new KeyPart(column, ignore.isEmpty() ? Set.of() : EnumSet.copyOf(ignore));
        }
    }

    CsvLayout layout() {
        char between =
                switch (separator) {
                    case COMMA -> ',';
                    case SEMICOLON -> ';';
                    case TAB -> '\t';
                };
        return new CsvLayout(between, target.orElseThrow(), display, relation, part, flags, Set.copyOf(noMap));
    }

    List<KeyPart> keyParts() {
        return key.isEmpty()
                ? List.of(KeyPart.of("code"))
                : key.stream().map(Part::part).toList();
    }
}
