package dev.handover.capture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "'a''b'::text, 'a''b'",
                "'x'::character varying(10), 'x'",
                "'2024-01-01 00:00:00+00'::timestamp with time zone, '2024-01-01 00:00:00+00'",
                "'{}'::text[], '{}'",
                "'sad'::zoo.mood, 'sad'",
                "(-1), (-1)",
                "0.5, 0.5",
                "true, true",
                "now(), now()",
                "CURRENT_TIMESTAMP(3), CURRENT_TIMESTAMP(3)",
                "nextval('s'::regclass), -",
                "public.own(), -",
                "('a'::text || 'b'::text), -",
                "'now'::text::date, -"
            })
    void postgres(String expression, String expected) {
        assertThat(PostgresDefaults.translate(expression).orElse("-")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "TEXT, 'it''s', 'it''s'",
                "TEXT, 'a\\b', -",
                "TEXT, uuid(), -",
                "INT32, -5, -5",
                "INT32, '5', 5",
                "BOOLEAN, b'0', false",
                "DATE, '0000-00-00', -",
                "DATE, '2024-01-00', -",
                "DATE, '2024-01-31', '2024-01-31'",
                "TIMESTAMP, current_timestamp(6), LOCALTIMESTAMP",
                "TIMESTAMPTZ, '2024-01-31 10:00:00', '2024-01-31 10:00:00+00'",
                "DURATION, '-01:00:00', '-01:00:00'",
                "INT32, nextval(`s`), -",
                "TEXT, NULL, -"
            })
    void mariaDb(Kind kind, String expression, String expected) {
        assertThat(MariaDbDefaults.translate(expression, ColumnType.of(kind)).orElse("-"))
                .isEqualTo(expected);
    }
}
