package dev.handover.deploy.sink;

import dev.handover.sink.batch.Filtered;
import dev.handover.sink.batch.Findings;
import dev.handover.sink.batch.History;
import dev.handover.sink.batch.Sink;
import dev.handover.sink.batch.SinkContract;
import dev.handover.sink.postgres.FindingLedger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class PostgresSinkIT {
    private static Clinic clinic;

    @BeforeAll
    static void start(@TempDir Path directory) {
        clinic = new Clinic(directory);
    }

    @AfterAll
    static void stop() {
        clinic.close();
    }

    @Nested
    class ByCopy extends OnPostgres {
        ByCopy() {
            super(1);
        }
    }

    @Nested
    class ByArrays extends OnPostgres {
        ByArrays() {
            super(Integer.MAX_VALUE);
        }
    }

    abstract static class OnPostgres implements SinkContract {
        private final int copyRowsMin;

        OnPostgres(int copyRowsMin) {
            this.copyRowsMin = copyRowsMin;
        }

        @Override
        public Sink open() {
            return clinic.sink(copyRowsMin);
        }

        @Override
        public History history() {
            return new History(History.patients(clinic.schema()));
        }

        @Override
        public Map<Long, String> names(History history) throws Exception {
            return clinic.names(history);
        }

        @Override
        public long tombstones(History history) throws Exception {
            return Long.parseLong(clinic.one("SELECT count(*) FROM handover.tombstone WHERE table_name = '"
                    + history.schema().table().shortText() + "'"));
        }

        @Override
        public Map<Findings.Of, Findings.Sum> found(History history) {
            Map<Findings.Of, Findings.Sum> found = new HashMap<>();
            for (FindingLedger.Entry entry : FindingLedger.read(clinic.target()).entries()) {
                if (entry.total().of().table().equals(history.schema().table())) {
                    found.put(
                            entry.total().of(),
                            new Findings.Sum(
                                    entry.total().count(),
                                    entry.examples(),
                                    seen(entry.firstPosition(), entry.firstAt()),
                                    seen(entry.lastPosition(), entry.lastAt())));
                }
            }
            return found;
        }

        /** Of the histories' small positions, by their text. */
        private static Findings.Seen seen(String position, Instant at) {
            return LongStream.range(0, 200)
                    .mapToObj(History::at)
                    .filter(each -> each.text().equals(position))
                    .map(each -> new Findings.Seen(each, at))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public Map<Filtered, Long> filtered(History history) {
            Map<Filtered, Long> filtered =
                    new HashMap<>(FindingLedger.read(clinic.target()).filtered());
            filtered.keySet()
                    .removeIf(rule -> !rule.table().equals(history.schema().table()));
            return filtered;
        }
    }
}
