package dev.handover.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteStreamWriter;

/** What the sink writes row by row and what a load writes past the log is the same text. */
class CopyTextTest {
    private static final int PIECE_BYTES = 1 << 16;

    /**
     * Lone surrogates have no UTF-8 form: both ways write a question mark, and the mapping lets none of them through.
     */
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "tab\there",
            "line\nbreak",
            "carriage\rreturn",
            "\r\n",
            "back\\slash",
            "\\.",
            "\\N",
            "\\\\",
            "\t",
            "\n",
            "\b\f\u000B\u007F",
            "Müller",
            "é\t",
            "\té",
            "ß\\",
            "\\ß\n\t\r",
            "\uFFFD",
            "漢字",
            "\uD83D\uDE00",
            "x\uD83D\uDE00\ty",
            "\uD83D",
            "\uDE00",
            "\uDE00\uD83D",
            "a\uD83Db",
            "é\uD83D\\");

    /** Keeps what it is given; nothing else is asked of it. */
    private static final class Taken implements CopyIn {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Integer> pieces = new ArrayList<>();

        @Override
        public void writeToCopy(byte[] buf, int off, int siz) {
            bytes.write(buf, off, siz);
            pieces.add(siz);
        }

        @Override
        public void writeToCopy(ByteStreamWriter from) {
            throw new AssertionError("written from a stream");
        }

        @Override
        public void flushCopy() {
            throw new AssertionError("flushed");
        }

        @Override
        public long endCopy() {
            throw new AssertionError("ended");
        }

        @Override
        public int getFieldCount() {
            return 0;
        }

        @Override
        public int getFormat() {
            return 0;
        }

        @Override
        public int getFieldFormat(int field) {
            return 0;
        }

        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public void cancelCopy() {
            throw new AssertionError("cancelled");
        }

        @Override
        public long getHandledRowCount() {
            return 0;
        }
    }

    private static void write(CopyText text, CopyIn copy, List<Optional<String>> columns) throws SQLException {
        for (Optional<String> column : columns) {
            if (column.isEmpty()) {
                text.nothing();
            } else {
                text.text(column.get());
            }
        }
        text.end(copy);
    }

    private static List<Optional<String>> line(String... columns) {
        return Stream.of(columns).map(Optional::of).toList();
    }

    @SuppressWarnings("NullAway") // it does not see in a class file that the texts of an array may be null
    private static void assertSame(List<List<Optional<String>>> lines) throws SQLException {
        Taken taken = new Taken();
        CopyText text = new CopyText();
        StringBuilder expected = new StringBuilder();
        for (List<Optional<String>> line : lines) {
            write(text, taken, line);
            @Nullable String[] texts = new @Nullable String[line.size()];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = line.get(i).orElse(null);
            }
            RowText.copyLine(expected, texts);
        }
        text.flush(taken);
        assertThat(taken.bytes.toByteArray()).isEqualTo(expected.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyTextIsWrittenAsTheSinkWritesItRowByRow() throws SQLException {
        for (String one : TEXTS) {
            assertSame(List.of(line(one)));
            for (String other : TEXTS) {
                assertSame(List.of(
                        List.of(Optional.of(one), Optional.empty(), Optional.of(other + one)), line(other, one)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyLinesAreWrittenAsTheSinkWritesThemRowByRow(long seed) throws SQLException {
        Random random = new Random(seed);
        List<List<Optional<String>>> lines = new ArrayList<>();
        for (int line = 0; line < 3_000; line++) {
            List<Optional<String>> columns = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                columns.add(random.nextInt(6) == 0 ? Optional.empty() : Optional.of(text(random)));
            }
            lines.add(columns);
        }
        assertSame(lines);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int parts = random.nextInt(4); parts >= 0; parts--) {
            text.append(TEXTS.get(random.nextInt(TEXTS.size())));
        }
        if (random.nextInt(2_000) == 0) {
            text.append(TEXTS.get(random.nextInt(TEXTS.size())).repeat(50_000));
        }
        return text.toString();
    }

    @Test
    void aTextMayBeLongerThanAPieceWhateverItConsistsOf() throws SQLException {
        for (String of : List.of("a", "\\", "é", "\n", "\uD83D\uDE00", "漢\t")) {
            for (int count : List.of(PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 5 * PIECE_BYTES)) {
                String text = of.repeat(count);
                assertSame(List.of(line("before", text, "after"), line(text)));
            }
        }
    }

    @Test
    void linesAreHandedOnInLargePiecesThatEndWithALine() throws SQLException {
        Taken taken = new Taken();
        CopyText text = new CopyText();
        for (int line = 0; line < 10_000; line++) {
            write(text, taken, line("0123456789", "é".repeat(20)));
            byte[] written = taken.bytes.toByteArray();
            assertThat(written.length == 0 || written[written.length - 1] == '\n')
                    .isTrue();
        }
        assertThat(taken.pieces).hasSizeBetween(5, 10).allSatisfy(piece -> assertThat(piece)
                .isBetween(PIECE_BYTES, PIECE_BYTES + 100));
    }

    @Test
    void numbersAndAsciiAreWrittenAsTheyAre() throws SQLException {
        Taken taken = new Taken();
        CopyText text = new CopyText();
        text.number(0)
                .number(Long.MIN_VALUE)
                .number(Long.MAX_VALUE)
                .plain("\\\\x00ff".getBytes(StandardCharsets.US_ASCII))
                .plain("9".repeat(200_000).getBytes(StandardCharsets.US_ASCII))
                .nothing();
        text.end(taken);
        text.flush(taken);
        assertThat(taken.bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "0\t-9223372036854775808\t9223372036854775807\t\\\\x00ff\t" + "9".repeat(200_000) + "\t\\N\n");
    }

    /** The rows of a chunk that the target refused are not those of the next. */
    @Test
    void whatIsForgottenIsNotWritten() throws SQLException {
        Taken taken = new Taken();
        CopyText text = new CopyText();
        text.text("of a chunk").nothing().end(taken);
        text.text("and half a line");
        text.clear();
        text.text("next").end(taken);
        text.flush(taken);
        text.flush(taken);
        assertThat(taken.bytes.toString(StandardCharsets.UTF_8)).isEqualTo("next\n");
        assertThat(taken.pieces).hasSize(1);
    }
}
