package dev.handover.deploy.e2e;

import dev.handover.deploy.demo.LegacyHospital;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * The demo's mapping said once more, by hand, in SQL: what a row of the target must be, from a row of the source. It
 * shares nothing with the mapping language or the pipeline; of the maps it shares the files, which the source's server
 * reads by itself.
 */
record HospitalOracle(Connection source, Connection target) {
    /** Local time of New York, where an hour comes twice in autumn: the first of the two is meant. */
    private static final String LOCAL = "(CASE WHEN (%1$s + interval '4 hours') AT TIME ZONE 'UTC' AT TIME ZONE"
            + " 'America/New_York' = %1$s THEN (%1$s + interval '4 hours') AT TIME ZONE 'UTC'"
            + " ELSE (%1$s + interval '5 hours') AT TIME ZONE 'UTC' END)";

    /** A number of a laboratory or a ward, without what may stand around it; of anything else null. */
    private static final String NUMBER =
            "substring(btrim(%s) from '^(?:>=|=>|<=|>|<)? *(-?[0-9]+(?:[.][0-9]+)?)(?: *(?:[(]HIGH[)]|TAB))?$')::numeric";

    private static final String COMPARATOR =
            "CASE WHEN %s IS NOT NULL THEN replace(substring(btrim(%s) from" + " '^(>=|=>|<=|>|<)'), '=>', '>=') END";
    private static final String LOW = "substring(btrim(%s) from '^(-?[0-9]+)--?[0-9]+$')::numeric";
    private static final String HIGH = "substring(btrim(%s) from '^-?[0-9]+-(-?[0-9]+)$')::numeric";

    /**
     * A mapped table.
     *
     * @param from of the source: the table, and maps joined to it
     * @param where of the target
     * @param written column of the target, and the expression it comes from
     * @param rest whether the other columns of the source are copied
     * @param gone columns of the source that the target does not have under their name
     */
    private record Mapped(
            String source,
            String from,
            String target,
            String where,
            Map<String, String> written,
            boolean rest,
            Set<String> gone) {
        static Mapped clean(String source, String join, String target, String where, Map<String, String> written) {
            return new Mapped(source, "public." + source + " t" + join, target, where, written, false, Set.of());
        }

        static Mapped other(String source, String target, Map<String, String> written, Set<String> gone) {
            String from = "public." + CatalogTable.quote(source) + " t";
            return new Mapped(source, from, target, "", written, true, gone);
        }
    }

