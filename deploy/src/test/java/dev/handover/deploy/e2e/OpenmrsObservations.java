package dev.handover.deploy.e2e;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Observations of OpenMRS beyond the few of its dump, what a ward does with them, and what they ought to become, all of
 * it in SQL. None of it knows the mapping or the maps: it asks the dictionary of the source.
 */
final class OpenmrsObservations {
    /** Rows that are made of each of 16 concepts; a tenth of them is voided. */
    static final int EACH = 300;

    private static final int FIRST = 1_000;
    private static final int WARD_FIRST = 500_000;
    private static final int WARD_LAST = 999_999;
    private static final int WARD_EACH = 10;

    private OpenmrsObservations() {}

    /** Before anything runs. */
    static void seed(Connection source) throws SQLException {
        execute(
                source,
                List.of(
                        rows(FIRST, EACH),
                        // a type that nobody declared
                        "UPDATE patient_identifier SET identifier_type = 99 WHERE patient_identifier_id = 5",
                        "INSERT INTO allergy (allergy_id, patient_id, coded_allergen, non_coded_allergen,"
                                + " allergen_type, creator, date_created, voided, uuid) VALUES"
                                + " (1, 2, 88, '', 'DRUG', 1, now(), 0, 'a-1'),"
                                + " (2, 7, 3, NULL, 'OTHER', 1, now(), 0, 'a-2'),"
                                + " (3, 7, 3, NULL, 'DRUG', 1, now(), 1, 'a-3')",
                        "INSERT INTO allergy_reaction (allergy_reaction_id, allergy_id, reaction_concept_id, uuid)"
                                + " VALUES (1, 1, 5018, 'r-1'), (2, 3, 5018, 'r-2')"));
    }

    /**
     * Weights, CD4 counts, pressures, attempts and a retired number; two concepts that are coded, two that are boolean,
     * a text, a time, two dates, a picture, a group, and a coded one whose values are numbers.
     */
    private static String rows(int first, int each) {
        return """
                INSERT INTO obs (obs_id, person_id, concept_id, obs_datetime, value_numeric, value_modifier, value_coded,
                  value_text, value_datetime, value_complex, status, interpretation, comments, creator, date_created,
                  voided, date_voided, uuid)
                SELECT %1$d + seq, 10 + n %% 900, concept, timestamp('2015-03-01') + INTERVAL seq * 37 MINUTE,
                  CASE WHEN concept IN (5497, 4090, 1553, 24, 905) OR concept = 5089 AND n %% 25 <> 7
                         OR concept = 19 AND n %% 10 = 3
                       THEN round(40 + (seq * 7919 %% 100000) / 1000, 3) END,
                  CASE WHEN concept = 5497 AND n %% 8 = 1 THEN '<' WHEN concept = 5497 THEN '' END,
                  CASE WHEN concept = 21 THEN elt(n %% 3 + 1, 7, 8, 22)
                       WHEN concept = 1558 THEN elt(n %% 3 + 1, 1555, 16, 6)
                       WHEN concept = 18 THEN elt(n %% 2 + 1, 7, 8)
                       WHEN concept = 1554 THEN elt(n %% 10 + 1, 22, 7, 7, 7, 7, 8, 8, 8, 8, 8) END,
                  CASE WHEN concept = 19 THEN elt(n %% 4 + 1, 'PB and J', ' two  blanks ', 'a "b" \\\\ c', '')
                       WHEN concept = 5089 AND n %% 25 = 7 THEN 'refused' END,
                  CASE WHEN concept IN (20, 1592, 5096) THEN timestamp('2016-02-28') + INTERVAL n * 7 HOUR END,
                  CASE WHEN concept = 6043 THEN concat('scan ', n, ' |scan-', n, '.png') END,
                  coalesce(elt(n %% 50 + 1, 'ENTERED', 'PRELIMINARY', 'AMENDED'), 'FINAL'),
                  elt(n %% 40 + 1, 'HIGH', 'CRITICALLY_LOW', 'OFF_SCALE_HIGH'),
                  elt(n %% 3 + 1, '', 'seen by the nurse'), 1, timestamp('2020-01-01') + INTERVAL seq SECOND,
                  n < %2$d, CASE WHEN n < %2$d THEN timestamp('2021-01-01') END, concat('made-', %1$d + seq)
                FROM (SELECT seq, seq DIV 16 AS n, cast(elt(seq %% 16 + 1, 5089, 5497, 4090, 1553, 24, 21, 1558, 18, 1554,
                        19, 20, 1592, 5096, 6043, 23, 905) AS int) AS concept FROM seq_0_to_%3$d) AS made
                """.formatted(first, each / 10, 16 * each - 1);
    }

