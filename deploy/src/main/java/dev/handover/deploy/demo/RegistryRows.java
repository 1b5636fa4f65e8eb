package dev.handover.deploy.demo;

import static dev.handover.deploy.demo.LegacyTable.row;
import static dev.handover.deploy.demo.Quirks.compact;

import dev.handover.deploy.demo.SyntheaArchive.Line;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who is treated where, by whom, and who pays: the tables that the others point to. */
final class RegistryRows {
    private static final String[] FACILITY_NAMES = {
        "St. Elsewhere General", "St. Elsewhere North ", "Children\\'s \"Annex\"", "Pilot Clinic"
    };

    private final SyntheaArchive archive;
    private final LegacyIds ids;
    private final LegacyEngine engine;

    RegistryRows(SyntheaArchive archive, LegacyIds ids, LegacyEngine engine) {
        this.archive = archive;
        this.ids = ids;
        this.engine = engine;
    }

    List<LegacyTable> tables() {
        return List.of(
                LegacyTable.of("facility", "facility_id code name timezone opened active", this::facilities),
                LegacyTable.of(
                        "organization",
                        "organization_id facility_id parent_id name phone zip location revenue",
                        () -> archive.lines("organizations").stream().map(this::organization)),
                LegacyTable.of(
                        "provider",
                        "provider_id organization_id facility_id name sex_cd speciality read profile",
                        () -> archive.lines("providers").stream().map(this::provider)),
                LegacyTable.of(
                        "payer",
                        "payer_cd name government covered uncovered range contact",
                        () -> archive.lines("payers").stream().map(this::payer)),
                LegacyTable.of("exam_code", "code version description price", this::examCodes),
                LegacyTable.of(
                        "patient",
                        "patient_id facility_id mrn last_nm first_nm middle_nm dob sex_cd race death_dt ssn phone address"
                                + " status merged_into income extra tags reviewed_ts upd_ts",
                        () -> archive.lines("patients").stream().map(this::patient)),
                LegacyTable.of(
                        "patient_identifier",
                        "facility_id patient_id id_type id_value issued",
                        () -> archive.lines("patients").stream().flatMap(this::identifiers)),
                LegacyTable.of(
                        "patient_name",
                        "patient_id name_no use_cd family given valid_from note",
                        () -> archive.lines("patients").stream().flatMap(this::names)),
                LegacyTable.of(
                        "insurance",
                        "insurance_id patient_id plan_type date_from date_to payer_cd premium coverage ends_at",
                        this::insurances));
    }

    private Stream<@Nullable String[]> facilities() {
        return IntStream.range(0, LegacyIds.FACILITIES.size())
                .mapToObj(i -> row(
                        LegacyIds.FACILITIES.get(i),
                        "F" + (i + 1),
                        FACILITY_NAMES[i],
                        Quirks.ZONE.getId(),
                        1901 + 31 * i,
                        LegacyEngine.flag(i != 3)));
    }

    private @Nullable String[] organization(Line line) {
        int number = line.number();
        String parent = number % 5 == 0
                ? null
                : archive.lines("organizations").get(number - number % 5).text("Id");
        return row(
                line.text("Id"),
                LegacyIds.facility(number),
                parent,
                line.text("NAME"),
                number % 4 == 1 ? "+345" + number + "\\234" : line.cell("PHONE"),
                line.cell("ZIP"),
                "(" + line.text("LON") + "," + line.text("LAT") + ")",
                line.text("REVENUE"));
    }

    private @Nullable String[] provider(Line line) {
        int number = line.number();
        String profile = "{\"beds\": 1.0,  \"beds\": 1, \"name\":\"" + line.text("NAME") + "\", \"since\": null}";
        return row(
                ids.provider(line.text("Id")),
                line.text("ORGANIZATION"),
                organizationFacility(line.text("ORGANIZATION")),
                (number % 6 == 2 ? "Mr. " : "") + line.text("NAME"),
                line.text("GENDER"),
                number % 9 == 4 ? " " : line.text("SPECIALITY"),
                LegacyEngine.flag(number % 3 == 0),
                number % 7 == 6 ? null : profile);
    }

