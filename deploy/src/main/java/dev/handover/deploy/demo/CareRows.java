package dev.handover.deploy.demo;

import static dev.handover.deploy.demo.LegacyTable.row;
import static dev.handover.deploy.demo.Quirks.compact;
import static dev.handover.deploy.demo.Quirks.utc;
import static dev.handover.deploy.demo.Quirks.wall;

import dev.handover.deploy.demo.SyntheaArchive.Line;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was found and done: encounters, beds, diagnoses, results, vital signs, drugs, procedures. */
final class CareRows {
    /** MariaDB's TIME ends here; the old system cut longer stays off. */
    private static final long LONGEST_SECONDS = 838 * 3600L + 59 * 60 + 59;

    private static final Map<String, String> CLASSES = Map.of(
            "ambulatory", "AMB",
            "emergency", "EMR",
            "home", "HHC",
            "hospice", "HSP",
            "inpatient", "IMP",
            "outpatient", "OUT",
            "snf", "SNF",
            "urgentcare", "URG",
            "virtual", "VRT",
            "wellness", "WEL");

    private final SyntheaArchive archive;
    private final LegacyIds ids;
    private final LegacyEngine engine;

    CareRows(SyntheaArchive archive, LegacyIds ids, LegacyEngine engine) {
        this.archive = archive;
        this.ids = ids;
        this.engine = engine;
    }

    List<LegacyTable> tables() {
        return List.of(
                LegacyTable.of(
                        "encounter",
                        "encounter_id facility_id patient_id provider_id organization_id class_cd start_ts stop_ts"
                                + " type_cd reason_cd cost covered duration source_uuid note",
                        () -> archive.lines("encounters").stream().map(this::encounter)),
                LegacyTable.of(
                        "bed_move",
                        "encounter_id move_no ward bed moved_on in_time out_time interval",
                        () -> archive.lines("encounters").stream().flatMap(this::bedMoves)),
                LegacyTable.of(
                        "diagnosis",
                        "diagnosis_id encounter_id facility_id snomed code code_version description onset_dt"
                                + " resolved_dt confirmed",
                        () -> archive.lines("conditions").stream().map(this::diagnosis)),
                LegacyTable.of(
                        "lab_result",
                        "result_id loinc facility_id patient_id encounter_id specimen value_txt value_num units flag"
                                + " abnormal:bits accession drawn_at resulted_at note answer",
                        () -> archive.lines("observations").stream()
                                .filter(line -> !vital(line))
                                .map(this::result)),
                LegacyTable.of(
                        "vitals",
                        "reading_no loinc patient_id value_num value_f units taken_at read",
                        () -> archive.lines("observations").stream()
                                .filter(CareRows::vital)
                                .map(this::vitalSign)),
                LegacyTable.of(
                        "prescription",
                        "rx_id facility_id patient_id encounter_id ndc gsn drug dose dose_units route start_dt stop_dt"
                                + " payer_cd base_cost total_cost dispenses sig",
                        () -> archive.lines("medications").stream().map(this::prescription)),
                LegacyTable.of(
                        "immunization",
                        "patient_id dose_no cvx facility_id given_at lot lot_year cost",
                        this::immunizations),
                LegacyTable.of(
                        "allergy",
                        "allergy_id facility_id patient_id code substance category severity reaction noted_dt",
                        () -> archive.lines("allergies").stream().map(this::allergy)),
                LegacyTable.of(
                        "procedure",
                        "procedure_id encounter_id facility_id snomed description start_ts stop_ts minutes base_cost"
                                + " reason_cd report",
                        () -> archive.lines("procedures").stream().map(this::procedure)));
    }

    private @Nullable String[] encounter(Line line) {
        int number = line.number();
        String patient = line.text("PATIENT");
        return row(
                ids.encounter(line.text("Id")),
                ids.facilityOf(patient),
                ids.patient(patient),
                ids.provider(line.text("PROVIDER")),
                line.text("ORGANIZATION"),
                classCode(line.text("ENCOUNTERCLASS")),
                wall(line.text("START")),
                engine.instant(utc(line.text("STOP")) + "." + (100 + number % 900)),
                line.cell("CODE"),
                line.cell("REASONCODE"),
                line.text("TOTAL_CLAIM_COST"),
                line.text("PAYER_COVERAGE"),
                duration(line),
                line.text("Id"),
                number % 4 == 0 ? null : Quirks.note(number));
    }

    private static String classCode(String synthea) {
        String code = CLASSES.get(synthea);
        if (code == null) {
            throw new IllegalStateException("synthea.zip holds an encounter class without a legacy code: " + synthea);
        }
        return code;
    }