    private static final List<Mapped> MAPPED = List.of(
            Mapped.clean("patient", coded("race", "race"), "patient", "", columns("""
                    patient_id, facility_id, address, merged_into, income
                    mrn = btrim(mrn)
                    family_name = normalize(btrim(last_nm), NFC)
                    given_name = normalize(first_nm, NFC)
                    middle_name = nullif(middle_nm, ' ')
                    birth_date = to_date(dob, 'YYYYMMDD')
                    sex = CASE sex_cd WHEN 'M' THEN 'male' WHEN 'F' THEN 'female' WHEN 'U' THEN 'unknown' END
                    race_code = race_map.code
                    race_relation = race_map.relation
                    race_alternatives = race_map.alternatives
                    deceased_on = nullif(death_dt, 'infinity')
                    phone = CASE WHEN phone ~ '^[-+(). 0-9]+( x[0-9]+)?$' THEN '+1' || right(regexp_replace(split_part(phone, ' x', 1), '[^0-9]', '', 'g'), 10) END
                    phone_extension = nullif(split_part(phone, ' x', 2), '')
                    record_status = CASE status WHEN 'A' THEN 'active' WHEN 'M' THEN 'merged' WHEN 'X' THEN 'deceased' END
                    extra = extra::text
                    tags = translate(tags::text, '{}', '')
                    reviewed_at = LOCAL(nullif(reviewed_ts, 'infinity'))
                    updated_at = LOCAL(upd_ts)
                    source_system = 'pas'
                    """)),
            Mapped.clean("patient_identifier", "", "patient_identifier", "", columns("""
                    facility_id, patient_id, id_type
                    type = CASE split_part(id_type, '~', 1) WHEN 'MRN' THEN 'MR' WHEN 'SYN' THEN 'RI' WHEN 'DRV' THEN 'DL' WHEN 'PPN' THEN 'PPN' WHEN 'CLN' THEN 'PI' END
                    system = CASE split_part(id_type, '~', 1) WHEN 'MRN' THEN 'https://st-elsewhere.example/record-number' WHEN 'SYN' THEN 'https://github.com/synthetichealth/synthea' WHEN 'DRV' THEN 'urn:oid:2.16.840.1.113883.4.3.25' WHEN 'PPN' THEN 'http://hl7.org/fhir/sid/passport-USA' WHEN 'CLN' THEN 'https://st-elsewhere.example/clinic' END
                    value = btrim(id_value)
                    merged_from = nullif(split_part(id_type, '~', 2), '')
                    issued_on = nullif(nullif(issued, '2051-01-05'), '9999-12-31')
                    """)),
            Mapped.clean("encounter", "", "encounter", "", columns("""
                    encounter_id, facility_id, patient_id, provider_id, organization_id, cost, covered, duration, note
                    class = CASE class_cd WHEN 'AMB' THEN 'ambulatory' WHEN 'EMR' THEN 'emergency' WHEN 'HHC' THEN 'home health' WHEN 'HSP' THEN 'hospice' WHEN 'IMP' THEN 'inpatient' WHEN 'OUT' THEN 'outpatient' WHEN 'SNF' THEN 'skilled nursing facility' WHEN 'URG' THEN 'urgent care' WHEN 'VRT' THEN 'virtual' WHEN 'WEL' THEN 'wellness' END
                    period_start = LOCAL(start_ts)
                    period_end = stop_ts
                    type_code = type_cd
                    reason_code = reason_cd
                    """)),
            Mapped.clean(
                    "diagnosis",
                    " LEFT JOIN icd_map ON icd_map.key = upper(replace(btrim(t.code), '.', '')) || '/'"
                            + " || coalesce(btrim(t.code_version), '')",
                    "condition",
                    "",
                    columns("""
                    encounter_id, facility_id, confirmed
                    condition_id = diagnosis_id
                    icd10_code = icd_map.code
                    icd10_relation = icd_map.relation
                    icd10_alternatives = icd_map.alternatives
                    source_code = t.code
                    source_version = code_version
                    snomed_code = snomed
                    description = btrim(description)
                    onset_on = onset_dt
                    abated_on = nullif(resolved_dt, 'infinity')
                    """)),
            Mapped.clean(
                    "lab_result",
                    coded("specimen", "specimen") + unit("units"),
                    "observation",
                    " WHERE category = 'laboratory'",
                    columns("""
                    facility_id, patient_id, encounter_id, answer, accession, resulted_at, note
                    category = 'laboratory'
                    observation_no = result_id
                    code = loinc
                    code_system = 'http://loinc.org'
                    value_text = value_txt
                    value_number = NUMBER(value_txt)
                    comparator = COMPARATOR(value_txt)
                    low = LOW(value_txt)
                    high = HIGH(value_txt)
                    ucum_value = UCUM(NUMBER(value_txt))
                    unit = UNIT(NUMBER(value_txt))
                    unit_status = STATUS(NUMBER(value_txt))
                    unit_text = units
                    filed_number = CASE WHEN value_num <> 'NaN' THEN value_num::numeric(20,6) END
                    interpretation = CASE btrim(flag) WHEN '' THEN NULL WHEN 'H' THEN 'high' WHEN 'L' THEN 'low' ELSE flag::text END
                    range_check = CASE abnormal WHEN B'1' THEN 'abnormal' ELSE 'normal' END
                    specimen_code = specimen_map.code
                    specimen_relation = specimen_map.relation
                    specimen_alternatives = specimen_map.alternatives
                    observed_at = LOCAL(drawn_at)
                    read = NULL
                    """)),
            Mapped.clean("vitals", unit("units"), "observation", " WHERE category = 'vital-signs'", columns("""
                    patient_id, read
                    category = 'vital-signs'
                    observation_no = reading_no
                    code = loinc
                    value_text = NULL
                    value_number = nullif(value_num, 0)
                    comparator = NULL
                    ucum_value = UCUM(nullif(value_num, 0))
                    unit = UNIT(nullif(value_num, 0))
                    unit_status = STATUS(nullif(value_num, 0))
                    unit_text = units
                    filed_number = value_f::text::numeric(20,6)
                    observed_at = LOCAL(taken_at)
                    """)),
            Mapped.clean(
                    "prescription",
                    coded("route", "route") + unit("dose_units"),
                    "medication_request",
                    "",
                    columns("""
                    facility_id, patient_id, encounter_id, base_cost, total_cost, dispenses
                    medication_request_id = rx_id
                    medication = drug
                    ndc = nullif(ndc, '0')
                    gsn = btrim(gsn)
                    route_code = route_map.code
                    route_relation = route_map.relation
                    route_alternatives = route_map.alternatives
                    dose_text = dose
                    dose_number = NUMBER(replace(dose, ',', ''))
                    dose_comparator = COMPARATOR(replace(dose, ',', ''))
                    dose_low = LOW(dose)
                    dose_high = HIGH(dose)
                    dose_value = UCUM(NUMBER(replace(dose, ',', '')))
                    dose_unit = UNIT(NUMBER(replace(dose, ',', '')))
                    dose_unit_status = STATUS(NUMBER(replace(dose, ',', '')))
                    dose_unit_text = dose_units
                    start_on = to_date(start_dt, 'YYYYMMDD')
                    stop_on = to_date(nullif(stop_dt, '19000101'), 'YYYYMMDD')
                    payer_code = payer_cd
                    instructions = sig
                    """)),
            Mapped.clean("allergy", "", "allergy_intolerance", "", columns("""
                    allergy_id, facility_id, patient_id, code, category
                    substance = btrim(substance)
                    severity = CASE btrim(severity) WHEN 'MILD' THEN 'mild' WHEN 'MODERATE' THEN 'moderate' WHEN 'SEVERE' THEN 'severe' END
                    reaction = reaction::text
                    noted_on = noted_dt
                    """)),
            Mapped.clean("document", "", "document", "", columns("""
                    document_id, facility_id, patient_id, title, body, image, flags, checksum, note, revision, created_at
                    media_type = btrim(mime)
                    source_system = 'pas'
                    """)),
            Mapped.other("order", "service_request", columns("""
                    request_no = order_no
                    category = CASE "group" WHEN 'lab' THEN 'laboratory' WHEN 'select' THEN 'other' END
                    description = "desc"
                    placed_at = LOCAL(placed_ts)
                    """), Set.of("order_no", "group", "desc", "placed_ts")),
            Mapped.other("procedure", "procedure", columns("""
                    started_at = LOCAL(start_ts)
                    ended_at = LOCAL(stop_ts)
                    """), Set.of("start_ts", "stop_ts")),
            Mapped.other("insurance", "insurance", columns("""
                    date_from = nullif(date_from, '-infinity')
                    """), Set.of("date_from")));

