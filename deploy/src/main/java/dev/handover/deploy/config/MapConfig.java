package dev.handover.deploy.config;

import dev.handover.mapping.code.CsvLayout;
import dev.handover.mapping.code.KeyForm;
import dev.handover.mapping.code.KeyPart;
import dev.handover.mapping.code.Several;
import dev.handover.mapping.unit.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a map of codes or units is kept, and how its file is read. */
public record MapConfig(
        @Key("CSV file with a header; files are named from the directory of the pipeline file")
        Optional<String> csv,

        @Key("General Equivalence Mapping, as CMS publishes it")
        Optional<String> gem,

        @Key("FHIR ConceptMap in JSON, R4 or R5") Optional<String> conceptMap,

        @Key("CSV file of unit strings and UCUM codes, `-` for no unit, `?` for an ambiguous one")
        Optional<String> units,

        @Key(value = "Edition of the map; a ConceptMap says its own", asWritten = true)
        Optional<String> version,

        @Key("System that codes come from; of a ConceptMap, the groups that are meant")
        Optional<String> from,

        @Key("System that codes are translated to; of a ConceptMap, the groups that are meant")
        Optional<String> to,

        @Key("What the map is looked up by, the code first; a GEM or ConceptMap needs none, units have column `local`")
        List<Part> key,

        @Key("CSV column of target codes; of units, `ucum` when absent")
        Optional<String> target,

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
        Optional<String> url,

        @Key("Differences in the writing of units that mean nothing")
        List<Spelling> ignore) {

    /** Refuses keys that do not belong to the kind of file. */
    public MapConfig {
        key = List.copyOf(key);
        noMap = List.copyOf(noMap);
        ignore = List.copyOf(ignore);
        List<String> files = new ArrayList<>();
        csv.ifPresent(file -> files.add("csv"));
        gem.ifPresent(file -> files.add("gem"));
        conceptMap.ifPresent(file -> files.add("conceptMap"));
        units.ifPresent(file -> files.add("units"));
        if (files.size() != 1) {
            throw new Invalid(
                    files.isEmpty() ? "" : files.get(1),
                    "a map has one file",
                    "give exactly one of csv, gem, conceptMap and units");
        }
        if (csv.isPresent()) {
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
                throw new Invalid("key", "only a map of codes in CSV has a key of several columns", "keep the code");
            }
            boolean ofUnits = units.isPresent();
            if (target.isPresent() && !ofUnits
                    || display.isPresent()
                    || relation.isPresent()
                    || part.isPresent()
                    || flags.isPresent()
                    || !noMap.isEmpty()) {
                throw new Invalid(
                        files.get(0), "columns are declared for a file that has none", "name the file as  csv");
            }
            if (ofUnits && (version.isPresent() || from.isPresent() || to.isPresent() || several != Several.REFUSE)) {
                throw new Invalid("units", "a map of units leads to UCUM", "remove version, from, to and several");
            }
        }
        if (conceptMap.isEmpty() && url.isPresent()) {
            throw new Invalid("url", "only a ConceptMap has an address", "name the file as  conceptMap");
        }
        if (units.isEmpty() && !ignore.isEmpty()) {
            throw new Invalid("ignore", "only a map of units ignores spellings", "declare them in key");
        }
    }

    /** The file, as it is written here. */
    String file() {
        return csv.or(() -> gem).or(() -> conceptMap).or(() -> units).orElseThrow();
    }

    /** The same map with its file named from a directory. */
    MapConfig within(Path directory) {
        return new MapConfig(
                csv.map(file -> within(directory, file)),
                gem.map(file -> within(directory, file)),
                conceptMap.map(file -> within(directory, file)),
                units.map(file -> within(directory, file)),
                version,
                from,
                to,
                key,
                target,
                display,
                relation,
                part,
                flags,
                separator,
                noMap,
                several,
                url,
                ignore);
    }

    private static String within(Path directory, String file) {
        return directory.resolve(file).toString();
    }

    /** How many texts a code is looked up by. */
    int keyParts() {
        return Math.max(key.size(), 1);
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

    char between() {
        return switch (separator) {
            case COMMA -> ',';
            case SEMICOLON -> ';';
            case TAB -> '\t';
        };
    }

    CsvLayout layout() {
        return new CsvLayout(between(), target.orElseThrow(), display, relation, part, flags, Set.copyOf(noMap));
    }

    List<KeyPart> parts() {
        return key.isEmpty()
                ? List.of(KeyPart.of("code"))
                : key.stream().map(Part::part).toList();
    }
}
