package dev.handover.reconciler.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.reconciler.tap.LogMessage.Begin;
import dev.handover.reconciler.tap.LogMessage.Commit;
import dev.handover.reconciler.tap.LogMessage.Delete;
import dev.handover.reconciler.tap.LogMessage.Identity;
import dev.handover.reconciler.tap.LogMessage.Insert;
import dev.handover.reconciler.tap.LogMessage.LoggedColumn;
import dev.handover.reconciler.tap.LogMessage.Old;
import dev.handover.reconciler.tap.LogMessage.Other;
import dev.handover.reconciler.tap.LogMessage.Relation;
import dev.handover.reconciler.tap.LogMessage.Truncate;
import dev.handover.reconciler.tap.LogMessage.Update;
import dev.handover.row.Cell;
import dev.handover.row.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes as "Logical Replication Message Formats" of PostgreSQL's manual describes them. */
class PgOutputTest {
    private static final Cell SEVEN = new Value.Text("7");
    private static final Cell UMLAUT = new Value.Text("Jürgen");

    /** Hexadecimal digits, and texts in quotes. */
    private static ByteBuffer bytes(String described) {
        ByteBuffer out = ByteBuffer.allocate(512);
        for (String word : described.split(" ")) {
            out.put(
                    word.startsWith("'")
                            ? word.substring(1).getBytes(StandardCharsets.UTF_8)
                            : HexFormat.of().parseHex(word));
        }
        return out.flip();
    }

    private static LogMessage parse(String described) {
        return PgOutput.parse(bytes(described));
    }

    @Test
    void aTransactionBeginsWithItsNumber() {
        assertThat(parse("'B 00000000016b3748 0002a1b2c3d4e5f6 fffffff0")).isEqualTo(new Begin(4_294_967_280L));
    }

    @Test
    void aCommitTellsWhereItEndsAndWhen() {
        // a second and a microsecond after the beginning of 2000
        assertThat(parse("'C 00 00000000016b3748 00000000016b3778 00000000000f4241"))
                .isEqualTo(new Commit(0x16b3778L, Instant.parse("2000-01-01T00:00:01.000001Z")));
    }

    @Test
    void aRelationNamesItsColumns() {
        assertThat(parse("'R 00004001 'public 00 'patient 00 'd 0002"
                        + " 01 'id 00 00000014 ffffffff 00 'name 00 00000412 0000000c"))
                .isEqualTo(new Relation(
                        0x4001,
                        "public",
                        "patient",
                        Identity.KEY,
                        List.of(new LoggedColumn("id", true, 20, -1), new LoggedColumn("name", false, 1042, 12))));
    }

    @Test
    void anEmptySchemaIsTheCatalogs() {
        assertThat(parse("'R 00004001 00 'x 00 'f 0000"))
                .isEqualTo(new Relation(0x4001, "pg_catalog", "x", Identity.FULL, List.of()));
    }

    @Test
    void aRowHasTextsNullsAndValuesThatAreNotRepeated() {
        assertThat(parse("'I 00004001 'N 0004 't 00000001 '7 'n 'u 't 00000007 'Jürgen"))
                .isEqualTo(new Insert(0x4001, List.of(SEVEN, Cell.NULL, Cell.UNCHANGED, UMLAUT)));
    }

    @Test
    void anUpdateTellsTheOldRowTheOldKeyOrNeither() {
        String after = "'N 0002 't 00000001 '7 'u";
        List<Cell> row = List.of(SEVEN, Cell.UNCHANGED);

        assertThat(parse("'U 00004001 " + after)).isEqualTo(new Update(0x4001, Optional.empty(), row));
        assertThat(parse("'U 00004001 'K 0002 't 00000001 '7 'n " + after))
                .isEqualTo(new Update(0x4001, Optional.of(new Old(false, List.of(SEVEN, Cell.NULL))), row));
        assertThat(parse("'U 00004001 'O 0002 't 00000001 '7 't 00000007 'Jürgen " + after))
                .isEqualTo(new Update(0x4001, Optional.of(new Old(true, List.of(SEVEN, UMLAUT))), row));
    }

    @Test
    void aDeleteTellsTheOldRowOrTheOldKey() {
        assertThat(parse("'D 00004001 'K 0001 't 00000001 '7"))
                .isEqualTo(new Delete(0x4001, new Old(false, List.of(SEVEN))));
        assertThat(parse("'D 00004001 'O 0001 't 00000001 '7"))
                .isEqualTo(new Delete(0x4001, new Old(true, List.of(SEVEN))));
    }

    @Test
    void aTruncateNamesItsTables() {
        assertThat(parse("'T 00000002 01 00004001 00004002")).isEqualTo(new Truncate(List.of(0x4001, 0x4002)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'Y 00004001 'public 00 'mood 00",
                "'O 00000000016b3748 'here 00",
                "'M 00 00000000016b3748 'prefix 00 00000002 'hi"
            })
    void whatSaysNothingAboutRowsIsPassedOver(String described) {
        assertThat(parse(described)).isEqualTo(new Other());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // a kind that version 1 has not, cut short, too long, and counts beyond any row
                "'S 00000001",
                "'B 00000000016b3748",
                "'C 00 00000000016b3748 00000000016b3778 00000000000f4241 00",
                "'I 00004001 'N 0001 't 7fffffff '7",
                "'I 00004001 'N 0001 't ffffffff '7",
                "'I 00004001 'N ffff",
                "'I 00004001 'N 0641",
                "'I 00004001 'N 0001 'b 00000001 '7",
                "'I 00004001 'K 0001 't 00000001 '7",
                "'U 00004001 'X 0001 't 00000001 '7",
                "'D 00004001 'N 0001 't 00000001 '7",
                "'R 00004001 'public",
                "'T 7fffffff 00 00004001"
            })
    void whatIsNoMessageIsRefused(String described) {
        assertThatThrownBy(() -> parse(described))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("7fffffff");
    }
}
