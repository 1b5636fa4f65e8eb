package dev.handover.reconciler.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MagnitudeTest {
    /** Each is before the next, as PostgreSQL orders them. */
    @ParameterizedTest
    @CsvSource({
        "DATE, '-infinity, 0044-03-15 BC, 0043-01-01 BC, 0001-01-01, 1999-12-31, 2000-01-01, 10000-01-01, infinity'",
        "TIMESTAMP, '-infinity, 1999-12-31 23:59:59, 1999-12-31 23:59:59.25, 1999-12-31 23:59:59.3, infinity'",
        "TIMESTAMPTZ, '1999-12-31 10:00:00+00, 1999-12-31 10:00:00.2+00, 1999-12-31 10:00:00.25+00, 2000-01-01 00:00:00+00'",
        "TIME, '00:00:00, 00:00:00.5, 10:00:00, 24:00:00'",
        "INT64, '-9223372036854775808, -1, 0, 9, 10, 9223372036854775807'",
        "DECIMAL, '-10.5, -2, 0.09, 0.1, 9.99, 10'",
        "FLOAT64, '-1e300, -0.5, 1e-300, 2, 10, 1e300'",
    })
    void ordersAsTheDatabaseDoes(Kind kind, String texts) {
        ColumnType type = ColumnType.of(kind);
        List<Magnitude> magnitudes = Arrays.stream(texts.split(", "))
                .map(text -> Magnitude.parse(type, text))
                .toList();
        for (int i = 0; i < magnitudes.size(); i++) {
            for (int j = 0; j < magnitudes.size(); j++) {
                assertThat(Integer.signum(magnitudes.get(i).compareTo(magnitudes.get(j))))
                        .as("%d and %d of %s", i, j, texts)
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void aDayIsNotShownAndANumberIs() {
        assertThat(Magnitude.parse(ColumnType.of(Kind.DATE), "1950-03-17").shown())
                .isEqualTo("1950-**-**");
        assertThat(Magnitude.parse(ColumnType.of(Kind.TIMESTAMP), "0044-03-17 10:11:12 BC")
                        .shown())
                .isEqualTo("44-**-** BC");
        assertThat(Magnitude.parse(ColumnType.of(Kind.DATE), "infinity").shown())
                .isEqualTo("infinity");
        assertThat(Magnitude.parse(ColumnType.of(Kind.DECIMAL), "2.50").shown()).isEqualTo("2.5");
    }

    @Test
    void whatHasNoPlaceIsSaidSo() {
        assertThat(Magnitude.of(ColumnType.of(Kind.FLOAT64), new Value.Real(Double.NaN)))
                .isEqualTo(Optional.empty());
        assertThat(Magnitude.of(ColumnType.of(Kind.DECIMAL), new Value.Decimal("-Infinity")))
                .isEqualTo(Optional.empty());
        assertThat(Magnitude.of(ColumnType.of(Kind.DATE), new Value.Text("yesterday")))
                .isEqualTo(Optional.empty());
    }
}
