package dev.handover.deploy.demo;

import dev.handover.deploy.demo.Census.Person;
import dev.handover.deploy.demo.Census.Slot;
import dev.handover.deploy.demo.Census.Stay;
import java.sql.SQLException;
import java.util.List;
import java.util.random.RandomGenerator;

/** Registration, names, numbers and appointments: what changes keys. Each method fills one transaction. */
final class FrontDesk {
    private static final List<String> CHILDREN = List.of(
            "insurance",
            "encounter",
            "lab_result",
            "vitals",
            "prescription",
            "immunization",
            "document",
            "device",
            "billing",
            "appointment",
            "intake_form");

    private static final String[] FAMILIES = {
        "O'Neil", "Garc\u00eda ", "M\u00fcller", "Zo\u0308e-Smith", "\u0141uk\\asz", "van der \"Berg\"", "\u674e", " "
    };

    private final Census census;
    private final RandomGenerator random;
    private final Time time;

    FrontDesk(Census census, RandomGenerator random, Time time) {
        this.census = census;
        this.random = random;
        this.time = time;
    }

    void register(Work work) throws SQLException {
        Person person = new Person(census.nextPatient, LegacyIds.FACILITIES.get(random.nextInt(4)));
        String family = FAMILIES[random.nextInt(FAMILIES.length)];
        String mrn = Quirks.format("CLN%07d", person.id());
        work.change(
                "INSERT INTO patient (patient_id, facility_id, mrn, last_nm, first_nm, dob, sex_cd, race, ssn, phone,"
                        + " extra, upd_ts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                person.id(),
                person.facility(),
                mrn,
                family,
                "New" + person.id(),
                birthDate(),
                List.of("M", "F", "U").get(random.nextInt(3)),
                Shorthand.RACES_OF_WALK_INS.get(random.nextInt(Shorthand.RACES_OF_WALK_INS.size())),
                random.nextBoolean() ? "555-11-1111" : null,
                Shorthand.phone(random.nextInt(1_000)),
                "{\"via\": \"walk-in\", \"score\": " + random.nextInt(100) + ".0}",
                time.wall());
        identifier(work, person, "MRN", mrn);
        identifier(work, person, "CLN", "C-" + person.id());
        name(work, person, family);
        Stay stay = new Stay(census.nextStay, person.id(), person.facility());
        open(work, stay, "OUT");
        work.learn(() -> {
            census.nextPatient++;
            census.newcomers.add(person);
        });
    }

    private static void identifier(Work work, Person person, String type, String value) throws SQLException {
        work.change(
                "INSERT INTO patient_identifier (facility_id, patient_id, id_type, id_value) VALUES (?, ?, ?, ?)",
                person.facility(),
                person.id(),
                type,
                value);
    }

    private void name(Work work, Person person, String family) throws SQLException {
        work.change(
                "INSERT INTO patient_name (patient_id, name_no, use_cd, family, given, valid_from, note)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                person.id(),
                census.nextName,
                "official",
                family,
                "New " + Quirks.note(10),
                time.day(),
                Quirks.note(random.nextInt(1_000)));
        work.learn(() -> census.nextName++);
    }

    void open(Work work, Stay stay, String encounterClass) throws SQLException {
        work.change(
                "INSERT INTO encounter (encounter_id, facility_id, patient_id, provider_id, class_cd, start_ts, stop_ts,"
                        + " type_cd, cost, covered, duration, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                stay.id(),
                stay.facility(),
                stay.patient(),
                census.providers.get(random.nextInt(census.providers.size())),
                encounterClass,
                time.wallSeconds(),
                random.nextBoolean() ? null : time.instant(work.engine()),
                "10939881000119105",
                random.nextInt(100_000) / 100.0,
                random.nextInt(10_000) + ".5000",
                Quirks.format("%d:15:00", 24 + random.nextInt(400)),
                Quirks.note(stay.id()));
        work.learn(() -> {
            census.nextStay++;
            census.stays.add(stay);
        });
    }

