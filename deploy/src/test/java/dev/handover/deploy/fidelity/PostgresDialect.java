package dev.handover.deploy.fidelity;

import dev.handover.deploy.stack.Service;
import java.util.List;

/** PostgreSQL prints a value to the wire as its output function writes it, and reads it back from there. */
final class PostgresDialect implements Dialect {
    @Override
    public String engine() {
        return "PostgreSQL";
    }

    @Override
    public Service service() {
        return Service.SOURCE;
    }

    @Override
    public String home() {
        return "public";
    }

    @Override
    public String back() {
        return "back";
    }

    @Override
    public List<String> session() {
        return List.of(
                "SET DateStyle = 'ISO'",
                "SET TimeZone = 'UTC'",
                "SET IntervalStyle = 'postgres'",
                "SET extra_float_digits = 1",
                "SET bytea_output = 'hex'",
                "SET lc_monetary = 'C'");
    }

    @Override
    public String atSource(String type, String cell) {
        return cell;
    }

    @Override
    public String atTarget(String type, String cell) {
        return cell;
    }

    @Override
    public String literal(String type, String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Override
    public String ofRaw(String type, String raw) {
        return raw;
    }

    /** Compares the stored bytes, scale of numbers and sign of zero included. */
    @Override
    public String sameBytes(String type, String one, String other) {
        return "record_image_eq(ROW(" + one + "), ROW(" + other + "))";
    }
}
