package dev.handover.capture.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CodeTableTest {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static CodeTable table() {
        CodeTable.Builder table = new CodeTable.Builder();
        table.add(hex("41"), "A");
        table.add(hex("5c"), "\\");
        table.add(hex("8ab1"), "\uff71");
        table.add(hex("955c"), "\u8868");
        table.add(hex("8fb0a1"), "\u4e02");
        return table.build();
    }

    @Test
    void codesOfOneToThreeBytesAreReadOneAfterAnother() {
        assertThat(table().decode(hex("41955c5c8fb0a18ab1"))).isEqualTo("A\u8868\\\u4e02\uff71");
        assertThat(table().decode(new byte[0])).isEmpty();
    }

    @Test
    void aCodeWithoutACharacterIsRefusedAndNotQuoted() {
        for (String bytes : new String[] {"42", "4195", "955d41", "8fb0"}) {
            assertThatThrownBy(() -> table().decode(hex(bytes)))
                    .as(bytes)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("bytes that are not text in the column's character set");
        }
    }

    @Test
    void unicodeIsReadWithoutAMarkOfTheOrderOfBytes() {
        assertThat(TextDecoder.exact("utf16").orElseThrow().decode(hex("feff0041")))
                .isEqualTo("\ufeffA");
        assertThat(TextDecoder.exact("utf32").orElseThrow().decode(hex("0000feff0001f600")))
                .isEqualTo("\ufeff\ud83d\ude00");
    }

    @Test
    void namesThatMerelyResembleThoseOfJavaAreNotTrusted() {
        for (String name : new String[] {"greek", "hebrew", "cp932", "koi8u", "euckr", "binary"}) {
            assertThat(TextDecoder.exact(name)).as(name).isEmpty();
        }
    }
}
