package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.engine.TableLoad;
import dev.handover.row.TableId;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the progress of a load is called. */
final class LoadsTest {
    private static final TableId TABLE = TableId.parse("pas.public.visit");

    @ParameterizedTest
    @CsvSource({
        // chunks, done, past, byRows, complete, held, stage, way
        "4, 0, 0, 0, false, false, WAITING, NONE",
        "4, 0, 0, 0, false, true, PAUSED, NONE",
        "4, 1, 1, 0, false, false, LOADING, PAST",
        "4, 1, 1, 1, false, false, LOADING, BOTH",
        "4, 0, 0, 1, false, false, LOADING, THROUGH",
        "4, 2, 2, 0, false, true, PAUSED, PAST",
        "4, 4, 4, 0, true, true, LOADED, PAST",
        "4, 4, 3, 1, true, false, LOADED, BOTH",
        "4, 4, 0, 4, true, false, LOADED, THROUGH",
        "4, 2, 2, 0, true, false, LOADED, BOTH", // the rest went through the log as a whole
        "4, 0, 0, 0, true, false, LOADED, THROUGH",
        "0, 0, 0, 0, true, false, LOADED, THROUGH",
    })
    void aLoadIsCalledByWhatIsRemembered(
            int chunks,
            int done,
            int past,
            int byRows,
            boolean complete,
            boolean held,
            Loads.Stage stage,
            Loads.Way way) {
        TableLoad load = new TableLoad(
                TABLE,
                chunks,
                IntStream.range(0, done).boxed().collect(Collectors.toSet()),
                past,
                byRows,
                17,
                complete);

        assertThat(Loads.OfTable.of(TABLE, Optional.of(load), held))
                .isEqualTo(new Loads.OfTable(TABLE, stage, way, done, chunks, 17));
    }

    @Test
    void aTableThatWasNotBegunWaits() {
        assertThat(Loads.OfTable.of(TABLE, Optional.empty(), false))
                .isEqualTo(new Loads.OfTable(TABLE, Loads.Stage.WAITING, Loads.Way.NONE, 0, 0, 0));
    }
}