    /** A line is a list of copies, or a column of the target and its expression. */
    private static Map<String, String> columns(String lines) {
        Map<String, String> columns = new LinkedHashMap<>();
        lines.lines().map(String::strip).forEach(line -> {
            int equals = line.indexOf(" = ");
            if (equals < 0) {
                Stream.of(line.split(", ")).forEach(name -> columns.put(name, "t." + name));
            } else {
                columns.put(line.substring(0, equals), expression(line.substring(equals + 3)));
            }
        });
        return columns;
    }

    private static String expression(String text) {
        String word = text.substring(0, Math.max(0, text.indexOf('(')));
        String of = word.isEmpty() ? "" : text.substring(word.length() + 1, text.length() - 1);
        return switch (word) {
            case "LOCAL" -> LOCAL.formatted(of);
            case "NUMBER" -> NUMBER.formatted(of);
            case "COMPARATOR" -> COMPARATOR.formatted(NUMBER.formatted(of), of);
            case "LOW" -> LOW.formatted(of);
            case "HIGH" -> HIGH.formatted(of);
            case "UCUM" -> "CASE WHEN unit_map.ucum <> '?' THEN " + expression(of) + " END";
            case "UNIT" ->
                "CASE WHEN " + expression(of)
                        + " IS NOT NULL AND unit_map.ucum NOT IN ('-', '?') THEN unit_map.ucum END";
            case "STATUS" ->
                "CASE WHEN " + expression(of) + " IS NOT NULL THEN CASE coalesce(unit_map.ucum, '')"
                        + " WHEN '' THEN 'unmapped' WHEN '?' THEN 'ambiguous' WHEN '-' THEN 'unitless'"
                        + " ELSE 'as-written' END END";
            default -> text;
        };
    }