    private int organizationFacility(String uuid) {
        return archive.lines("organizations").stream()
                .filter(line -> line.text("Id").equals(uuid))
                .map(line -> LegacyIds.facility(line.number()))
                .findFirst()
                .orElseThrow();
    }

    private @Nullable String[] payer(Line line) {
        int number = line.number();
        return row(
                ids.payer(line.text("Id")),
                line.text("NAME"),
                line.text("OWNERSHIP").equals("GOVERNMENT") ? "1" : "0",
                line.text("AMOUNT_COVERED"),
                line.text("AMOUNT_UNCOVERED"),
                number % 4 == 3 ? null : "[" + number + "," + number * 100 + 7 + ")",
                Quirks.note(number + 3L));
    }

    /** The laboratory's codes beside the classics: text keys that look like numbers, a code that two versions share. */
    private Stream<@Nullable String[]> examCodes() {
        Map<String, String> loinc = new LinkedHashMap<>();
        archive.lines("observations").forEach(line -> loinc.putIfAbsent(line.text("CODE"), line.text("DESCRIPTION")));
        List<@Nullable String[]> rows = new ArrayList<>();
        loinc.forEach((code, text) -> rows.add(row(code, "2.77", padded(text, rows.size()), 4.1 + rows.size() * 0.7)));
        rows.add(row("03.01", "1", "H\u00e9moglobine", 12.3));
        rows.add(row("03.02", "1", "Leukozyten (gro\u00df) \u00b5l", 12.3));
        rows.add(row("03.022", "1", "M\u00c3\u00bcllerian duct, stored twice encoded", 0.1));
        rows.add(row("3.1", "1", "not 03.01", 1e-7));
        rows.add(row("V122", "9", "Personal history, version 9", null));
        rows.add(row("V122", "10", "Motor- or nonmotor-vehicle accident, version 10", null));
        rows.add(row("024", "cvx", "C\u00efTE D IVOIRE", -0.0));
        Icd9.all(archive.lines("conditions").stream()
                        .map(line -> line.text("CODE"))
                        .toList())
                .filter(code -> !code.written().equals("V122"))
                .forEach(code -> rows.add(row(code.written(), code.version(), "ICD " + code.written(), null)));
        return rows.stream();
    }

    private static String padded(String text, int number) {
        return number % 3 == 0 ? text + "    " : text;
    }

    private @Nullable String[] patient(Line line) {
        int number = line.number();
        String death = line.cell("DEATHDATE");
        String last = line.text("LAST");
        return row(
                ids.patient(line.text("Id")),
                ids.facilityOf(line.text("Id")),
                Quirks.format("MRN%07d", number * 37 + 11) + (number % 5 == 0 ? "  " : ""),
                number % 4 == 0 ? last + "  " : last,
                number % 6 == 1
                        ? Normalizer.normalize("Zo\u00eb " + line.text("FIRST"), Normalizer.Form.NFD)
                        : line.text("FIRST"),
                line.cell("MIDDLE") == null ? " " : line.text("MIDDLE"),
                compact(line.text("BIRTHDATE")),
                number % 11 == 5 ? "U" : line.text("GENDER"),
                Shorthand.race(line.text("RACE"), line.text("ETHNICITY").equals("hispanic"), number),
                death == null ? engine.pick("infinity", "0000-00-00") : death,
                ssn(line),
                Shorthand.phone(number),
                line.text("ADDRESS") + "\n\t" + line.text("CITY") + ", MA\r\n" + line.text("ZIP"),
                death == null ? "A" : "X",
                null,
                line.text("INCOME"),
                extra(line),
                number % 3 == 0 ? null : engine.words(number % 3 == 1 ? List.of() : List.of("vip", "fall-risk")),
                number % 4 == 0 ? null : engine.pick("infinity", "0000-00-00 00:00:00"),
                Quirks.format("2023-12-%02d 08:15:%02d.%06d", 1 + number % 28, number, number * 1001));
    }

