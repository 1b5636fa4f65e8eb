package dev.handover.deploy.demo;

import dev.handover.deploy.demo.Census.Allergy;
import dev.handover.deploy.demo.Census.Bill;
import dev.handover.deploy.demo.Census.Person;
import dev.handover.deploy.demo.Census.Reading;
import dev.handover.deploy.demo.Census.Stay;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Encounters, results, allergies, letters, orders and bills. Each method fills one transaction. */
final class Ward {
    private static final String[] CLASSES = {"AMB", "EMR", "IMP", "OUT", "URG", "VRT", "WEL"};
    private static final List<Measured> ANALYTES = List.of(
            new Measured("2339-0", 60, 300, List.of("mg/dL", "mg/dl", "MG/DL", " ")),
            new Measured("718-7", 7, 18, List.of("g/dL", "gm/dl", "N/A")),
            new Measured("6299-2", 5, 60, List.of("mg/dL", "mg%")),
            new Measured("2093-3", 90, 320, List.of("mg/dL", "mg/dl", "Ul/l")),
            new Measured("38483-4", 1, 9, List.of("mg/dL", "mg/dL 24h ")));
    private static final String[] VALUES = {">300", "< 6", "2.0", "2", "+++", "O RH+", "35/.", "___", " ", ""};
    private static final List<Measured> SIGNS = List.of(
            new Measured("8867-4", 45, 180, List.of("bpm", "beats/min", "/min ")),
            new Measured("9279-1", 8, 40, List.of("breaths/min", "insp/min")),
            new Measured("8480-6", 80, 210, List.of("mmHg", "mm Hg")),
            new Measured("8462-4", 40, 120, List.of("mmHg", "mm Hg")),
            new Measured("29463-7", 90, 260, List.of("lb", "lbs", " lb ")));
    private static final List<String> SPECIMENS = List.of("BLOOD", "Serum", "PLASMA", "JOINT FLUID", "SWAB", "tube 3");

    private final Census census;
    private final RandomGenerator random;
    private final Time time;
    private final FrontDesk desk;

    /** What is measured, between which whole numbers, and how its units are written. */
    private record Measured(String loinc, int low, int high, List<String> units) {}

    Ward(Census census, RandomGenerator random, Time time, FrontDesk desk) {
        this.census = census;
        this.random = random;
        this.time = time;
        this.desk = desk;
    }

    void visit(Work work) throws SQLException {
        Person person = desk.anyone();
        Stay stay = new Stay(census.nextStay, person.id(), person.facility());
        desk.open(work, stay, CLASSES[random.nextInt(CLASSES.length)]);
        Icd9.Code code = Icd9.OF_THE_CLINIC.get(random.nextInt(Icd9.OF_THE_CLINIC.size()));
        work.change(
                "INSERT INTO diagnosis (diagnosis_id, encounter_id, facility_id, snomed, code, code_version, description,"
                        + " onset_dt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                census.nextDiagnosis,
                stay.id(),
                stay.facility(),
                "16335031000119103",
                code.written(),
                code.version(),
                "Seen by the clinic   ",
                time.day());
        for (int i = 0; i < 1 + random.nextInt(SIGNS.size()); i++) {
            read(work, new Reading(person.id(), census.nextReading, SIGNS.get(i).loinc()));
        }
        work.change(
                "INSERT INTO immunization (patient_id, dose_no, cvx, facility_id, given_at, lot, lot_year, cost)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                person.id(),
                census.nextDose,
                "024",
                stay.facility(),
                time.instant(work.engine()),
                "L\\" + random.nextInt(1_000),
                2024,
                random.nextInt(10_000) / 100.0);
        Bill bill = new Bill(stay.facility(), census.nextBill);
        work.change(
                "INSERT INTO billing (facility_id, bill_id, patient_id, encounter_id, payer_cd, amount, outstanding,"
                        + " status, service_ts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                bill.facility(),
                bill.number(),
                person.id(),
                stay.id(),
                "03.01",
                random.nextInt(100_000) / 100.0,
                random.nextInt(1_000) + ".10",
                "OPEN  ",
                time.wall());
        work.learn(() -> {
            census.nextDiagnosis++;
            census.nextReading++;
            census.nextDose++;
            census.nextBill++;
            census.bills.add(bill);
        });
    }

