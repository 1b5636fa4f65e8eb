package dev.handover.deploy.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How people of the hospital write what others have codes for: units, specimens, routes, races, telephone numbers.
 * {@code number} is that of the row; the same number gives the same words.
 */
final class Shorthand {
    private static final Map<String, List<String>> UNITS = Map.ofEntries(
            Map.entry("mg/dL", List.of("mg/dL", "mg/dl", "MG/DL", "mg/dL", "mg%", "mg/dL")),
            Map.entry("g/dL", List.of("g/dL", "gm/dl", "g/dl")),
            Map.entry("mmol/L", List.of("mmol/L", "mMol/L", "mmol/l")),
            Map.entry("meq/L", List.of("mEq/L", "MEQ/L")),
            Map.entry("10*3/uL", List.of("K/uL", "k/uL", "x10^3/uL", "10^3/uL")),
            Map.entry("10*6/uL", List.of("m/uL", "M/uL", "10^6/uL")),
            Map.entry("U/L", List.of("U/L", "U/l", "Ul/l")),
            Map.entry("m[IU]/L", List.of("mIU/L")),
            Map.entry("ug/L", List.of("ug/L", "\u03bcg/l", "\u00b5g/l")),
            Map.entry("/min", List.of("bpm", "/min ", "beats/min")),
            Map.entry("mm[Hg]", List.of("mmHg", "mm Hg")),
            Map.entry("[pH]", List.of("pH", "pH units")),
            Map.entry("pH", List.of("pH", "pH units")),
            Map.entry("mL/min/{1.73_m2}", List.of("mL/min/1.73m2")),
            Map.entry("/[HPF]", List.of("/hpf", "#/hpf")),
            Map.entry("{INR}", List.of("INR")),
            Map.entry("{score}", List.of("score", "", "score")),
            Map.entry("{nominal}", List.of("N/A", "", "NA", "none")),
            Map.entry("{#}", List.of("")),
            Map.entry("s", List.of("sec", "seconds")),
            Map.entry("a", List.of("years")),
            Map.entry("cm", List.of("cm")),
            Map.entry("[in_i]", List.of("in", "inches")),
            Map.entry("[lb_av]", List.of("lb", "lbs", "lb")),
            Map.entry("Cel", List.of("C", "\u00b0C", "deg C")),
            Map.entry("[degF]", List.of("F", "deg F", "\u00b0F")));

    private static final Map<String, List<String>> RACES = Map.of(
            "white", List.of("WHITE", "White", "WHITE - RUSSIAN", "white ", "WHITE - OTHER EUROPEAN", "caucasian"),
            "black", List.of("BLACK/AFRICAN", "Black", "BLACK/CAPE VERDEAN", "UNKNOWN"),
            "hawaiian", List.of("ASIAN/PACIFIC ISLANDER"));

    /** What a registration desk writes of someone of whom nothing else is known. */
    static final List<@Nullable String> RACES_OF_WALK_INS = Arrays.asList(
            "WHITE",
            "black",
            "ASIAN - CHINESE",
            "ASIAN/PACIFIC ISLANDER",
            "HISPANIC",
            "DECLINED",
            " ",
            null,
            "see chart");

    private Shorthand() {}

    /** A unit of UCUM as a laboratory or a ward writes it. */
    static String unit(String ucum, int number) {
        List<String> spellings = UNITS.get(ucum);
        return spellings == null ? ucum : turn(spellings, number);
    }

    private static <T> T turn(List<T> words, int number) {
        return words.get(Math.floorMod(number, words.size()));
    }

