package dev.handover.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.mapping.operation.Case;
import dev.handover.mapping.operation.CharacterSet;
import dev.handover.mapping.operation.Split;
import dev.handover.mapping.operation.Truncate;
import dev.handover.mapping.operation.UnicodeForm;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Value;
import java.text.Normalizer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on text: a line tells the value, then "raw" where the raw text is kept, then what was found. */
class TextOperationsTest {
    private static final ColumnType TEXT = ColumnType.of(Kind.TEXT);
    private static final ColumnType BYTES = ColumnType.of(Kind.BYTES);

    @ParameterizedTest
    @CsvSource({"ABC, ABC", "abc, ABC raw", "Straße, STRASSE raw", "i, I raw", "1-2, 1-2"})
    void upperCaseFollowsNoLanguage(String text, String line) {
        assertThat(OneColumn.of(TEXT, new Case(Case.Form.UPPER)).map(text).line())
                .isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({"abc, abc", "ABC, abc raw", "I, i raw"})
    void lowerCaseFollowsNoLanguage(String text, String line) {
        assertThat(OneColumn.of(TEXT, new Case(Case.Form.LOWER)).map(text).line())
                .isEqualTo(line);
    }

    @Test
    void whatMayGrowIsGivenRoom() {
        assertThat(OneColumn.of(ColumnType.text(6), new Case(Case.Form.UPPER)).target())
                .isEqualTo(TEXT);
        assertThat(OneColumn.of(ColumnType.text(6), new UnicodeForm(Normalizer.Form.NFD))
                        .target())
                .isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource({
        "NFC, e\u0301, \u00e9 raw",
        "NFC, \u00e9, \u00e9",
        "NFD, \u00e9, e\u0301 raw",
        "NFC, \u00b5g, \u00b5g",
        "NFKC, \u00b5g, \u03bcg raw",
        "NFKD, \ufb01, fi raw"
    })
    void textGetsOneOfUnicodesForms(Normalizer.Form form, String text, String line) {
        assertThat(OneColumn.of(TEXT, new UnicodeForm(form)).map(text).line()).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 'Smith, John', Smith raw",
        "2, 'Smith, John', John raw",
        "-1, 'Smith, John, Jr', Jr raw",
        "-3, 'Smith, John, Jr', Smith raw",
        "1, Smith, Smith",
        "2, Smith, null raw",
        "-2, Smith, null raw",
        "2, 'Smith, ', ' raw'",
    })
    void aTextIsSplit(int part, String text, String line) {
        assertThat(OneColumn.of(TEXT, new Split(", ", part, false)).map(text).line())
                .isEqualTo(line);
    }

    @Test
    void aPartThatIsRequiredIsNotInvented() {
        assertThat(OneColumn.of(TEXT, new Split("^", 2, true)).map("Smith").rejected())
                .isEqualTo("unparsable");
    }

    @ParameterizedTest
    @CsvSource({
        "abc, abc",
        "abcd, abcd",
        "abcde, abcd raw truncated",
        "😀😀😀😀, 😀😀😀😀",
        "😀😀😀😀😀, 😀😀😀😀 raw truncated"
    })
    void aTextIsCutBetweenCodePointsAndCounted(String text, String line) {
        assertThat(OneColumn.of(TEXT, new Truncate(4)).map(text).line()).isEqualTo(line);
    }

    @Test
    void aShorterColumnKeepsItsLength() {
        assertThat(OneColumn.of(ColumnType.text(3), new Truncate(4)).target()).isEqualTo(ColumnType.text(3));
        assertThat(OneColumn.of(ColumnType.text(9), new Truncate(4)).target()).isEqualTo(ColumnType.text(4));
    }

    @ParameterizedTest
    @CsvSource({
        "4dc3bc6c6c6572, Müller",
        "4dfc6c6c6572, Müller raw fallback",
        "'', ''",
        "ff81, ÿ\u0081 raw fallback",
        "eda080, í\u00a0€ raw fallback"
    })
    void bytesAreReadInOneSetOrElseInAnother(String hex, String line) {
        assertThat(OneColumn.of(BYTES, CharacterSet.of("UTF-8", "windows-1252"))
                        .map(bytes(hex))
                        .line())
                .isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fc", "c080", "eda080", "f8888080"})
    void bytesThatSpellNothingAreRefused(String hex) {
        assertThat(OneColumn.of(BYTES, CharacterSet.of("UTF-8")).map(bytes(hex)).rejected())
                .isEqualTo("unparsable");
    }

    @Test
    void everyByteHasACharacterInMariaDbsLatin1AndIsGivenBack() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        OneColumn column = OneColumn.of(BYTES, CharacterSet.of("windows-1252"));
        assertThat(column.keeping()).isEqualTo(Coverage.Keeping.REVERSIBLE);
        // a text with a NUL is for the target to refuse; here the others are asked
        byte[] others = java.util.Arrays.copyOfRange(all, 1, 256);
        assertThat(column.map(new Value.Bytes(others)).line())
                .contains("€\u0081‚")
                .contains("\u008dŽ\u008f\u0090‘");
    }

    @ParameterizedTest
    @CsvSource({
        "MÃ¼llerian, Müllerian",
        "Mullerian, Mullerian",
        "Müllerian, Müllerian raw fallback",
        "Ã, Ã raw fallback",
        "漢, 漢 raw fallback",
        "â‚¬, €",
    })
    void textThatWasReadInTheWrongSetIsRepaired(String text, String line) {
        assertThat(OneColumn.of(TEXT, CharacterSet.repaired("windows-1252", "UTF-8"))
                        .map(text)
                        .line())
                .isEqualTo(line);
    }

    @Test
    void aCharacterSetIsNamedWithoutDoubt() {
        assertThatThrownBy(() -> CharacterSet.of("latin1")).hasMessageContaining("means two");
        assertThatThrownBy(() -> CharacterSet.of("klingon")).hasMessageContaining("unknown character set");
        assertThatThrownBy(() -> CharacterSet.repaired("UTF-8", "UTF-8")).hasMessageContaining("one byte");
        assertThat(OneColumn.problem(TEXT, CharacterSet.of("UTF-8")))
                .isEqualTo("charset: charset without stored takes bytes and cannot take text");
        assertThat(OneColumn.problem(BYTES, CharacterSet.repaired("windows-1252", "UTF-8")))
                .isEqualTo("charset: charset cannot take bytes");
    }

    private static Value.Bytes bytes(String hex) {
        return new Value.Bytes(HexFormat.of().parseHex(hex));
    }
}