    private void read(Work work, Reading reading) throws SQLException {
        insertReading(work, reading);
        work.learn(() -> census.readings.add(reading));
    }

    private <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** A reading that came with the load may be of any sign; written again, it has a pulse's numbers. */
    private void insertReading(Work work, Reading reading) throws SQLException {
        Measured sign = SIGNS.stream()
                .filter(known -> known.loinc().equals(reading.loinc()))
                .findFirst()
                .orElse(SIGNS.get(0));
        int value = sign.low() + random.nextInt(sign.high() - sign.low());
        work.change(
                "INSERT INTO vitals (patient_id, reading_no, loinc, value_num, value_f, units, taken_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                reading.patient(),
                reading.number(),
                reading.loinc(),
                value + ".50",
                String.valueOf(value + random.nextInt(1_000) / 7_000f),
                random.nextInt(8) == 0 ? null : pick(sign.units()),
                time.wall());
    }

    void results(Work work, int count) throws SQLException {
        Stay stay = anyStay();
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long id = census.nextResult + i;
            rows.add(result(work, stay, id));
            work.learn(() -> census.results.add(id));
        }
        work.insertAll(
                "INSERT INTO lab_result (result_id, facility_id, patient_id, encounter_id, loinc, specimen, value_txt,"
                        + " value_num, units, flag, drawn_at, resulted_at, note)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows);
        work.learn(() -> census.nextResult += count);
    }

    private @Nullable Object[] result(Work work, Stay stay, long id) {
        Measured analyte = pick(ANALYTES);
        int kind = random.nextInt(VALUES.length * 2);
        String value = kind < VALUES.length
                ? VALUES[kind]
                : analyte.low() + random.nextInt(analyte.high() - analyte.low()) + "." + random.nextInt(10);
        return LegacyTable.row(
                id,
                stay.facility(),
                stay.patient(),
                stay.id(),
                analyte.loinc(),
                pick(SPECIMENS),
                value,
                kind < VALUES.length ? null : value,
                pick(analyte.units()),
                random.nextInt(4) == 0 ? null : "L",
                time.wallSeconds(),
                time.instant(work.engine()),
                random.nextInt(10) == 0 ? Quirks.note(id) : null);
    }

    Stay anyStay() {
        return census.stays.get(random.nextInt(census.stays.size()));
    }

    /** Two transactions overlap: {@code late} writes first and again after {@code early} has committed. */
    int interleave(Work late, Work early) throws SQLException {
        results(late, 1);
        census.nextResult++;
        results(early, 2);
        int committed = early.commit();
        // the census has moved on, so what the late transaction learnt of the next number no longer holds
        census.nextResult--;
        correct(late);
        return committed + late.commit();
    }

    void correct(Work work) throws SQLException {
        for (int i = 0; i <= random.nextInt(5); i++) {
            String value = random.nextInt(500) + ".0";
            work.change(
                    "UPDATE lab_result SET value_txt = ?, value_num = ?, flag = ?, resulted_at = ? WHERE result_id = ?",
                    random.nextInt(4) == 0 ? ">" + value : value,
                    value,
                    i == 0 ? "C" + random.nextInt(10) : null,
                    time.instant(work.engine()),
                    census.results.get(random.nextInt(census.results.size())));
            time.tick();
        }
    }

    void addAllergy(Work work) throws SQLException {
        Person person = desk.anyone();
        Allergy allergy = new Allergy(census.nextAllergy, person.id(), 900_000_000_000_000_000L + census.nextAllergy);
        work.change(
                "INSERT INTO allergy (allergy_id, facility_id, patient_id, code, substance, category, severity, reaction,"
                        + " noted_dt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                allergy.id(),
                person.facility(),
                person.id(),
                allergy.code(),
                "Latex \"glove\" \\ " + random.nextInt(100),
                "food",
                random.nextBoolean() ? "MILD" : null,
                "[{\"code\": 271807003, \"grade\": 1.0}]",
                time.day());
        work.learn(() -> {
            census.nextAllergy++;
            census.allergies.add(allergy);
        });
    }

    /** Needs an allergy. */
    void removeAllergy(Work work) throws SQLException {
        int index = random.nextInt(census.allergies.size());
        Allergy allergy = census.allergies.get(index);
        work.change("DELETE FROM allergy WHERE allergy_id = ?", allergy.id());
        work.learn(() -> census.allergies.remove(index));
    }

