package dev.handover.capture.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CopyLineTest {
    @Test
    void nullIsNotItsText() {
        assertThat(split(4, "\\N\t\\\\N\t\tN\n")).containsExactly(null, "\\N", "", "N");
    }

    @Test
    void everyEscapeIsUndone() {
        assertThat(split(1, "a\\tb\\nc\\rd\\be\\ff\\vg\\\\h")).containsExactly("a\tb\nc\rd\be\ff\u000bg\\h");
    }

    @Test
    void longerTextsThanBeforeFit() {
        String wide = "ä".repeat(5_000);
        assertThat(split(2, "x\t" + wide)).containsExactly("x", wide);
    }

    @Test
    void aReplacementCharacterOfTheSourceStays() {
        assertThat(split(1, "\uFFFD")).containsExactly("\uFFFD");
    }

    @Test
    void bytesThatAreNoTextAreRefusedWithoutShowingThem() {
        assertThatThrownBy(() -> new CopyLine(1).split(new byte[] {'M', (byte) 0xfc}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("text that is not UTF-8");
    }

    @Test
    void aLineOfAnotherTableIsRefused() {
        assertThatThrownBy(() -> split(1, "a\tb")).hasMessage("a line with too many columns");
        assertThatThrownBy(() -> split(3, "a\tb")).hasMessage("a line with too few columns");
    }

    private static String[] split(int columns, String line) {
        return new CopyLine(columns)
                .split(line.getBytes(StandardCharsets.UTF_8))
                .clone();
    }
}
