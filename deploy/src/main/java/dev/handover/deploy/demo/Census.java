package dev.handover.deploy.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The keys the clinic works with, read once in key order and then kept in step with what it commits, so that the same
 * seed on the same rows gives the same work. Owned by the thread that steps the clinic.
 */
final class Census {
    /** Patients from here on were registered by the clinic; their few children make them fit for merging. */
    static final int FIRST_NEWCOMER = 200_001;

    private static final int READINGS_REMEMBERED = 2_000;

    record Person(int id, int facility) {}

    record Stay(long id, int patient, int facility) {}

    record Allergy(int id, int patient, long code) {}

    record Reading(int patient, int number, String loinc) {}

    record Slot(int facility, int number) {}

    record Bill(int facility, int number) {}

    final List<Person> established = new ArrayList<>();
    final List<Person> newcomers = new ArrayList<>();
    final List<Stay> stays = new ArrayList<>();
    final List<Long> results = new ArrayList<>();
    final List<Allergy> allergies = new ArrayList<>();
    final List<Reading> readings = new ArrayList<>();
    final List<Slot> slots = new ArrayList<>();
    final List<Bill> bills = new ArrayList<>();
    final List<String> orders = new ArrayList<>();
    final List<Long> documents = new ArrayList<>();
    final List<Integer> providers = new ArrayList<>();

    int nextPatient;
    long nextStay;
    long nextResult;
    int nextReading;
    int nextName;
    int nextDose;
    int nextDiagnosis;
    int nextAllergy;
    int nextBill;
    int nextSlot;
    long nextDocument;
    int nextOrder;
    Instant now = Instant.EPOCH;

    private Census() {}

    /** Reads all keys; leaves the connection without an open transaction. */
    static Census take(Connection connection) throws SQLException {
        Census census = new Census();
        try (Statement statement = connection.createStatement()) {
            census.readPeople(statement);
            census.readWork(statement);
            census.readHighest(statement);
        }
        connection.rollback();
        return census;
    }

    private void readPeople(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(
                "SELECT patient_id, facility_id FROM patient WHERE status <> 'M' ORDER BY patient_id")) {
            while (rows.next()) {
                Person person = new Person(rows.getInt(1), rows.getInt(2));
                (person.id() < FIRST_NEWCOMER ? established : newcomers).add(person);
            }
        }
        try (ResultSet rows =
                statement.executeQuery("SELECT allergy_id, patient_id, code FROM allergy ORDER BY allergy_id")) {
            while (rows.next()) {
                allergies.add(new Allergy(rows.getInt(1), rows.getInt(2), rows.getLong(3)));
            }
        }
        try (ResultSet rows = statement.executeQuery("SELECT provider_id FROM provider ORDER BY provider_id")) {
            while (rows.next()) {
                providers.add(rows.getInt(1));
            }
        }
    }

    private void readWork(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(
                "SELECT encounter_id, patient_id, facility_id FROM encounter ORDER BY encounter_id")) {
            while (rows.next()) {
                stays.add(new Stay(rows.getLong(1), rows.getInt(2), rows.getInt(3)));
            }
        }
        try (ResultSet rows = statement.executeQuery("SELECT patient_id, reading_no, loinc FROM vitals"
                + " ORDER BY reading_no DESC, patient_id, loinc LIMIT " + READINGS_REMEMBERED)) {
            while (rows.next()) {
                readings.add(new Reading(rows.getInt(1), rows.getInt(2), rows.getString(3)));
            }
        }
        try (ResultSet rows =
                statement.executeQuery("SELECT facility_id, slot_no FROM appointment ORDER BY facility_id, slot_no")) {
            while (rows.next()) {
                slots.add(new Slot(rows.getInt(1), rows.getInt(2)));
            }
        }
        try (ResultSet rows =
                statement.executeQuery("SELECT facility_id, bill_id FROM billing ORDER BY facility_id, bill_id")) {
            while (rows.next()) {
                bills.add(new Bill(rows.getInt(1), rows.getInt(2)));
            }
        }
        try (ResultSet rows = statement.executeQuery("SELECT result_id FROM lab_result ORDER BY result_id")) {
            while (rows.next()) {
                results.add(rows.getLong(1));
            }
        }
        try (ResultSet rows = statement.executeQuery("SELECT document_id FROM document ORDER BY document_id")) {
            while (rows.next()) {
                documents.add(rows.getLong(1));
            }
        }
        try (ResultSet rows = statement.executeQuery("SELECT order_no FROM \"order\"")) {
            while (rows.next()) {
                orders.add(rows.getString(1));
            }
        }
        orders.sort(null);
    }

    private void readHighest(Statement statement) throws SQLException {
        nextPatient = Math.max(FIRST_NEWCOMER, (int) highest(statement, "patient_id", "patient") + 1);
        nextStay = highest(statement, "encounter_id", "encounter") + 1;
        nextResult = highest(statement, "result_id", "lab_result") + 1;
        nextReading = (int) highest(statement, "reading_no", "vitals") + 1;
        nextName = (int) highest(statement, "name_no", "patient_name") + 1;
        nextDose = (int) highest(statement, "dose_no", "immunization") + 1;
        nextDiagnosis = (int) highest(statement, "diagnosis_id", "diagnosis") + 1;
        nextAllergy = (int) highest(statement, "allergy_id", "allergy") + 1;
        nextBill = (int) highest(statement, "bill_id", "billing") + 1;
        nextSlot = (int) highest(statement, "slot_no", "appointment") + 1;
        nextDocument = highest(statement, "document_id", "document") + 1;
        nextOrder = orders.stream()
                        .mapToInt(order -> Integer.parseInt(order.substring(order.indexOf('-') + 1)))
                        .max()
                        .orElse(0)
                + 1;
        try (ResultSet rows = statement.executeQuery("SELECT max(upd_ts) FROM patient")) {
            rows.next();
            String latest = rows.getString(1);
            Instant resumed = LocalDateTime.parse(latest.replace(' ', 'T'))
                    .atZone(Quirks.ZONE)
                    .toInstant();
            Instant opened = LocalDateTime.of(2024, 1, 2, 8, 0).toInstant(ZoneOffset.UTC);
            now = resumed.isAfter(opened) ? resumed : opened;
        }
    }

    private static long highest(Statement statement, String column, String table) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT coalesce(max(" + column + "), 0) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** The patient's number changed, by a merge or by renumbering: whatever pointed to it follows. */
    void moved(int from, int to) {
        stays.replaceAll(stay -> stay.patient() == from ? new Stay(stay.id(), to, stay.facility()) : stay);
        readings.replaceAll(
                reading -> reading.patient() == from ? new Reading(to, reading.number(), reading.loinc()) : reading);
        UnaryOperator<Allergy> allergy = a -> a.patient() == from ? new Allergy(a.id(), to, a.code()) : a;
        allergies.replaceAll(allergy);
    }
}