    /** One round of a ward's work; rounds are counted from 0. */
    static void work(Connection source, int round) throws SQLException {
        int first = WARD_FIRST + round * 16 * WARD_EACH;
        String mine = "obs_id BETWEEN " + FIRST + " AND " + (first - 1) + " AND obs_id % 11 = " + round % 11;
        execute(
                source,
                List.of(
                        rows(first, WARD_EACH),
                        "UPDATE obs SET voided = 1, void_reason = 'wrong patient' WHERE concept_id = 5089 AND " + mine,
                        "UPDATE obs SET voided = 0 WHERE obs_id % 5 = 2 AND " + mine,
                        "UPDATE obs SET value_numeric = value_numeric + 0.125 WHERE value_numeric IS NOT NULL AND "
                                + mine,
                        // another unit, another kind, a value where none should be, and none where one should be
                        "UPDATE obs SET concept_id = 5089 WHERE concept_id = 5497 AND " + mine,
                        "UPDATE obs SET concept_id = 19, value_text = concat('was ', value_numeric)"
                                + " WHERE concept_id = 4090 AND " + mine,
                        "UPDATE obs SET value_numeric = 1 WHERE concept_id = 23 AND " + mine,
                        "UPDATE obs SET value_coded = NULL WHERE concept_id = 18 AND " + mine,
                        "UPDATE obs SET value_coded = 22 WHERE concept_id = 1554 AND " + mine,
                        "DELETE FROM obs WHERE obs_id BETWEEN " + WARD_FIRST + " AND " + WARD_LAST
                                + " AND obs_id % 7 = " + round % 7));
    }