    /** Two formats, and two patients share one number. */
    private static String ssn(Line line) {
        if (line.number() == 7 || line.number() == 19) {
            return "555-11-1111";
        }
        return line.number() % 2 == 0 ? line.text("SSN") : line.text("SSN").replace("-", "");
    }

    private static @Nullable String extra(Line line) {
        if (line.number() % 8 == 7) {
            return null;
        }
        return "{\"race\": \"" + line.text("RACE") + "\", \"marital\": null, \"score\": " + line.number()
                + ".50, \"born\": {\"at\": \"" + line.text("BIRTHPLACE")
                + "\"}, \"alias\": [\"\", \"\\u00e9\\ud83d\\ude00\", 12345678901234567890.10]}";
    }

    private Stream<@Nullable String[]> identifiers(Line line) {
        int patient = ids.patient(line.text("Id"));
        int facility = ids.facilityOf(line.text("Id"));
        List<@Nullable String[]> rows = new ArrayList<>();
        rows.add(row(facility, patient, "MRN", Quirks.format("MRN%07d", line.number() * 37 + 11), null));
        rows.add(row(facility, patient, "SYN", line.text("Id"), "2024-01-01"));
        if (line.cell("DRIVERS") != null) {
            rows.add(row(facility, patient, "DRV", line.text("DRIVERS"), "2051-01-05"));
        }
        if (line.cell("PASSPORT") != null) {
            rows.add(row(facility, patient, "PPN", line.text("PASSPORT"), "9999-12-31"));
        }
        return rows.stream();
    }

    private Stream<@Nullable String[]> names(Line line) {
        int patient = ids.patient(line.text("Id"));
        String given = (line.text("FIRST") + " " + line.text("MIDDLE")).trim();
        List<@Nullable String[]> rows = new ArrayList<>();
        rows.add(row(patient, 1, "official", line.text("LAST"), given, line.text("BIRTHDATE"), null));
        if (line.cell("MAIDEN") != null) {
            rows.add(row(patient, 2, "maiden", line.text("MAIDEN"), given, line.text("BIRTHDATE"), ""));
        }
        if (line.number() % 3 == 1) {
            rows.add(row(
                    patient, 3, "nickname", " ", "N\u0303andu\u0301 \ud83e\udd86", null, Quirks.note(line.number())));
        }
        return rows.stream();
    }

    private Stream<@Nullable String[]> insurances() {
        Map<Integer, Integer> seen = new LinkedHashMap<>();
        return archive.lines("payer_transitions").stream().map(line -> {
            int nth = seen.merge(ids.patient(line.text("PATIENT")), 1, Integer::sum);
            return insurance(line, nth);
        });
    }

    private @Nullable String[] insurance(Line line, int nth) {
        String from = line.text("START_DATE").substring(0, 10);
        String to = line.text("END_DATE").substring(0, 10);
        return row(
                policy(line),
                ids.patient(line.text("PATIENT")),
                "P" + nth,
                nth == 1 ? engine.pick("-infinity", "0000-00-00") : from,
                nth % 7 == 0 ? "2051-01-05" : to,
                ids.payer(line.text("PAYER")),
                nth % 5 == 0 ? "0.00" : nth * 13 + ".50",
                nth % 9 == 3 ? engine.pick("empty", "") : "[" + from + "," + to + ")",
                nth % 4 == 0
                        ? null
                        : nth % 4 == 1
                                ? engine.pick("infinity", "9999-12-31 23:59:59")
                                : engine.instant(to + " 05:00:00.123"));
    }

    /** Synthea repeats a member's number in each period, so the policy gets a UUID of its own. */
    private static UUID policy(Line line) {
        return UUID.nameUUIDFromBytes((line.text("MEMBERID") + "/" + line.number()).getBytes(StandardCharsets.UTF_8));
    }
}