    private String birthDate() {
        return Quirks.format(
                "%04d%02d%02d", 1915 + random.nextInt(108), 1 + random.nextInt(12), 1 + random.nextInt(28));
    }

    void fixBirthDate(Work work) throws SQLException {
        work.change(
                "UPDATE patient SET dob = ?, upd_ts = ? WHERE patient_id = ?", birthDate(), time.wall(), anyone().id());
    }

    void changeName(Work work) throws SQLException {
        Person person = anyone();
        String family = FAMILIES[random.nextInt(FAMILIES.length)] + "-" + random.nextInt(1_000);
        work.change(
                "UPDATE patient SET last_nm = ?, upd_ts = ? WHERE patient_id = ?", family, time.wall(), person.id());
        name(work, person, family);
    }

    Person anyone() {
        int pick = random.nextInt(census.established.size() + census.newcomers.size());
        return pick < census.established.size()
                ? census.established.get(pick)
                : census.newcomers.get(pick - census.established.size());
    }

    /** Needs a newcomer; the survivor may be anyone else. */
    void merge(Work work) throws SQLException {
        Person loser = census.newcomers.get(random.nextInt(census.newcomers.size()));
        Person survivor = anyone();
        if (survivor.equals(loser)) {
            survivor = census.established.get(random.nextInt(census.established.size()));
        }
        int kept = survivor.id();
        work.change(
                "UPDATE patient_identifier SET facility_id = ?, patient_id = ?, id_type = id_type || ? WHERE patient_id = ?",
                survivor.facility(),
                kept,
                "~" + loser.id(),
                loser.id());
        work.change("UPDATE patient_name SET patient_id = ? WHERE patient_id = ?", kept, loser.id());
        work.change("DELETE FROM allergy WHERE patient_id = ?", loser.id());
        for (String table : CHILDREN) {
            work.change("UPDATE " + table + " SET patient_id = ? WHERE patient_id = ?", kept, loser.id());
        }
        work.change(
                "UPDATE patient SET merged_into = ?, upd_ts = ? WHERE merged_into = ?", kept, time.wall(), loser.id());
        if (random.nextBoolean()) {
            work.change("DELETE FROM patient WHERE patient_id = ?", loser.id());
        } else {
            work.change(
                    "UPDATE patient SET status = 'M', merged_into = ?, upd_ts = ? WHERE patient_id = ?",
                    kept,
                    time.wall(),
                    loser.id());
        }
        work.learn(() -> {
            census.newcomers.remove(loser);
            census.allergies.removeIf(allergy -> allergy.patient() == loser.id());
            census.moved(loser.id(), kept);
        });
    }

    /** Needs a newcomer. */
    void renumber(Work work) throws SQLException {
        int index = random.nextInt(census.newcomers.size());
        Person old = census.newcomers.get(index);
        Person fresh = new Person(census.nextPatient, old.facility());
        work.set(work.engine().pick("SET CONSTRAINTS ALL DEFERRED", "SET SESSION foreign_key_checks = 0"));
        work.change(
                "UPDATE patient SET patient_id = ?, upd_ts = ? WHERE patient_id = ?",
                fresh.id(),
                time.wall(),
                old.id());
        for (String table : List.of("patient_identifier", "patient_name", "allergy")) {
            work.change("UPDATE " + table + " SET patient_id = ? WHERE patient_id = ?", fresh.id(), old.id());
        }
        for (String table : CHILDREN) {
            work.change("UPDATE " + table + " SET patient_id = ? WHERE patient_id = ?", fresh.id(), old.id());
        }
        work.change("UPDATE patient SET merged_into = ? WHERE merged_into = ?", fresh.id(), old.id());
        if (work.engine() == LegacyEngine.MARIADB) {
            work.set("SET SESSION foreign_key_checks = 1");
        }
        work.learn(() -> {
            census.nextPatient++;
            census.newcomers.set(index, fresh);
            census.moved(old.id(), fresh.id());
        });
    }