    void settle(Work work) throws SQLException {
        for (int i = 0; i <= random.nextInt(4); i++) {
            Bill bill = census.bills.get(random.nextInt(census.bills.size()));
            work.change(
                    "UPDATE billing SET status = ?, outstanding = 0.00, billed_at = ?, remark = ?"
                            + " WHERE facility_id = ? AND bill_id = ?",
                    "CLOSED",
                    time.instant(work.engine()),
                    Quirks.note(random.nextInt(100)),
                    bill.facility(),
                    bill.number());
            time.tick();
        }
    }

    /** One order goes A to B to C, or takes the number another has just left. */
    void renumberOrders(Work work) throws SQLException {
        int index = random.nextInt(census.orders.size());
        int other = random.nextInt(census.orders.size());
        String first = census.orders.get(index);
        String second = Quirks.format("2024-%06d", census.nextOrder);
        String third = Quirks.format("2024-%06d", census.nextOrder + 1);
        work.learn(() -> census.nextOrder += 2);
        if (index == other || random.nextBoolean()) {
            moveOrder(work, first, second);
            moveOrder(work, second, third);
            work.learn(() -> census.orders.set(index, third));
            return;
        }
        String left = census.orders.get(other);
        moveOrder(work, left, second);
        moveOrder(work, first, left);
        work.learn(() -> {
            census.orders.set(other, second);
            census.orders.set(index, left);
        });
    }

    private static void moveOrder(Work work, String from, String to) throws SQLException {
        work.change("UPDATE \"order\" SET order_no = ? WHERE order_no = ?", to, from);
    }

    /** Deletes a reading; {@link #again} brings its key back. */
    Reading delete(Work work) throws SQLException {
        Reading reading = census.readings.get(random.nextInt(census.readings.size()));
        work.change(
                "DELETE FROM vitals WHERE patient_id = ? AND reading_no = ? AND loinc = ?",
                reading.patient(),
                reading.number(),
                reading.loinc());
        return reading;
    }

    void again(Work work, Reading reading) throws SQLException {
        insertReading(work, reading);
    }

    void purge(Work work) throws SQLException {
        Reading reading = census.readings.get(random.nextInt(census.readings.size()));
        work.change("DELETE FROM vitals WHERE patient_id = ? AND reading_no = ?", reading.patient(), reading.number());
        work.learn(() -> census.readings.removeIf(
                other -> other.patient() == reading.patient() && other.number() == reading.number()));
    }

    void writeDocument(Work work) throws SQLException {
        Stay stay = anyStay();
        long id = census.nextDocument;
        work.change(
                "INSERT INTO document (document_id, facility_id, patient_id, title, body, flags, checksum, note,"
                        + " created_at) VALUES (?, ?, ?, ?, ?, b'10000001', "
                        + work.engine().pick("decode(?, 'hex')", "unhex(?)") + ", ?, ?)",
                id,
                stay.facility(),
                stay.patient(),
                "Clinic letter",
                Quirks.scan(random.nextLong(), 8_200 + random.nextInt(6_000)),
                Quirks.checksum("letter " + id),
                Quirks.note(id),
                time.instant(work.engine()));
        work.learn(() -> {
            census.nextDocument++;
            census.documents.add(id);
        });
    }

    void annotate(Work work) throws SQLException {
        work.change(
                "UPDATE document SET note = ?, revision = revision + 1 WHERE document_id = ?",
                time.wall() + " " + Quirks.note(random.nextInt(100)),
                census.documents.get(random.nextInt(census.documents.size())));
    }

    void refile(Work work) throws SQLException {
        int index = random.nextInt(census.documents.size());
        long id = census.nextDocument;
        work.change("UPDATE document SET document_id = ? WHERE document_id = ?", id, census.documents.get(index));
        work.learn(() -> {
            census.nextDocument++;
            census.documents.set(index, id);
        });
    }

    void touch(Work work) throws SQLException {
        work.touch(
                "UPDATE encounter SET cost = cost WHERE encounter_id = ?",
                anyStay().id());
    }

    void nothing(Work work) throws SQLException {
        work.change("UPDATE patient SET status = 'A' WHERE patient_id = -1");
        work.change("DELETE FROM vitals WHERE patient_id = -1");
    }
}
