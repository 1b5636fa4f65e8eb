package dev.handover.deploy.demo;

import static dev.handover.deploy.demo.LegacyTable.row;
import static dev.handover.deploy.demo.Quirks.utc;
import static dev.handover.deploy.demo.Quirks.wall;

import dev.handover.deploy.demo.SyntheaArchive.Line;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a hospital writes about its work: orders, plans, documents, devices, bills, appointments, forms. */
final class PaperRows {
    /** The questions on the intake form, six column types in turn. */
    static final int QUESTIONS = 114;

    private final SyntheaArchive archive;
    private final LegacyIds ids;
    private final LegacyEngine engine;

    PaperRows(SyntheaArchive archive, LegacyIds ids, LegacyEngine engine) {
        this.archive = archive;
        this.ids = ids;
        this.engine = engine;
    }

    List<LegacyTable> tables() {
        String questions = IntStream.rangeClosed(1, QUESTIONS)
                .mapToObj(n -> Quirks.format("q%03d", n))
                .collect(Collectors.joining(" "));
        return List.of(
                LegacyTable.of(
                        "order",
                        "order_no facility_id encounter_id group desc range interval read history priority placed_ts",
                        () -> archive.lines("encounters").stream()
                                .filter(line -> line.number() % 4 == 0)
                                .map(this::order)),
                LegacyTable.of(
                        "CarePlan",
                        "PlanId PatientId EncounterId StartDate StopDate Code Activities ReasonText",
                        () -> archive.lines("careplans").stream().map(this::carePlan)),
                LegacyTable.of(
                        "document",
                        "document_id facility_id patient_id title mime body image:bytes flags:bits checksum:bytes note"
                                + " revision created_at",
                        () -> archive.lines("encounters").stream()
                                .filter(line -> line.number() % 16 == 3)
                                .map(this::document)),
                LegacyTable.of(
                        "device",
                        "device_id patient_id udi snomed label implanted removed battery address",
                        () -> archive.lines("devices").stream().map(this::device)),
                LegacyTable.of(
                        "billing",
                        "facility_id bill_id patient_id encounter_id payer_cd amount outstanding status dx service_ts"
                                + " billed_at remark",
                        () -> archive.lines("claims").stream().map(this::bill)),
                LegacyTable.of(
                        "appointment",
                        "facility_id slot_no patient_id provider_id slot late_by status reminder",
                        () -> archive.lines("encounters").stream()
                                .filter(line -> line.number() % 8 == 1)
                                .map(this::appointment)),
                LegacyTable.of(
                        "intake_form",
                        "form_id facility_id patient_id encounter_id filled_on signed " + questions,
                        () -> archive.lines("encounters").stream()
                                .filter(line -> line.number() % 6 == 2)
                                .map(this::form)),
                LegacyTable.of("transfer_queue", "transfer_id facility_id patient_id payload", Stream::empty));
    }

    private @Nullable String[] order(Line line) {
        int number = line.number();
        return row(
                Quirks.format("%s-%06d", line.text("START").substring(0, 4), number),
                ids.facilityOf(line.text("PATIENT")),
                ids.encounter(line.text("Id")),
                number % 3 == 0 ? "select" : "lab",
                number % 5 == 0 ? null : Quirks.note(number),
                number % 7 == 0 ? null : "[2.0,12." + number % 10 + ")",
                Quirks.format("%02d:30:00", number % 200),
                LegacyEngine.flag(number % 2 == 0),
                number % 8 == 0 ? "1" : "0",
                number % 9 == 0 ? null : engine.words(number % 2 == 0 ? List.of("stat", "fasting") : List.of()),
                wall(line.text("START")) + Quirks.format(".%06d", number));
    }

    private @Nullable String[] carePlan(Line line) {
        return row(
                line.text("Id"),
                ids.patient(line.text("PATIENT")),
                ids.encounter(line.text("ENCOUNTER")),
                line.text("START"),
                line.cell("STOP"),
                line.text("CODE"),
                "[\"" + line.text("DESCRIPTION") + "\", {\"weeks\": " + line.number() % 12 + "}]",
                line.text("REASONDESCRIPTION"));
    }

    private @Nullable String[] document(Line line) {
        int number = line.number();
        String body =
                switch (number / 16 % 8) {
                    case 0 -> Quirks.note(number / 16);
                    case 1 -> null;
                    default -> Quirks.scan(number, 8_200 + number % 5_000);
                };
        return row(
                900_000L + number,
                ids.facilityOf(line.text("PATIENT")),
                ids.patient(line.text("PATIENT")),
                "Letter: " + line.text("DESCRIPTION"),
                number / 16 % 3 == 0 ? "image/tiff " : "text/plain",
                body,
                number / 16 % 3 == 0 ? Quirks.bytes(number, 3_000 + number % 900) : number / 16 % 3 == 1 ? "" : null,
                Integer.toBinaryString(256 + number % 256).substring(1),
                Quirks.checksum(line.text("Id")),
                Quirks.note(number),
                1,
                engine.instant(
                        Quirks.format("2023-%02d-%02d 11:22:33.%06d", 1 + number % 12, 1 + number % 28, number)));
    }

