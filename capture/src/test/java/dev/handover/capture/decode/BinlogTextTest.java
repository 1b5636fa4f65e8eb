package dev.handover.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.text.TextDecoder;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class BinlogTextTest {
    private static BinlogText type(String type, int length, String... labels) {
        return new BinlogText(type, length, TextDecoder.exact("utf8mb4"), List.of(labels));
    }

    @Test
    void unsignedNumbersKeepTheirUpperHalf() {
        assertThat(type("BIGINT UNSIGNED", 20).of(-1L)).isEqualTo("18446744073709551615");
        assertThat(type("INTEGER UNSIGNED", 10).of(-1)).isEqualTo("4294967295");
        assertThat(type("MEDIUMINT UNSIGNED ZEROFILL", 8).of(-1)).isEqualTo("16777215");
        assertThat(type("SMALLINT UNSIGNED", 5).of(-1)).isEqualTo("65535");
        assertThat(type("TINYINT UNSIGNED", 3).of(-1)).isEqualTo("255");
        assertThat(type("TINYINT", 3).of(-1)).isEqualTo("-1");
    }

    @Test
    void anEnumIsItsLabelAndARefusedOneIsEmpty() {
        BinlogText text = type("ENUM", 1, "0", "1");
        assertThat(text.of(1)).isEqualTo("0");
        assertThat(text.of(0)).isEqualTo("");
        assertThatThrownBy(() -> text.of(3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void labelsAreReadAsSqlWritesThem() {
        assertThat(BinlogText.labels(List.of("'b,c'", "'it''s'", "'a\\\\b'", "''", "\"q\"")))
                .containsExactly("b,c", "it's", "a\\b", "", "q");
    }

    @Test
    void aSetIsItsLabelsInTheirOrder() {
        assertThat(type("SET", 1, "x", "y", "z").of(0b101L)).isEqualTo("x,z");
    }

    @Test
    void bitsAreWrittenMostSignificantFirst() {
        assertThat(type("BIT", 10).of(BitSet.valueOf(new long[] {1}))).isEqualTo("0000000001");
    }

    @Test
    void binaryGetsItsZerosBack() {
        assertThat(type("BINARY", 4).of(new byte[] {1})).isEqualTo("\\x01000000");
        assertThat(type("VARBINARY", 4).of(new byte[] {1})).isEqualTo("\\x01");
    }

    @Test
    void latin1HasNoHoles() {
        BinlogText text = new BinlogText("VARCHAR", 9, TextDecoder.exact("latin1"), List.of());
        assertThat(text.of(new byte[] {(byte) 0x80, (byte) 0x81, (byte) 0xe9})).isEqualTo("\u20ac\u0081\u00e9");
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        assertThatThrownBy(() -> type("VARCHAR", 9).of(new byte[] {(byte) 0xff}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
