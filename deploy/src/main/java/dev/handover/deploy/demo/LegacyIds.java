package dev.handover.deploy.demo;

import dev.handover.deploy.demo.SyntheaArchive.Line;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The old hospital's own numbers for what Synthea names by UUID, and the facility (the tenant) each belongs to. */
final class LegacyIds {
    static final List<Integer> FACILITIES = List.of(1001, 1002, 1005, 1007);
    private static final int[] WEIGHTED = {1001, 1005, 1001, 1002, 1001, 1005, 1007};

    private final Map<String, Integer> patients = new HashMap<>();
    private final Map<String, Long> encounters = new HashMap<>();
    private final Map<String, Integer> providers = new HashMap<>();
    private final Map<String, String> payers = new HashMap<>();
    private final Map<String, Integer> facilityOfPatient = new HashMap<>();
    private final Map<String, String> patientOfEncounter = new HashMap<>();

    LegacyIds(SyntheaArchive archive) {
        for (Line line : archive.lines("patients")) {
            patients.put(line.text("Id"), 100_001 + line.number());
            facilityOfPatient.put(line.text("Id"), facility(line.number()));
        }
        for (Line line : archive.lines("encounters")) {
            encounters.put(line.text("Id"), 5_000_000_001L + line.number());
            patientOfEncounter.put(line.text("Id"), line.text("PATIENT"));
        }
        for (Line line : archive.lines("providers")) {
            providers.put(line.text("Id"), 301 + line.number());
        }
        for (Line line : archive.lines("payers")) {
            payers.put(line.text("Id"), Quirks.format("%02d.%02d", 3 + line.number() / 4, 1 + line.number()));
        }
    }

    /** Facilities are unequal: three of seven organizations and patients belong to the first. */
    static int facility(int number) {
        return WEIGHTED[number % WEIGHTED.length];
    }

    int patient(String uuid) {
        return known(patients, uuid, "patient");
    }

    int facilityOf(String patientUuid) {
        return known(facilityOfPatient, patientUuid, "patient");
    }

    long encounter(String uuid) {
        return known(encounters, uuid, "encounter");
    }

    int facilityOfEncounter(String uuid) {
        return facilityOf(known(patientOfEncounter, uuid, "encounter"));
    }

    int provider(String uuid) {
        return known(providers, uuid, "provider");
    }

    /** Text that looks like a decimal: {@code 03.01}. */
    String payer(String uuid) {
        return known(payers, uuid, "payer");
    }

    private static <T> T known(Map<String, T> ids, String uuid, String kind) {
        T id = ids.get(uuid);
        if (id == null) {
            throw new IllegalStateException("synthea.zip names a " + kind + " it does not hold");
        }
        return id;
    }
}
