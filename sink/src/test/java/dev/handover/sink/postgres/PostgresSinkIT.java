package dev.handover.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.sink.Counts;
import dev.handover.sink.History;
import java.sql.Connection;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PostgresSinkIT {
    @Test
    void smoke() throws Exception {
        TargetDatabase target = TargetDatabase.of(
                System.getProperty("handover.target", "jdbc:postgresql://127.0.0.1:25499/postgres"), "postgres", "x");
        try (Connection c = target.open();
                Statement s = c.createStatement()) {
            s.execute("DROP SCHEMA IF EXISTS handover CASCADE; DROP SCHEMA IF EXISTS smoke CASCADE");
        }
        ControlTables.migrate(target);
        ControlTables.migrate(target);
        for (int copy : new int[] {1, 1000}) {
            try (Connection c = target.open();
                    Statement s = c.createStatement()) {
                s.execute(
                        "DROP SCHEMA IF EXISTS smoke CASCADE; truncate handover.applied, handover.bucket_state, handover.tombstone, handover.ledger, handover.target_table, handover.receipt");
            }
            History history = new History(History.patients("smoke"));
            try (PostgresSink sink = new PostgresSink(target, Retry.USUAL, copy, InstantSource.system())) {
                sink.claim(new TreeSet<>(history.partitions()));
                assertThat(sink.apply(history.upsert(10, 1, "Ann\t\\N\n")
                                        .upsert(11, 2, "Bob")
                                        .upsert(12, 1, "Anna")
                                        .mark(12, false)
                                        .batch())
                                .total())
                        .isEqualTo(new Counts(3, 0, 2, 0, 0, 1, 0));
                assertThat(sink.apply(history.upsert(13, 1, "Anna")
                                        .upsert(3, 2, "old")
                                        .delete(14, 3)
                                        .mark(14, true)
                                        .batch())
                                .total())
                        .isEqualTo(new Counts(3, 0, 0, 1, 1, 1, 0));
                assertThat(sink.apply(history.delete(15, 1)
                                        .upsert(13, 3, "late")
                                        .upsert(16, 3, "later")
                                        .mark(16, false)
                                        .batch())
                                .total())
                        .isEqualTo(new Counts(3, 0, 1, 0, 1, 1, 0));
                assertThat(sink.apply(history.upsert(17, 4, "123456789012345678901")
                                        .upsert(18, 5, "x")
                                        .mark(18, false)
                                        .batch())
                                .total())
                        .isEqualTo(new Counts(2, 0, 1, 0, 0, 0, 1));
            }
        }
    }
}
