package dev.handover.deploy.demo;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The ICD-9-CM codes that the hospital's coders gave to diagnoses, as they wrote them: with and without the full stop,
 * in small letters, in the wrong version, without a version. What is no matter of ICD-9 has none, such as an
 * employment. Not all of them are in the demo's map.
 */
final class Icd9 {
    private static final int HISTORY_EVERY = 19;
    private static final int HISTORY_AT = 3;
    private static final int NO_VERSION_EVERY = 101;
    private static final int LETTERS_EVERY = 7;

    /** What a medication review is coded as: drugs that are taken for long, and what was once treated. */
    private static final List<String> REVIEWS = List.of(
            "", "V58.61", "", "V58.69", "V58.65", "", "V58.67", "V15.82", "", "V10.3", "V12.54", "V45.01", "V12.21",
            "V08");

    /** Causes of injury, which stand beside the injury or instead of it. */
    private static final List<String> CAUSES = List.of("E880.9", "E885.9", "E888.8", "E906.0", "E849.0", "E930.0");

    private static final Map<String, String> BY_SNOMED = Map.ofEntries(
            Map.entry("195662009", "462"),
            Map.entry("10509002", "466.0"),
            Map.entry("444814009", "461.9"),
            Map.entry("36971009", "473.9"),
            Map.entry("40055000", "473.9"),
            Map.entry("43878008", "034.0"),
            Map.entry("65363002", "382.9"),
            Map.entry("66383009", "523.10"),
            Map.entry("109570002", "521.00"),
            Map.entry("72892002", "V22.1"),
            Map.entry("19169002", "634.90"),
            Map.entry("198992004", "642.60"),
            Map.entry("398254007", "642.40"),
            Map.entry("271737000", "285.9"),
            Map.entry("162864005", "278.00"),
            Map.entry("408512008", "278.01"),
            Map.entry("59621000", "401.1"),
            Map.entry("307426000", "595.9"),
            Map.entry("80583007", "300.00"),
            Map.entry("10939881000119105", "305.00"),
            Map.entry("278860009", "724.2"),
            Map.entry("82423001", "338.29"),
            Map.entry("1121000119107", "723.1"),
            Map.entry("237602007", "277.7"),
            Map.entry("6525002", "305.90"),
            Map.entry("65966004", "813.44"),
            Map.entry("263102004", "813.44"),
            Map.entry("125605004", "829.0"),
            Map.entry("127013003", "250.40"),
            Map.entry("90781000119102", "791.0"),
            Map.entry("157141000119108", "791.0"),
            Map.entry("124171000119105", "346.90"),
            Map.entry("128613002", "780.39"),
            Map.entry("239872002", "715.90"),
            Map.entry("239873007", "715.36"),
            Map.entry("414545008", "414.01"),
            Map.entry("254837009", "174.9"),
            Map.entry("91302008", "038.9"),
            Map.entry("76571007", "785.52"),
            Map.entry("49727002", "786.2"),
            Map.entry("386661006", "780.60"),
            Map.entry("422587007", "787.02"),
            Map.entry("249497008", "787.03"),
            Map.entry("389087006", "799.02"),
            Map.entry("271825005", "518.81"),
            Map.entry("233604007", "486"),
            Map.entry("64859006", "733.00"),
            Map.entry("90560007", "274.9"),
            Map.entry("69896004", "714.0"),
            Map.entry("44054006", "250.00"),
            Map.entry("22298006", "410.71"),
            Map.entry("401314000", "410.71"),
            Map.entry("399211009", "412"),
            Map.entry("88805009", "428.22"),
            Map.entry("93761005", "153.9"),
            Map.entry("26929004", "331.0"),
            Map.entry("78275009", "327.23"),
            Map.entry("399261000", "V45.81"));

    /** What the clinic of the demo codes: one of every outcome that a map can have, and one that the map lacks. */
    static final List<Code> OF_THE_CLINIC = List.of(
            new Code("486", "9"),
            new Code("401.1", "9"),
            new Code("0340", "9"),
            new Code("81344", "9"),
            new Code("E850.0", "9"),
            new Code("46619", "9"),
            new Code("V122", "9"),
            new Code("V122", "10"));

    private Icd9() {}

    /** A code as it is written; the version is empty where nobody wrote it. */
    record Code(String written, String version) {}

    /** The code of a diagnosis, if it has one; {@code number} counts the diagnoses. */
    static Optional<Code> of(String snomed, int number) {
        if (number % HISTORY_EVERY == HISTORY_AT) {
            return Optional.of(
                    number % 2 != 0 ? new Code("V122", "10") : new Code(number % 4 == 0 ? "V12.2" : "V122", "9"));
        }
        return code(snomed, number)
                .map(code -> new Code(written(code, number), number % NO_VERSION_EVERY == 0 ? "" : "9"));
    }

    private static Optional<String> code(String snomed, int number) {
        String known = BY_SNOMED.get(snomed);
        if (known != null) {
            return Optional.of(known);
        }
        return switch (snomed) {
            case "314529007" -> Optional.of(turn(REVIEWS, number)).filter(code -> !code.isEmpty());
            case "55680006" -> Optional.of(number % 2 == 0 ? "965.01" : "E850.0");
            case "384709000", "312608009", "44465007", "283385000", "284549007", "370247008", "284551006", "16114001" ->
                Optional.of(turn(CAUSES, number));
            default -> Optional.empty();
        };
    }

    private static String turn(List<String> codes, int number) {
        return codes.get(number % codes.size());
    }

    private static String written(String code, int number) {
        String stopped = number % 3 == 0 ? code.replace(".", "") : code;
        return number % LETTERS_EVERY == 0 ? stopped.toLowerCase(Locale.ROOT) : stopped;
    }

    /** Every code that anybody writes, once. */
    static Stream<Code> all(List<String> snomeds) {
        return Stream.concat(
                        IntStream.range(0, snomeds.size())
                                .boxed()
                                .flatMap(number -> of(snomeds.get(number), number).stream()),
                        OF_THE_CLINIC.stream())
                .filter(code -> !code.version().isEmpty())
                .distinct();
    }
}
