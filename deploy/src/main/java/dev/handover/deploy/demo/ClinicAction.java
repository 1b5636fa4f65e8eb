package dev.handover.deploy.demo;

import java.util.EnumSet;
import java.util.Set;

/** What can happen in the simulated clinic; the weight says how often, out of the sum of the weights that take part. */
public enum ClinicAction {
    /** A new patient: patient, identifiers, names and a first encounter in one transaction. */
    REGISTER(14),
    /** An encounter with diagnosis, vital signs, immunization and bill in one transaction. */
    VISIT(24),
    /** Ten to forty results of one sample. */
    LAB_BATCH(16),
    /** Older results get another value. */
    CORRECT_RESULTS(20),
    /** The birth date was typed wrong. */
    FIX_BIRTH_DATE(5),
    /** A name changes: the patient's row and a row of the name history. */
    CHANGE_NAME(7),
    /** A new allergy. */
    ADD_ALLERGY(10),
    /** An allergy was noted by mistake: its row is deleted. */
    REMOVE_ALLERGY(7),
    /** A bill is settled. */
    SETTLE_BILLS(10),
    /** Two records are one person: children move (some in their primary key), the loser is marked or deleted. */
    MERGE_PATIENTS(3),
    /** A patient gets another number: the primary key that every child points to. */
    RENUMBER_PATIENT(2),
    /** An order's key goes A to B to C, or takes the key that another order leaves, in one transaction. */
    RENUMBER_ORDERS(5),
    /** Two appointments trade their primary keys by way of a third. */
    SWAP_SLOTS(4),
    /** Two patients trade their unique record numbers in one transaction. */
    SWAP_RECORD_NUMBERS(2),
    /** A row is deleted and inserted again under its key, in one transaction or in two. */
    DELETE_AND_REINSERT(8),
    /** Readings are deleted several at a time. */
    PURGE_READINGS(4),
    /** A letter is written: large text stored out of line. */
    WRITE_DOCUMENT(3),
    /** A note on a letter; its large text stays untouched and is not in PostgreSQL's log. */
    ANNOTATE_DOCUMENT(12),
    /** INSERT .. ON CONFLICT that inserts, updates or does nothing. */
    UPSERT(10),
    /** An update that changes nothing: logged by PostgreSQL, not by MariaDB. */
    TOUCH(5),
    /** Statements that match no row, and a transaction without any. */
    NOTHING(3),
    /** A registration that is rolled back, its numbers used again later. */
    ROLL_BACK(6),
    /** Part of a transaction is rolled back to a savepoint. */
    ROLL_BACK_PART(4),
    /** Two transactions overlap; the one that began first commits last. */
    INTERLEAVE(6),
    /** Five hundred results in one transaction. */
    LONG_TRANSACTION(1),
    /**
     * A letter gets another key while its large text stays untouched: PostgreSQL then logs a new row whose large column
     * is absent and whose old row is known by key only.
     */
    REFILE_DOCUMENT(2);

    private final int weight;

    ClinicAction(int weight) {
        this.weight = weight;
    }

    /** How often, relative to the others. */
    public int weight() {
        return weight;
    }

    /** Everything but {@link #REFILE_DOCUMENT}, which asks for more than REPLICA IDENTITY DEFAULT can tell. */
    public static Set<ClinicAction> routine() {
        return EnumSet.complementOf(EnumSet.of(REFILE_DOCUMENT));
    }
}
