package dev.handover.capture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.LoggedType;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggedTypesTest {
    /** As the statement wrote them, which need not be as the catalog would. */
    @ParameterizedTest
    @CsvSource({
        "INT, 11, -1, INT32, -1, 0",
        "INTEGER, -1, -1, INT32, -1, 0",
        "INT4, -1, -1, INT32, -1, 0",
        "INT8, -1, -1, INT64, -1, 0",
        "MIDDLEINT UNSIGNED, -1, -1, INT32, -1, 0",
        "INT UNSIGNED, 10, -1, INT64, -1, 0",
        "BIGINT UNSIGNED ZEROFILL, 20, -1, UINT64, -1, 0",
        "SERIAL, -1, -1, UINT64, -1, 0",
        "BOOLEAN, -1, -1, INT16, -1, 0",
        "DEC, 12, 2, DECIMAL, 12, 2",
        "NUMERIC, -1, -1, DECIMAL, 10, 0",
        "FLOAT, -1, -1, FLOAT32, -1, 0",
        "FLOAT, 30, -1, FLOAT64, -1, 0",
        "FLOAT, 7, 2, FLOAT32, -1, 0",
        "DOUBLE PRECISION, -1, -1, FLOAT64, -1, 0",
        "BIT, -1, -1, BOOLEAN, -1, 0",
        "BIT, 8, -1, BITS, 8, 0",
        "CHAR, -1, -1, TEXT, 1, 0",
        "CHARACTER VARYING, 20, -1, TEXT, 20, 0",
        "NATIONAL VARCHAR, 20, -1, TEXT, 20, 0",
        "LONGTEXT, -1, -1, TEXT, -1, 0",
        "JSON, -1, -1, TEXT, -1, 0",
        "ENUM, 1, -1, TEXT, -1, 0",
        "VARBINARY, 16, -1, BYTES, -1, 0",
        "DATETIME, 3, -1, TIMESTAMP, 3, 0",
        "DATETIME, -1, -1, TIMESTAMP, 0, 0",
        "TIME, -1, -1, DURATION, 0, 0",
    })
    void wordsOfMariaDbAreTheTypesOfItsCatalog(
            String words, int length, int scale, Kind kind, int ourLength, int ourScale) {
        ColumnType type =
                MariaDbTypes.logged(new LoggedType(words, length, scale)).orElseThrow();

        assertThat(type.kind()).isEqualTo(kind);
        assertThat(type.length()).isEqualTo(ourLength);
        assertThat(type.scale()).isEqualTo(ourScale);
    }

    @Test
    void whatCannotTravelIsNothing() {
        assertThat(MariaDbTypes.logged(new LoggedType("POINT", -1, -1))).isEmpty();
        assertThat(MariaDbTypes.logged(new LoggedType("", -1, -1))).isEmpty();
    }
}