    /** What stands on the label of the tube or beaker; {@code test} is the test's long name. */
    static @Nullable String specimen(String test, int number) {
        if (number % 31 == 5) {
            return number % 2 == 0 ? "" : null;
        }
        if (test.contains("Urine")) {
            return number % 97 == 11 ? "SWAB" : "URINE";
        }
        if (test.contains("Serum or Plasma")) {
            return number % 5 == 0 ? "Plasma" : "SERUM";
        }
        if (test.contains("Platelet poor plasma")) {
            return "PLASMA";
        }
        if (test.contains("blood culture")) {
            return "BLOOD CULTURE";
        }
        if (test.contains("Blood") || test.contains("blood")) {
            return number % 211 == 17 ? "JOINT FLUID" : number % 9 == 0 ? "Blood " : "BLOOD";
        }
        if (test.contains("Serum")) {
            return "SERUM";
        }
        if (test.contains("Stool")) {
            return "STOOL";
        }
        if (test.contains("Respiratory")) {
            return number % 2 == 0 ? "THROAT" : "NASOPHARYNX";
        }
        return test.contains("issue") || test.contains("specimen") ? "TISSUE" : null;
    }

    /** How a drug is given, as the ward abbreviates it. */
    static @Nullable String route(String drug, int number) {
        if (number % 41 == 7) {
            return "";
        }
        if (drug.contains("Epoetin")) {
            return number % 3 == 0 ? "DIALYS" : "SC";
        }
        if (drug.contains("Oral Tablet") || drug.contains("Oral Capsule") || drug.contains("Chewable")) {
            return turn(List.of("PO", "po", "ORAL", "PO", "PO/NG", "Oral "), number);
        }
        if (drug.contains("Oral Gel")) {
            return "TP";
        }
        if (drug.contains("Oral")) {
            return number % 2 == 0 ? "PO" : "G TUBE";
        }
        if (drug.contains("insulin") || drug.contains("Syringe") || drug.contains("heparin")) {
            return turn(List.of("SC", "SQ", "SUBCUT", "sc"), number);
        }
        if (drug.contains("Inject")) {
            return turn(List.of("IV", "IV DRIP", "IM", "IV BOLUS", "LOCK", "IO"), number);
        }
        if (drug.contains("Sublingual") || drug.contains("Mucosal")) {
            return "SL";
        }
        if (drug.contains("Transdermal")) {
            return "TD";
        }
        if (drug.contains("Vaginal")) {
            return "PV";
        }
        if (drug.contains("Inhal")) {
            return "IH";
        }
        if (drug.contains("Implant") || drug.contains("Intrauterine")) {
            return drug.contains("Implant") ? "under the skin" : "IU";
        }
        return drug.contains("Pack") ? "PO" : null;
    }

    /** A dose as the ward writes it, and its unit; either may be missing. */
    record Dose(@Nullable String amount, @Nullable String unit) {}

    private static final List<Dose> DOSES = List.of(
            new Dose("1", "TAB"),
            new Dose("500,000", "UNIT"),
            new Dose("50-100", "mg"),
            new Dose("2.0000001043081284", "mL"),
            new Dose("1 TAB ", null),
            new Dose("0.5", "gm"),
            new Dose("25", "MG"),
            new Dose("10", "units"),
            new Dose("100", "mcg"),
            new Dose("> 2", "gr"),
            new Dose("as directed", ""),
            new Dose(null, null),
            new Dose("10", "mg"),
            new Dose("20", "mg"));

    static Dose dose(int number) {
        return turn(DOSES, number);
    }

    /** What a registration desk writes of a race. */
    static @Nullable String race(String synthea, boolean hispanic, int number) {
        if (hispanic) {
            return number % 2 == 0 ? "HISPANIC" : "WHITE - BRAZILIAN";
        }
        return number % 13 == 12 ? null : turn(RACES.getOrDefault(synthea, List.of("OTHER")), number);
    }

    /** A telephone number as it was told. */
    static @Nullable String phone(int number) {
        String line = Quirks.format("%04d", 100 + Math.floorMod(number, 100));
        return switch (Math.floorMod(number, 8)) {
            case 0 -> "(617) 555-" + line;
            case 1 -> "617.555." + line;
            case 2 -> "617-555-" + line + " x" + (10 + Math.floorMod(number, 90));
            case 3 -> "+1617555" + line;
            case 4 -> "617555" + line;
            case 5 -> "+1617555\\" + line;
            case 6 -> "ask the daughter";
            default -> number % 16 == 7 ? "" : null;
        };
    }
}
