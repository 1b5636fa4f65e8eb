package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Finding;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.OnFailure;
import dev.handover.mapping.RowRule;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.TableMapping.RawPlace;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.cel.CelRule;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Translate;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of a small table whose mapping has every kind of trouble. */
public final class TrialTest {
    static final TableId PATIENT = TableId.parse("pas.public.patient");
    static final TableSchema SOURCE = new TableSchema(
            PATIENT,
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("sex", ColumnType.text(1), true),
                    new Column("dob", ColumnType.text(8), true),
                    new Column("ward", ColumnType.text(8), true),
                    new Column("photo", ColumnType.of(Kind.BYTES), true)),
            List.of("id"));

    /** The mapping of that table. */
    public static Mapper mapper() throws MappingMismatch {
        return Mapper.bind(
                new TableMapping(
                        PATIENT,
                        TableId.target("clinical", "patient"),
                        3,
                        List.of(
                                ColumnMapping.From.copy("patient_id", "id"),
                                new ColumnMapping.From(
                                        "sex",
                                        "sex",
                                        List.of(Translate.of(Map.of("M", Optional.of("male"), "9", Optional.empty()))),
                                        OnFailure.DEAD_LETTER,
                                        OnFailure.NULL_WITH_RAW),
                                new ColumnMapping.From(
                                        "birth_date",
                                        "dob",
                                        List.of(new ParseTime("yyyyMMdd")),
                                        OnFailure.DEAD_LETTER,
                                        OnFailure.DEAD_LETTER),
                                new ColumnMapping.Constant("system", "pas")),
                        Rest.RAW,
                        Set.of("photo"),
                        Optional.of(new RowRule("no-tests", new CelRule("row.ward != 'TEST'"))),
                        List.of(),
                        RawPlace.INLINE),
                SOURCE);
    }

    private static Row row(long id, String... texts) {
        Cell[] cells = new Cell[5];
        cells[0] = new Value.Int(id);
        for (int i = 0; i < 3; i++) {
            cells[i + 1] = texts[i].isEmpty() ? Cell.NULL : new Value.Text(texts[i]);
        }
        cells[4] = Cell.NULL;
        return new Row(SOURCE, List.of(cells));
    }

    /** What rows of every kind come to. */
    public static Trial.Result result() throws MappingMismatch {
        Trial trial = new Trial(mapper());
        trial.take(row(1, "M", "19800229", ""));
        trial.take(row(2, "9", "", "B3"));
        trial.take(row(3, "x", "19991231", ""));
        trial.take(row(4, "X", "20010101", ""));
        trial.take(row(5, "M", "19800230", ""));
        trial.take(row(6, "M", "31.12.99", ""));
        trial.take(row(7, "M", "20010101", "TEST"));
        return trial.result();
    }

    @Test
    void everyRowIsCountedOnceAndNoValueIsKept() throws MappingMismatch {
        Trial.Result result = result();

        assertThat(result.rows()).isEqualTo(7);
        assertThat(result.mapped()).isEqualTo(4);
        assertThat(result.deadRows()).isEqualTo(2);
        assertThat(result.filtered()).isEqualTo(Map.of("no-tests", 1L));
        assertThat(result.dead())
                .isEqualTo(Map.of(
                        new Rejection(Reason.UNPARSABLE, "birth_date"),
                        new Trial.Counted(2, List.of("99999999", "99.99.99"))));
        assertThat(result.findings())
                .isEqualTo(Map.of(
                        new Trial.Found("sex", Finding.Kind.UNMAPPED),
                        new Trial.Counted(2, List.of("a", "A")),
                        new Trial.Found("ward", Finding.Kind.UNREAD),
                        new Trial.Counted(1, List.of())));
        assertThat(result.targets())
                .containsExactly(
                        new Trial.TargetColumn("patient_id", 4, 0),
                        new Trial.TargetColumn("sex", 1, 3),
                        new Trial.TargetColumn("birth_date", 3, 1),
                        new Trial.TargetColumn("system", 4, 0));
        assertThat(result.reversible()).isTrue();
        assertThat(result.sources())
                .containsExactly(
                        new Trial.SourceColumn("id", 0, 4, 0),
                        new Trial.SourceColumn("sex", 3, 4, 0),
                        new Trial.SourceColumn("dob", 0, 4, 0),
                        new Trial.SourceColumn("ward", 1, 4, 0),
                        new Trial.SourceColumn("photo", 0, 0, 0));
    }
}