    /** PostgreSQL does it in one statement, its constraint being deferrable; MariaDB goes by way of a third value. */
    void swapRecordNumbers(Work work) throws SQLException {
        Person one = census.established.get(random.nextInt(census.established.size()));
        Person two = census.established.get(random.nextInt(census.established.size()));
        if (one.equals(two)) {
            fixBirthDate(work);
            return;
        }
        String parked = Quirks.format("SWAP%d", one.id());
        if (work.engine() == LegacyEngine.POSTGRES) {
            work.change(
                    "UPDATE patient p SET mrn = o.mrn, upd_ts = ? FROM patient o WHERE p.patient_id IN (?, ?)"
                            + " AND o.patient_id IN (?, ?) AND p.patient_id <> o.patient_id",
                    time.wall(),
                    one.id(),
                    two.id(),
                    one.id(),
                    two.id());
            return;
        }
        work.set("SET @one = (SELECT mrn FROM patient WHERE patient_id = " + one.id() + ")");
        work.set("SET @two = (SELECT mrn FROM patient WHERE patient_id = " + two.id() + ")");
        work.change("UPDATE patient SET mrn = ? WHERE patient_id = ?", parked, one.id());
        work.change("UPDATE patient SET mrn = @one, upd_ts = ? WHERE patient_id = ?", time.wall(), two.id());
        work.change("UPDATE patient SET mrn = @two, upd_ts = ? WHERE patient_id = ?", time.wall(), one.id());
    }

    void swapSlots(Work work) throws SQLException {
        Slot one = census.slots.get(random.nextInt(census.slots.size()));
        Slot two = census.slots.get(random.nextInt(census.slots.size()));
        if (one.equals(two)) {
            book(work);
            return;
        }
        Slot parked = new Slot(one.facility(), -census.nextSlot);
        move(work, one, parked);
        move(work, two, one);
        move(work, parked, two);
    }

    private static void move(Work work, Slot from, Slot to) throws SQLException {
        work.change(
                "UPDATE appointment SET facility_id = ?, slot_no = ? WHERE facility_id = ? AND slot_no = ?",
                to.facility(),
                to.number(),
                from.facility(),
                from.number());
    }

    /** A new slot, or another state of an old one: the statement does not know. */
    void book(Work work) throws SQLException {
        boolean again = random.nextBoolean();
        Slot slot = again
                ? census.slots.get(random.nextInt(census.slots.size()))
                : new Slot(LegacyIds.FACILITIES.get(random.nextInt(4)), census.nextSlot);
        work.upsert(
                "INSERT INTO appointment (facility_id, slot_no, provider_id, status, late_by, reminder)"
                        + " VALUES (?, ?, ?, ?, ?, ?)"
                        + work.engine()
                                .pick(
                                        " ON CONFLICT (facility_id, slot_no) DO UPDATE SET status = EXCLUDED.status,"
                                                + " late_by = EXCLUDED.late_by, reminder = EXCLUDED.reminder",
                                        " ON DUPLICATE KEY UPDATE status = VALUES(status), late_by = VALUES(late_by),"
                                                + " reminder = VALUES(reminder)"),
                slot.facility(),
                slot.number(),
                census.providers.get(random.nextInt(census.providers.size())),
                "moved",
                Quirks.format("-00:%02d:00", random.nextInt(60)),
                "{\"at\": \"" + time.wall() + "\"}");
        if (!again) {
            work.learn(() -> {
                census.nextSlot++;
                census.slots.add(slot);
            });
        }
        Slot taken = census.slots.get(random.nextInt(census.slots.size()));
        work.upsert(
                work.engine()
                        .pick(
                                "INSERT INTO appointment (facility_id, slot_no) VALUES (?, ?) ON CONFLICT DO NOTHING",
                                "INSERT IGNORE INTO appointment (facility_id, slot_no) VALUES (?, ?)"),
                taken.facility(),
                taken.number());
    }
}