    private @Nullable String[] device(Line line) {
        int number = line.number();
        return row(
                number % 2 == 0
                        ? Quirks.format("1844674407370955%04d", number % 1_000)
                        : String.valueOf(40_000 + number),
                ids.patient(line.text("PATIENT")),
                line.text("UDI"),
                line.text("CODE"),
                line.cell("DESCRIPTION"),
                engine.instant(utc(line.text("START"))),
                line.cell("STOP") == null ? null : engine.instant(utc(line.text("STOP"))),
                number % 4 == 0 ? null : String.valueOf(number / 7f),
                number % 3 == 0
                        ? "10.0.0." + number % 255
                        : number % 3 == 1 ? "2001:db8::" + Integer.toHexString(1 + number % 99) : null);
    }

    private @Nullable String[] bill(Line line) {
        int number = line.number();
        String encounter = line.text("APPOINTMENTID");
        String dx = Stream.of("DIAGNOSIS1", "DIAGNOSIS2", "DIAGNOSIS3", "DIAGNOSIS4")
                .map(line::text)
                .filter(code -> !code.isEmpty())
                .collect(Collectors.joining(","));
        String payer = line.text("PRIMARYPATIENTINSURANCEID");
        return row(
                ids.facilityOf(line.text("PATIENTID")),
                number + 1,
                ids.patient(line.text("PATIENTID")),
                encounter.isEmpty() ? null : ids.encounter(encounter),
                payer.isEmpty() || payer.equals("0") ? null : ids.payer(payer),
                String.valueOf(number % 977 * 1.1 + 0.1),
                line.text("OUTSTANDING1"),
                line.text("STATUS1") + (number % 3 == 0 ? "  " : ""),
                engine.pick("{" + dx + "}", dx),
                wall(line.text("SERVICEDATE")),
                line.cell("LASTBILLEDDATE1") == null ? null : engine.instant(utc(line.text("LASTBILLEDDATE1"))),
                number % 30 == 0 ? Quirks.note(number / 30) : null);
    }

    private @Nullable String[] appointment(Line line) {
        int number = line.number();
        String from = wall(line.text("START"));
        String to = wall(line.text("STOP"));
        return row(
                ids.facilityOf(line.text("PATIENT")),
                number / 8 + 1,
                number % 5 == 0 ? null : ids.patient(line.text("PATIENT")),
                ids.provider(line.text("PROVIDER")),
                "[\"" + from + "\",\"" + to + "\")",
                number % 4 == 0 ? null : (number % 4 == 1 ? "-" : "") + Quirks.format("00:%02d:00", number % 60),
                number % 6 == 0 ? "no-show" : "booked",
                number % 10 == 3 ? "{}" : number % 10 == 7 ? "null" : null);
    }

    /** Most answers are left at the form's defaults, as people do. */
    private @Nullable String[] form(Line line) {
        int number = line.number();
        @Nullable Object[] cells = new @Nullable Object[6 + QUESTIONS];
        cells[0] = number + 1;
        cells[1] = ids.facilityOf(line.text("PATIENT"));
        cells[2] = ids.patient(line.text("PATIENT"));
        cells[3] = ids.encounter(line.text("Id"));
        cells[4] = line.text("START").substring(0, 10);
        cells[5] = number % 4 == 0 ? " " : "Dr. \u00d8st";
        for (int q = 0; q < QUESTIONS; q++) {
            cells[6 + q] = answer(q % 6, number + q);
        }
        return row(cells);
    }

    private static @Nullable Object answer(int type, int n) {
        return switch (type) {
            case 0 -> n % 5 == 0 ? "" : n % 5 == 1 ? " " : n % 5 == 2 ? null : "ans \\" + n % 13;
            case 1 -> n % 3 == 0 ? 255 - n % 4 : 0;
            case 2 -> n % 4 == 0 ? Quirks.format("%d.%02d", n % 300, n % 100) : "0.00";
            case 3 -> n % 4 == 0 ? "Y" : " ";
            case 4 -> n % 7 == 0 ? "2051-01-05" : null;
            default -> n % 3 == 0 ? String.valueOf(n / 3f) : null;
        };
    }
}