    private static void execute(Connection source, List<String> statements) throws SQLException {
        try (Statement statement = source.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
                if (!source.getAutoCommit()) {
                    source.commit();
                }
            }
        }
    }

    /** Two statements that must give the same rows: of the source, and of the target. */
    record Pair(String source, String target) {}

    private static final String DICTIONARY = " FROM obs o JOIN concept c ON c.concept_id = o.concept_id"
            + " JOIN concept_datatype d ON d.concept_datatype_id = c.datatype_id AND d.hl7_abbreviation IN (%s)"
            + " WHERE o.voided = 0 AND %s IS NOT NULL ORDER BY o.obs_id";

    /** Clocks of that city were three hours ahead from 1960 on; older moments are the reconciler's business alone. */
    private static final String SOURCE_SECOND = "CASE WHEN o.obs_datetime >= '1961-01-01' THEN timestampdiff(SECOND,"
            + " '1970-01-01', o.obs_datetime - INTERVAL 3 HOUR) END";

    private static final String TARGET_SECOND = "CASE WHEN observed_at >= timestamptz '1961-01-01 00:00:00+03'"
            + " THEN extract(epoch FROM observed_at)::bigint END";

    private static final String SOURCE_TERM = "(SELECT CASE WHEN count(DISTINCT t.code) = 1 THEN min(t.code) END FROM"
            + " concept_reference_map m JOIN concept_reference_term t USING (concept_reference_term_id)"
            + " WHERE t.retired = 0 AND t.concept_source_id = 2 AND m.concept_id = %s)";

    /** What every row of the target ought to be, by what it is about. */
    static Map<String, Pair> expectations() {
        Map<String, Pair> pairs = new LinkedHashMap<>();
        pairs.put(
                "quantities",
                new Pair(
                        "SELECT o.obs_id, o.person_id, o.concept_id, c.uuid, " + SOURCE_TERM.formatted("o.concept_id")
                                + ", " + SOURCE_SECOND + ", o.value_numeric,"
                                + " CASE WHEN o.concept_id IN (5089, 4088, 4089, 4090, 4091) THEN o.value_numeric END,"
                                + " CASE WHEN o.concept_id = 5089 THEN 'kg' END,"
                                + " CASE WHEN o.concept_id = 5089 THEN 'as-written' WHEN o.concept_id = 5497 THEN"
                                + " 'ambiguous' WHEN o.concept_id BETWEEN 4088 AND 4091 THEN 'unitless' ELSE 'unmapped'"
                                + " END, nullif(o.value_modifier, '')"
                                + DICTIONARY.formatted("'NM'", "o.value_numeric"),
                        "SELECT obs_id, person_id, concept_id, concept_uuid, snomed, " + TARGET_SECOND
                                + ", value_recorded, value, unit, unit_status, comparator"
                                + " FROM clinical.observation_quantity ORDER BY obs_id"));
        pairs.put(
                "answers",
                new Pair(
                        "SELECT o.obs_id, o.concept_id, o.value_coded, (SELECT uuid FROM concept WHERE concept_id ="
                                + " o.value_coded), (SELECT CASE o.value_coded WHEN 6 THEN '127689' WHEN 16 THEN NULL END),"
                                + " CASE o.status WHEN 'FINAL' THEN 'final' WHEN 'PRELIMINARY' THEN 'preliminary' WHEN"
                                + " 'AMENDED' THEN 'amended' END"
                                + DICTIONARY.formatted("'CWE'", "o.value_coded"),
                        "SELECT obs_id, concept_id, value_concept_id, value_uuid,"
                                + " CASE WHEN value_concept_id = 6 THEN value_site_code END, status"
                                + " FROM clinical.observation_coded ORDER BY obs_id"));
        pairs.put(
                "booleans",
                new Pair(
                        "SELECT o.obs_id, CASE o.value_coded WHEN 7 THEN 'true' WHEN 8 THEN 'false' END, o.value_coded"
                                + DICTIONARY.formatted("'BIT'", "o.value_coded"),
                        "SELECT obs_id, value::text, value_concept_id FROM clinical.observation_boolean ORDER BY obs_id"));
        pairs.put(
                "texts",
                new Pair(
                        "SELECT o.obs_id, md5(o.value_text), char_length(o.value_text)"
                                + DICTIONARY.formatted("'ST'", "o.value_text"),
                        "SELECT obs_id, md5(value), char_length(value) FROM clinical.observation_text ORDER BY obs_id"));
        pairs.put(
                "times",
                new Pair(
                        "SELECT o.obs_id, date_format(o.value_datetime, '%Y-%m-%d %H:%i:%s'), d.hl7_abbreviation"
                                + DICTIONARY.formatted("'DT', 'TM', 'TS'", "o.value_datetime"),
                        "SELECT obs_id, to_char(value, 'YYYY-MM-DD HH24:MI:SS'), value_kind"
                                + " FROM clinical.observation_time ORDER BY obs_id"));
        pairs.put(
                "pictures",
                new Pair(
                        "SELECT o.obs_id, o.value_complex, CASE WHEN o.uuid LIKE 'made-%' AND o.value_complex LIKE 'scan %'"
                                + " THEN trim(substring_index(o.value_complex, '|', 1)) END,"
                                + " CASE WHEN o.uuid LIKE 'made-%' AND o.value_complex LIKE 'scan %'"
                                + " THEN trim(substring_index(o.value_complex, '|', -1)) END"
                                + DICTIONARY.formatted("'ED', 'RP'", "o.value_complex"),
                        "SELECT obs_id, value, CASE WHEN uuid LIKE 'made-%' AND value LIKE 'scan %' THEN title END,"
                                + " CASE WHEN uuid LIKE 'made-%' AND value LIKE 'scan %' THEN file END"
                                + " FROM clinical.observation_complex ORDER BY obs_id"));
        pairs.put(
                "identifiers",
                new Pair(
                        "SELECT i.patient_identifier_id, i.patient_id, i.identifier, CASE WHEN t.name = 'Social Security"
                                + " Number' THEN 'http://hl7.org/fhir/sid/us-ssn' ELSE concat('urn:uuid:', t.uuid) END"
                                + " FROM patient_identifier i LEFT JOIN patient_identifier_type t ON"
                                + " t.patient_identifier_type_id = i.identifier_type WHERE i.voided = 0"
                                + " ORDER BY i.patient_identifier_id",
                        "SELECT patient_identifier_id, patient_id, value, system FROM clinical.patient_identifier"
                                + " ORDER BY patient_identifier_id"));
        pairs.put(
                "doses",
                new Pair(
                        "SELECT o.order_id, r.uuid, CASE n.name WHEN 'mg' THEN 'mg' WHEN 'tab (s)' THEN '{tbl}' WHEN 'cm'"
                                + " THEN 'cm' WHEN 'day' THEN 'd' END, CASE WHEN n.name IS NOT NULL THEN o.dose END, o.dose"
                                + " FROM drug_order o LEFT JOIN drug r ON r.drug_id = o.drug_inventory_id LEFT JOIN"
                                + " concept_name n ON n.concept_id = o.dose_units AND n.concept_id IN (28, 50, 51, 52)"
                                + " WHERE o.dose IS NOT NULL ORDER BY o.order_id",
                        "SELECT order_id, drug_uuid, dose_unit, dose, dose_recorded FROM clinical.drug_order"
                                + " WHERE dose_recorded IS NOT NULL ORDER BY order_id"));
        pairs.put(
                "encounters whose visit is voided, and so not there",
                new Pair(
                        "SELECT e.encounter_id FROM encounter e LEFT JOIN visit v ON v.visit_id = e.visit_id AND"
                                + " v.voided = 0 WHERE e.voided = 0 AND e.visit_id IS NOT NULL AND v.visit_id IS NULL"
                                + " ORDER BY 1",
                        "SELECT e.encounter_id FROM clinical.encounter e LEFT JOIN clinical.visit v USING (visit_id)"
                                + " WHERE e.visit_id IS NOT NULL AND v.visit_id IS NULL ORDER BY 1"));
        return pairs;
    }
}