    private static String coded(String map, String column) {
        return " LEFT JOIN " + map + "_map ON " + map + "_map.key = upper(btrim(t." + column + "))";
    }

    private static String unit(String column) {
        return " LEFT JOIN unit_map ON unit_map.local = translate(btrim(coalesce(t." + column
                + ", '')), '\u03bc', '\u00b5')";
    }

    /** Has the source's server read the maps; once for a connection. */
    void readMaps(Path directory) throws IOException, SQLException {
        LegacyHospital.writeMaps(directory);
        for (String map : List.of("race", "route", "specimen")) {
            map(directory, map, "source", "source, target, display, relation", "NULL::text");
        }
        map(directory, "icd", "code || '/' || version", "code, version, target, display, relation, part", "part");
        copy(directory, "units", "unit_row", "local, ucum, comment", "local");
        execute("CREATE TEMP TABLE unit_map AS SELECT translate(btrim(local), '\u03bc', '\u00b5') AS local,"
                + " min(ucum) AS ucum FROM unit_row GROUP BY 1");
    }

    private void map(Path directory, String name, String key, String columns, String part)
            throws IOException, SQLException {
        String rows = name + "_row";
        copy(directory, name.equals("icd") ? "icd9-to-icd10" : name, rows, columns, columns.split(", ")[0]);
        execute("CREATE TEMP TABLE " + name + "_map AS SELECT key,"
                + " CASE WHEN count(*) = 1 AND min(relation) NOT IN ('no-map', 'null') THEN min(target) END AS code,"
                + " CASE WHEN count(part) > 0 THEN 'combination' WHEN count(*) > 1 THEN 'choice'"
                + " ELSE nullif(replace(min(relation), 'approximate', 'related'), 'null') END AS relation,"
                + " CASE WHEN count(part) > 0 THEN string_agg(target, ' + ' ORDER BY part)"
                + " WHEN count(*) > 1 THEN string_agg(target, ' | ' ORDER BY n) END AS alternatives"
                + " FROM (SELECT n, " + key + " AS key, target, relation, " + part + " AS part FROM " + rows
                + ") r GROUP BY key");
    }

    private void copy(Path directory, String file, String table, String columns, String notNull)
            throws IOException, SQLException {
        execute("CREATE TEMP TABLE " + table + " (n serial, " + columns.replace(",", " text,") + " text)");
        try (Reader csv = Files.newBufferedReader(directory.resolve("maps").resolve(file + ".csv"))) {
            source.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY " + table + " (" + columns + ") FROM STDIN (FORMAT csv, HEADER, FORCE_NOT_NULL ("
                                    + notNull + "))",
                            csv);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Target tables that are not what they must be. */
    Set<String> differences(Map<String, CatalogTable> tables) throws SQLException {
        PostgresOracle oracle = new PostgresOracle(source, target);
        Set<String> different = new TreeSet<>();
        for (CatalogTable table : tables.values()) {
            Mapped mapped = MAPPED.stream()
                    .filter(each -> each.source().equals(table.name()))
                    .findFirst()
                    .orElseGet(() -> Mapped.other(table.name(), table.name(), Map.of(), Set.of()));
            List<String> here = new ArrayList<>();
            List<String> there = new ArrayList<>();
            mapped.written().forEach((column, expression) -> {
                here.add("(" + expression + ")::text");
                there.add(CatalogTable.quote(column) + "::text");
            });
            for (String column : table.columnNames()) {
                if (mapped.rest() && !mapped.gone().contains(column)) {
                    here.add(CatalogTable.quote(column) + "::text");
                    there.add(CatalogTable.quote(column) + "::text");
                }
            }
            if (!oracle.equal(
                    PostgresOracle.rows(here, mapped.from()),
                    PostgresOracle.rows(there, "clinical." + CatalogTable.quote(mapped.target()) + mapped.where()))) {
                different.add("clinical." + mapped.target());
            }
        }
        return different;
    }
}
