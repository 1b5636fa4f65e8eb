package dev.handover.deploy.e2e;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The demo's mapping said once more, by hand, in SQL: what a row of the target must be, from a row of the source. It
 * shares nothing with the mapping language or the pipeline.
 */
record HospitalOracle(Connection source, Connection target) {
    /** Local time of New York, where an hour comes twice in autumn: the first of the two is meant. */
    private static final String LOCAL = "(CASE WHEN (%1$s + interval '4 hours') AT TIME ZONE 'UTC' AT TIME ZONE"
            + " 'America/New_York' = %1$s THEN (%1$s + interval '4 hours') AT TIME ZONE 'UTC'"
            + " ELSE (%1$s + interval '5 hours') AT TIME ZONE 'UTC' END)";

    /**
     * A mapped table.
     *
     * @param written column of the target, and the expression it comes from
     * @param gone columns of the source that the target does not have under their name
     */
    private record Mapped(String source, String target, Map<String, String> written, Set<String> gone) {}

    private static final List<Mapped> MAPPED = List.of(
            new Mapped(
                    "patient",
                    "patient",
                    Map.of(
                            "mrn",
                            "btrim(mrn)",
                            "family_name",
                            "btrim(last_nm)",
                            "given_name",
                            "first_nm",
                            "birth_date",
                            "to_date(dob, 'YYYYMMDD')",
                            "sex",
                            "CASE sex_cd WHEN 'M' THEN 'male' WHEN 'F' THEN 'female' WHEN 'U' THEN 'unknown' END",
                            "record_status",
                            "CASE status WHEN 'A' THEN 'active' WHEN 'M' THEN 'merged' WHEN 'X' THEN 'deceased' END",
                            "reviewed_at",
                            local("reviewed_ts"),
                            "updated_at",
                            local("upd_ts"),
                            "source_system",
                            "'pas'"),
                    Set.of("ssn", "last_nm", "first_nm", "dob", "sex_cd", "status", "reviewed_ts", "upd_ts", "mrn")),
            new Mapped(
                    "patient_identifier",
                    "patient_identifier",
                    Map.of("type", "id_type", "value", "id_value", "issued_on", "issued"),
                    Set.of("id_type", "id_value", "issued")),
            new Mapped(
                    "encounter",
                    "encounter",
                    Map.of(
                            "class",
                            "CASE class_cd WHEN 'AMB' THEN 'ambulatory' WHEN 'EMR' THEN 'emergency' WHEN 'HHC' THEN"
                                    + " 'home health' WHEN 'HSP' THEN 'hospice' WHEN 'IMP' THEN 'inpatient' WHEN 'OUT'"
                                    + " THEN 'outpatient' WHEN 'SNF' THEN 'skilled nursing facility' WHEN 'URG' THEN"
                                    + " 'urgent care' WHEN 'VRT' THEN 'virtual' WHEN 'WEL' THEN 'wellness' END",
                            "started_at",
                            local("start_ts"),
                            "ended_at",
                            "stop_ts"),
                    Set.of("class_cd", "start_ts", "stop_ts", "source_uuid")),
            new Mapped(
                    "diagnosis",
                    "condition",
                    Map.of("condition_id", "diagnosis_id", "description", "btrim(description)", "onset_on", "onset_dt"),
                    Set.of("diagnosis_id", "description", "onset_dt")),
            new Mapped(
                    "lab_result",
                    "observation",
                    Map.of(
                            "observation_id",
                            "result_id",
                            "value_text",
                            "value_txt",
                            "value_number",
                            "value_num",
                            "unit",
                            "btrim(units)",
                            "collected_at",
                            local("drawn_at")),
                    Set.of("result_id", "value_txt", "value_num", "units", "drawn_at")),
            new Mapped(
                    "prescription",
                    "medication_request",
                    Map.of(
                            "medication_request_id",
                            "rx_id",
                            "medication",
                            "drug",
                            "gsn",
                            "btrim(gsn)",
                            "start_on",
                            "to_date(start_dt, 'YYYYMMDD')"),
                    Set.of("rx_id", "drug", "gsn", "start_dt")),
            new Mapped(
                    "order",
                    "service_request",
                    Map.of(
                            "request_no",
                            "order_no",
                            "category",
                            "CASE \"group\" WHEN 'lab' THEN 'laboratory' WHEN 'select' THEN 'other' END",
                            "description",
                            "\"desc\"",
                            "placed_at",
                            local("placed_ts")),
                    Set.of("order_no", "group", "desc", "placed_ts")),
            new Mapped("allergy", "allergy_intolerance", Map.of("noted_on", "noted_dt"), Set.of("noted_dt")),
            new Mapped(
                    "procedure",
                    "procedure",
                    Map.of("started_at", local("start_ts"), "ended_at", local("stop_ts")),
                    Set.of("start_ts", "stop_ts")),
            new Mapped(
                    "document",
                    "document",
                    Map.of("media_type", "btrim(mime)", "source_system", "'pas'"),
                    Set.of("mime")));

    private static String local(String column) {
        return LOCAL.formatted(column);
    }

    /** Target tables that are not what they must be. */
    Set<String> differences(Map<String, CatalogTable> tables) throws SQLException {
        PostgresOracle oracle = new PostgresOracle(source, target);
        Set<String> different = new TreeSet<>();
        for (CatalogTable table : tables.values()) {
            Mapped mapped = MAPPED.stream()
                    .filter(each -> each.source().equals(table.name()))
                    .findFirst()
                    .orElse(new Mapped(table.name(), table.name(), Map.of(), Set.of()));
            List<String> here = new ArrayList<>();
            List<String> there = new ArrayList<>();
            mapped.written().forEach((column, expression) -> {
                here.add("(" + expression + ")::text");
                there.add(CatalogTable.quote(column) + "::text");
            });
            for (String column : table.columnNames()) {
                if (!mapped.gone().contains(column)) {
                    here.add(CatalogTable.quote(column) + "::text");
                    there.add(CatalogTable.quote(column) + "::text");
                }
            }
            if (!oracle.equal(
                    PostgresOracle.rows(here, "public." + table.quoted()),
                    PostgresOracle.rows(there, "clinical." + CatalogTable.quote(mapped.target())))) {
                different.add("clinical." + mapped.target());
            }
        }
        return different;
    }
}
