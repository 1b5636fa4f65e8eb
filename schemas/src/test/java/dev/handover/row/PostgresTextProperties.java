package dev.handover.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresTextProperties {
    /** Kinds whose canonical text PostgreSQL prints in another way than it reads it here. */
    private static final Set<Kind> PRINTED_OTHERWISE = EnumSet.of(Kind.CHAR, Kind.INTERVAL, Kind.DURATION);

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aValueReadFromItsOwnTextIsTheSameValue(Kind kind) {
        ColumnType type = kind == Kind.NATIVE ? ColumnType.postgres("int4range") : ColumnType.of(kind);
        if (PRINTED_OTHERWISE.contains(kind)) {
            return;
        }
        for (long seed = 0; seed < 200; seed++) {
            Value value = new Samples(seed).value(type);
            assertThat(PostgresText.parse(type, PostgresText.format(value)))
                    .as("seed %d", seed)
                    .isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1", "3.4028235e38", "1e-45", "-0", "NaN", "Infinity", "16777217"})
    void aFloatOf32BitsSurvivesTheWidening(String text) {
        Value value = PostgresText.parse(ColumnType.of(Kind.FLOAT32), text);
        assertThat(PostgresText.parse(ColumnType.of(Kind.FLOAT32), PostgresText.format(value)))
                .isEqualTo(value);
    }

    @Test
    void aDoubleThatLooksLikeAFloatKeepsItsOwnDigits() {
        Value widened = new Value.Real(0.1f);
        assertThat(PostgresText.parse(ColumnType.of(Kind.FLOAT64), PostgresText.format(widened)))
                .isEqualTo(widened);
    }

    @Test
    void aDecimalKeepsItsScaleAndLosesOnlyItsSpelling() {
        ColumnType numeric = ColumnType.of(Kind.DECIMAL);
        assertThat(PostgresText.parse(numeric, "2.0")).isNotEqualTo(PostgresText.parse(numeric, "2"));
        assertThat(PostgresText.parse(numeric, "-0.00")).isEqualTo(new Value.Decimal("0.00"));
        assertThat(PostgresText.parse(numeric, "1E+3")).isEqualTo(new Value.Decimal("1000"));
    }

    @Test
    void theBlanksThatPadCharAreNotPartOfItsValue() {
        assertThat(PostgresText.parse(ColumnType.of(Kind.CHAR), "ab   ")).isEqualTo(new Value.Text("ab"));
        assertThat(PostgresText.parse(ColumnType.text(5), "ab   ")).isEqualTo(new Value.Text("ab   "));
    }

    @Test
    void bytesThatAreNotHexadecimalAreRefusedWithoutQuotingThem() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> PostgresText.parse(ColumnType.of(Kind.BYTES), "\\xZQ"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("Z");
    }
}