    private static String duration(Line line) {
        long seconds = Math.min(
                LONGEST_SECONDS,
                Duration.between(Instant.parse(line.text("START")), Instant.parse(line.text("STOP")))
                        .toSeconds());
        return Quirks.format("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** Two or three beds for whoever stayed or came in a hurry. */
    private Stream<@Nullable String[]> bedMoves(Line line) {
        String encounterClass = line.text("ENCOUNTERCLASS");
        if (!encounterClass.equals("inpatient")
                && !encounterClass.equals("emergency")
                && !encounterClass.equals("urgentcare")) {
            return Stream.empty();
        }
        long encounter = ids.encounter(line.text("Id"));
        List<@Nullable String[]> rows = new ArrayList<>();
        for (int move = 1; move <= 2 + line.number() % 2; move++) {
            rows.add(row(
                    encounter,
                    move,
                    move == 1 ? "ED" : "W\u00e4rd " + line.number() % 9,
                    move == 1 ? "" : "B" + line.number() % 60,
                    line.text("START").substring(0, 10),
                    Quirks.format("%02d:%02d:59.%03d", move * 5, line.number() % 60, line.number() % 1000),
                    move == 3 ? "23:59:59" : null,
                    move == 2 ? " " : "q" + move + "h"));
        }
        return rows.stream();
    }

    private @Nullable String[] diagnosis(Line line) {
        int number = line.number();
        Icd9.Code code = Icd9.of(line.text("CODE"), number).orElse(null);
        return row(
                number + 1,
                ids.encounter(line.text("ENCOUNTER")),
                ids.facilityOf(line.text("PATIENT")),
                number % 97 == 5 ? "16335031000119103" : line.text("CODE"),
                code == null ? null : code.written(),
                code == null || code.version().isEmpty() ? null : code.version(),
                line.text("DESCRIPTION") + (number % 2 == 0 ? "     " : ""),
                line.text("START"),
                line.cell("STOP") == null ? engine.pick("infinity", "0000-00-00") : line.text("STOP"),
                number % 3 == 0 ? null : LegacyEngine.flag(number % 3 == 1));
    }

    private static boolean vital(Line line) {
        return line.text("CATEGORY").equals("vital-signs") && line.text("TYPE").equals("numeric");
    }

    private @Nullable String[] result(Line line) {
        int number = line.number();
        String encounter = line.cell("ENCOUNTER");
        boolean numeric = line.text("TYPE").equals("numeric");
        // what a laboratory says, be it in words; what is asked of people has answers
        boolean measured = line.text("CATEGORY").equals("laboratory");
        return row(
                7_000_000L + number,
                line.text("CODE"),
                ids.facilityOf(line.text("PATIENT")),
                ids.patient(line.text("PATIENT")),
                encounter == null ? null : ids.encounter(encounter),
                measured ? Shorthand.specimen(line.text("DESCRIPTION"), number) : null,
                numeric ? valueText(line) : measured ? line.text("VALUE") : null,
                numeric ? value(line) : null,
                units(line),
                number % 10 == 9 ? null : number % 10 == 4 ? "" : "H",
                LegacyEngine.flag(number % 6 == 0),
                accession(number),
                wall(line.text("DATE")),
                number % 13 == 0
                        ? null
                        : engine.instant(utc(line.text("DATE")) + Quirks.format(".%06d", number * 7 % 1_000_000)),
                number % 40 == 0 ? Quirks.note(number / 40) : null,
                numeric || measured ? null : line.text("VALUE"));
    }

    /** A number as the laboratory wrote it, and what it wrote instead of one. */
    private static @Nullable String valueText(Line line) {
        String value = line.text("VALUE");
        int whole = (int) Double.parseDouble(value);
        return switch (line.number() % 60) {
            case 3 -> ">" + value;
            case 8 -> value + " (HIGH)";
            case 13 -> "< " + value;
            case 18 -> whole + "-" + (whole + 2);
            case 23 -> ">=" + value;
            case 28 -> "+++";
            case 33 -> "___";
            case 38 -> value + "/.";
            case 43 -> " ";
            case 48 -> "=>" + value;
            case 53 -> null;
            default -> value;
        };
    }

    /** PostgreSQL keeps the digits as written (2.0 is not 2) and knows NaN; MariaDB has six decimals and NULL. */
    private @Nullable String value(Line line) {
        if (line.number() % 5000 == 17) {
            return engine == LegacyEngine.POSTGRES ? "NaN" : null;
        }
        return line.text("VALUE");
    }

    private static String units(Line line) {
        return switch (line.number() % 30) {
            case 7 -> "";
            case 17 -> " ";
            case 27 -> line.text("UNITS") + " 24h ";
            default -> Shorthand.unit(line.text("UNITS"), line.number() / 7);
        };
    }

    /** Beyond 2^63 for some: a number only an unsigned 64-bit column holds. */
    private static @Nullable String accession(int number) {
        return number % 3 == 0
                ? null
                : number % 3 == 1 ? "1844674407370" + (1_000_000 + number % 700_000 / 100) : "" + number;
    }

    private @Nullable String[] vitalSign(Line line) {
        boolean customary = ids.facilityOf(line.text("PATIENT")) != LegacyIds.FACILITIES.get(0);
        String unit = customary ? customary(line.text("UNITS")) : line.text("UNITS");
        String value = customary ? customary(line.text("UNITS"), line.text("VALUE")) : line.text("VALUE");
        return row(
                line.number() + 1,
                line.text("CODE"),
                ids.patient(line.text("PATIENT")),
                line.number() % 50 == 11 ? "0.00" : value,
                line.number() % 8 == 0 ? null : value,
                line.number() % 90 == 1 ? null : Shorthand.unit(unit, line.number() / 7),
                wall(line.text("DATE")) + ".5",
                LegacyEngine.flag(line.number() % 2 == 0));
    }

    /** Only the first facility measures in metric units. */
    private static String customary(String metric) {
        return switch (metric) {
            case "kg" -> "[lb_av]";
            case "cm" -> "[in_i]";
            case "Cel" -> "[degF]";
            default -> metric;
        };
    }

    private static String customary(String metric, String value) {
        BigDecimal number = new BigDecimal(value);
        BigDecimal converted =
                switch (metric) {
                    case "kg" -> number.divide(new BigDecimal("0.45359237"), 1, RoundingMode.HALF_UP);
                    case "cm" -> number.divide(new BigDecimal("2.54"), 1, RoundingMode.HALF_UP);
                    case "Cel" ->
                        number.multiply(new BigDecimal("1.8"))
                                .add(BigDecimal.valueOf(32))
                                .setScale(1, RoundingMode.HALF_UP);
                    default -> number;
                };
        return converted.toPlainString();
    }

    private @Nullable String[] prescription(Line line) {
        int number = line.number();
        Shorthand.Dose dose = Shorthand.dose(number);
        return row(
                number + 1,
                ids.facilityOf(line.text("PATIENT")),
                ids.patient(line.text("PATIENT")),
                ids.encounter(line.text("ENCOUNTER")),
                number % 4 == 0 ? "0" : Quirks.format("%011d", 74_000_000L + number * 13L),
                Quirks.format("004380 015%03d ", number % 1000),
                line.text("DESCRIPTION"),
                dose.amount(),
                dose.unit(),
                Shorthand.route(line.text("DESCRIPTION"), number),
                compact(line.text("START")),
                line.cell("STOP") == null ? null : number % 21 == 2 ? "19000101" : compact(line.text("STOP")),
                ids.payer(line.text("PAYER")),
                line.text("BASE_COST"),
                line.text("TOTALCOST"),
                line.text("DISPENSES"),
                number % 3 == 0 ? Quirks.note(number) : null);
    }

    private Stream<@Nullable String[]> immunizations() {
        Map<Integer, Integer> doses = new HashMap<>();
        return archive.lines("immunizations").stream().map(line -> {
            int patient = ids.patient(line.text("PATIENT"));
            return row(
                    patient,
                    doses.merge(patient, 1, Integer::sum),
                    line.number() % 9 == 0 ? "024" : line.text("CODE"),
                    ids.facilityOf(line.text("PATIENT")),
                    engine.instant(utc(line.text("DATE"))),
                    line.number() % 5 == 0 ? "" : "L" + line.number() + "\\" + line.number() % 7,
                    1901 + line.number() % 150,
                    line.text("BASE_COST"));
        });
    }

    private @Nullable String[] allergy(Line line) {
        String severity = line.cell("SEVERITY1");
        return row(
                line.number() + 1,
                ids.facilityOf(line.text("PATIENT")),
                ids.patient(line.text("PATIENT")),
                line.text("CODE"),
                line.text("DESCRIPTION"),
                line.text("CATEGORY"),
                severity,
                severity == null
                        ? null
                        : "[{\"text\": \"" + line.text("DESCRIPTION1") + "\", \"code\": " + line.text("REACTION1")
                                + "}]",
                line.text("START"));
    }

    private @Nullable String[] procedure(Line line) {
        Instant start = Instant.parse(line.text("START"));
        long minutes = Duration.between(start, Instant.parse(line.text("STOP"))).toMinutes();
        return row(
                line.number() + 1,
                ids.encounter(line.text("ENCOUNTER")),
                ids.facilityOf(line.text("PATIENT")),
                line.text("CODE"),
                line.text("DESCRIPTION"),
                wall(line.text("START")),
                line.number() % 15 == 0 ? null : wall(line.text("STOP")),
                Math.min(minutes, 32_767),
                line.text("BASE_COST"),
                line.cell("REASONCODE"),
                line.number() % 25 == 0 ? Quirks.note(line.number() / 25) : null);
    }
}
