package dev.handover.deploy.bench;

import java.util.Locale;

/**
 * The tables of the workload. A row is a function of its number, so that every run has the same rows; the source makes
 * them itself. A column holds what its kind holds in clinical databases: identifiers, codes, times, numbers with a
 * scale, documents, free text, and now and then a note of some kB, which PostgreSQL stores out of line.
 */
enum BenchTable {
    PATIENT(1, """
            patient_id bigint PRIMARY KEY, public_id uuid NOT NULL, mrn text NOT NULL, family_name text NOT NULL,
            given_name text NOT NULL, birth_date date NOT NULL, sex char(1) NOT NULL, phone text, address jsonb NOT NULL,
            active boolean NOT NULL, updated_at timestamptz NOT NULL""", """
            SELECT i, md5('patient' || i)::uuid, 'MRN' || lpad(i::text, 10, '0'),
              (ARRAY['Okafor', 'Lindqvist', 'Moreau', 'Tanaka', 'Abernathy', 'Castillo', 'Novak'])[1 + i % 7],
              (ARRAY['Ada', 'Ruben', 'Mei', 'Ifeoma', 'Jonas'])[1 + i % 5] || ' ' || chr((65 + i % 26)::int) || '.',
              date '1925-01-01' + (i * 7919 % 35000)::int, CASE WHEN i % 2 = 0 THEN 'F' ELSE 'M' END,
              CASE WHEN i % 10 > 0 THEN '+1415' || lpad((i * 104729 % 10000000)::text, 7, '0') END,
              jsonb_build_object('line', (i % 990 + 1) || ' Harbour Street', 'city', 'Port ' || i % 40,
                'postcode', lpad((i % 99999)::text, 5, '0'), 'contacts', jsonb_build_array(i * 31 % 977, i % 13)),
              i % 97 > 0, timestamptz '2020-01-01 00:00:00Z' + i * interval '37 seconds'""", "phone = '+1628' || lpad((patient_id % 10000000)::text, 7, '0')"),
    ENCOUNTER(5, """
            encounter_id bigint PRIMARY KEY, public_id uuid NOT NULL, patient_id bigint NOT NULL, class text NOT NULL,
            started_at timestamptz NOT NULL, ended_at timestamptz, ward text, reason text NOT NULL,
            details jsonb NOT NULL, note text, updated_at timestamptz NOT NULL""", """
            SELECT i, md5('encounter' || i)::uuid, i / 5 + 1, (ARRAY['inpatient', 'outpatient', 'emergency'])[1 + i % 3],
              timestamptz '2018-01-01 00:00:00Z' + i * interval '97 seconds',
              CASE WHEN i % 20 > 0
                THEN timestamptz '2018-01-01 06:00:00Z' + i * interval '97 seconds' + i % 900 * interval '1 minute' END,
              'W' || i % 60, 'review of finding ' || i % 4000 || ', referred by clinic ' || i % 120,
              jsonb_build_object('triage', i % 5, 'bed', 'B' || i % 400, 'payer', 'plan-' || i % 30, 'transfers', i % 4),
              CASE WHEN i % 50 = 0
                THEN (SELECT string_agg(md5(i || '.' || n), ' ') FROM generate_series(1, 120) AS n) END,
              timestamptz '2020-01-01 00:00:00Z' + i * interval '11 seconds'""", "details = details || '{\"reviewed\": true}', ended_at = started_at + interval '9 hours'"),
    OBSERVATION(10, """
            observation_id bigint PRIMARY KEY, public_id uuid NOT NULL, encounter_id bigint NOT NULL,
            patient_id bigint NOT NULL, code text NOT NULL, value numeric(14,4), unit text, observed_at timestamp NOT NULL,
            flags jsonb NOT NULL, comment text, updated_at timestamptz NOT NULL""", """
            SELECT i, md5('observation' || i)::uuid, i / 2 + 1, i / 10 + 1,
              lpad((i * 48271 % 90000 + 1000)::text, 5, '0') || '-' || i % 10,
              CASE WHEN i % 33 > 0 THEN (i * 7727 % 10000000)::numeric / 10000 END,
              (ARRAY['mmol/L', 'mg/dL', '10*9/L', '%', 'mm[Hg]'])[1 + i % 5],
              timestamp '2018-01-01 00:00:00' + i * interval '13.579 seconds',
              jsonb_build_object('device', 'analyzer-' || i % 70, 'status', 'final', 'abnormal', i % 9 = 0),
              CASE WHEN i % 4 = 0 THEN 'sample ' || i || ' was repeated, see earlier result of the same day' END,
              timestamptz '2020-01-01 00:00:00Z' + i * interval '3 seconds'""", "value = coalesce(value, 0) + 0.5");

    /** The schema that all are in, at the source and at the target. */
    static final String SCHEMA = "handover_bench";

    private static final int WEIGHTS = 16;

    private final int weight;
    private final String columns;
    private final String rows;
    private final String change;

    BenchTable(int weight, String columns, String rows, String change) {
        this.weight = weight;
        this.columns = columns;
        this.rows = rows;
        this.change = change;
    }

    /** This table's part of so many rows; the parts of all tables add up to them. */
    long share(long all) {
        return this == OBSERVATION ? all - PATIENT.share(all) - ENCOUNTER.share(all) : all * weight / WEIGHTS;
    }

    /** With its schema. */
    String qualified() {
        return SCHEMA + "." + name().toLowerCase(Locale.ROOT);
    }

    /** Its one key column. */
    String key() {
        return name().toLowerCase(Locale.ROOT) + "_id";
    }

    /** The statements that make it. */
    String ddl() {
        String create = "CREATE TABLE " + qualified() + " (" + columns + ")";
        // out of line without being compressed first: a text of hexadecimal digits would shrink to fit the page
        return this == ENCOUNTER
                ? create + "; ALTER TABLE " + qualified() + " ALTER COLUMN note SET STORAGE EXTERNAL"
                : create;
    }

    /** Inserts the rows whose numbers are from the first parameter to the second. */
    String insert() {
        return "INSERT INTO " + qualified() + " " + rows + " FROM generate_series(?, ?) AS i";
    }

    /** Changes the rows whose numbers are in the parameter. */
    String update() {
        return "UPDATE " + qualified() + " SET " + change + ", updated_at = updated_at + interval '1 hour' WHERE "
                + key() + " = ANY (?)";
    }

    /** Gives the row of the second parameter the number of the first. */
    String move() {
        return "UPDATE " + qualified() + " SET " + key() + " = ? WHERE " + key() + " = ?";
    }

    /** Deletes the rows whose numbers are in the parameter. */
    String delete() {
        return "DELETE FROM " + qualified() + " WHERE " + key() + " = ANY (?)";
    }
}
